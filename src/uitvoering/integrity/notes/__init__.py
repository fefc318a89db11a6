"""What is signed and who may sign it: notes, checkpoints, promises, keys, policies, time stamps."""
