"""Real, public histories as data: replayed through the same commands as anyone's."""
