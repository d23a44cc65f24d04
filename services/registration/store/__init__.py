"""Tables of registration and how they are read and written."""
