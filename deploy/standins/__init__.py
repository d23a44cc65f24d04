"""Local servers that speak the real interfaces of the outside world and check what they get."""
