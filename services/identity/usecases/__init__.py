"""What a user or a client makes identity do; one verb a module."""
