"""What a user or an event makes the service do; one verb a module."""
