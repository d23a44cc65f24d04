"""Charts as SVG, each with its text beside it."""
