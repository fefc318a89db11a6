"""Proof that the log only grew: needs no database, no network and nothing else of the product."""
