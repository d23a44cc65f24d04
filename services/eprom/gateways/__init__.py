"""Contact register, message channels and registration as eprom sees them."""
