"""Two statements in, what changed out."""
