"""One log as its operator keeps it: founded once, opened with distrust, carried on in order."""
