"""Every word a person reads, in Dutch and in English, from one table."""
