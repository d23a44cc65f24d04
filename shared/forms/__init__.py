"""Forms as data: definitions are read, checked and compiled once, then answer questions about answers."""
