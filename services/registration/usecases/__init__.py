"""What a user or an event makes registration do; one verb a module."""
