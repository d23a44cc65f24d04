"""The kit that all services share."""
