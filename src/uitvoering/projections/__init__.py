"""One module, one question, answered from the facts."""
