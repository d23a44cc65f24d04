"""Rules of users, passwords, codes, waits, roles and tokens in plain Python."""
