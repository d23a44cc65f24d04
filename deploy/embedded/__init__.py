"""All five services and the stand-ins on one machine, without any server program."""
