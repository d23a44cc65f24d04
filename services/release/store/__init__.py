"""Tables and how they are read and written."""
