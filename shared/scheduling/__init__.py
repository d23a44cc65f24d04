"""Time and what is done at a time: the one clock, durable jobs, daily runs."""
