"""What a worker counts of its events."""

from prometheus_client import Counter

TOLD = Counter("events_told", "Events the bus has taken.", ("service",))
TAKEN = Counter("events_taken", "Events taken from the bus, by what came of them.", ("service", "result"))
