"""The Merkle tree of a log, its leaves, and the tiles in which it is served."""
