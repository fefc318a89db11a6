"""Load, decide, save; and again when someone else was first."""
