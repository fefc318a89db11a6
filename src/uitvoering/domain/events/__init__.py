"""The facts, one module per aggregate: the one thing here that may never break."""
