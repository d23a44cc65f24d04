"""Doors for programs: the OpenID provider's machine endpoints, and feeds for the other services."""
