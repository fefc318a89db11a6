"""Pictures drawn by hand from our own data: no library, no script, readable in print and aloud."""
