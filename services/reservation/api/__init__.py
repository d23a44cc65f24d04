"""Doors for the other services."""
