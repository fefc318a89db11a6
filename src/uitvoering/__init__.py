"""Shows where along the management chain a hardship signal or a test finding lost force."""

__version__ = "0.1.0"
