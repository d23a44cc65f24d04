"""How pages look: templates, macros, styles, fonts and letters for all services."""
