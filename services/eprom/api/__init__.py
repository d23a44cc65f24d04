"""Doors for registration."""
