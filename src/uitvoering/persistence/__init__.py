"""Facts to bytes and back, on SQLite and on PostgreSQL."""
