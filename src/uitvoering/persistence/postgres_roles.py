"""What may the role that serves do? File and read; the events themselves it cannot touch."""

from uitvoering.persistence.transactions import Statements

_RIGHTS = {
    "event": "SELECT, INSERT",
    "event_order": "SELECT",
    "schema_version": "SELECT",
    "token": "SELECT, INSERT, UPDATE",
    "idempotency": "SELECT, INSERT, UPDATE, DELETE",
    "view_generation": "SELECT, INSERT, UPDATE, DELETE",
    "view_document": "SELECT, INSERT, UPDATE, DELETE",
}
_SEQUENCES = ("event_position_seq", "view_generation_generation_seq")


def grant(statements: Statements, role: str) -> None:
    """Exactly these rights on our own tables, whatever the role had there before."""
    row = statements.one("SELECT quote_ident(?::text), quote_ident(current_schema())", (role,))
    name, made_in = row or ("", "")
    statements.execute(f"GRANT USAGE ON SCHEMA {made_in} TO {name}")
    for table, rights in _RIGHTS.items():
        statements.execute(f"REVOKE ALL ON TABLE {table} FROM {name}")
        statements.execute(f"GRANT {rights} ON TABLE {table} TO {name}")
    for sequence in _SEQUENCES:
        statements.execute(f"REVOKE ALL ON SEQUENCE {sequence} FROM {name}")
        statements.execute(f"GRANT USAGE, SELECT ON SEQUENCE {sequence} TO {name}")
