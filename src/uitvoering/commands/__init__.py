"""What callers may ask; the same models are the HTTP bodies and the import lines."""
