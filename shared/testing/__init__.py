"""What tests of all rooms lean on: strict clients, providers, databases and fault points."""
