"""Release of data: applications, votes, decisions, contracts, deliveries."""
