"""Databases: engines, transactions, sealed columns, keyed hashes, migrations."""
