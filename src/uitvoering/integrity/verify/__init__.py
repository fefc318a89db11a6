"""What an auditor does alone: the evidence pack, its judge, and the receipt of one filing."""
