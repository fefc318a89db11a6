"""Signing keys as files of their owner, from the day they are made to the day they are ended."""
