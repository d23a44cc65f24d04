"""Rules of registration in plain Python."""
