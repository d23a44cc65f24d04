"""Rules of orders, deadlines and links in plain Python."""
