"""Registration: persons, courses and forms."""
