"""How the suite is run: embedded, production, stand-ins, operator tool."""
