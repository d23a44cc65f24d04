"""What the services tell each other: one module a producer, one frozen class an event."""
