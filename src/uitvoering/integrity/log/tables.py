"""The tables of `ledger.db`; its triggers refuse whatever would take anything back."""

TABLES = (
    # The same size may be signed again, at another time: then the root is the same.
    """CREATE TABLE checkpoint (
        number integer PRIMARY KEY AUTOINCREMENT NOT NULL,
        size integer NOT NULL CHECK (size >= 0),
        root blob NOT NULL CHECK (length(root) = 32),
        note blob NOT NULL,
        signed_at integer NOT NULL
    )""",
    """CREATE TRIGGER checkpoint_extends_the_last BEFORE INSERT ON checkpoint
        WHEN EXISTS (
            SELECT 1 FROM checkpoint WHERE number = (SELECT max(number) FROM checkpoint)
            AND (size > NEW.size OR (size = NEW.size AND root <> NEW.root)))
        BEGIN SELECT RAISE(ABORT, 'a checkpoint extends the last one'); END""",
    # What a witness answered: its signature lines, or why it gave none; `fork` is true when it says
    # that this log does not extend what it saw, and `evidence` is what it sent along.
    """CREATE TABLE answer (
        number integer PRIMARY KEY AUTOINCREMENT NOT NULL,
        checkpoint integer NOT NULL REFERENCES checkpoint (number),
        witness text NOT NULL,
        lines text NOT NULL,
        refused text NOT NULL,
        fork integer NOT NULL,
        evidence text NOT NULL,
        received_at integer NOT NULL
    )""",
    "CREATE INDEX answer_of_checkpoint ON answer (checkpoint)",
    "CREATE INDEX answer_of_witness ON answer (witness, number)",
    """CREATE TABLE stamp (
        number integer PRIMARY KEY AUTOINCREMENT NOT NULL,
        checkpoint integer NOT NULL REFERENCES checkpoint (number),
        authority text NOT NULL,
        response blob NOT NULL,
        received_at integer NOT NULL
    )""",
    *(
        f"CREATE TRIGGER {table}_is_not_{done} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'a row of the log is never {done}'); END"
        for table in ("checkpoint", "answer", "stamp")
        for verb, done in (("UPDATE", "changed"), ("DELETE", "removed"))
    ),
    # INSERT OR REPLACE removes a row without asking the triggers above; before a row has a number,
    # SQLite shows -1.
    *(
        f"CREATE TRIGGER {table}_is_numbered_here BEFORE INSERT ON {table} WHEN NEW.number > 0"
        " BEGIN SELECT RAISE(ABORT, 'the log gives out numbers'); END"
        for table in ("checkpoint", "answer", "stamp")
    ),
)
