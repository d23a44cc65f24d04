"""SMS, mail, hashing, key files and registry data behind the ports of the use cases."""
