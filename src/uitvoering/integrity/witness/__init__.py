"""Who sees that a log only grew: the witness, and how a log asks one."""
