"""Tables of eprom and how they are read and written."""
