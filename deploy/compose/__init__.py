"""The production profile in containers."""
