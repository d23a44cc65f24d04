"""What a web process counts of its requests: by service, route pattern, method and status, never by path."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Counter("http_requests", "Requests answered.", ("service", "rule", "method", "status"))
SECONDS = Histogram("http_request_seconds", "Time to answer.", ("service", "rule", "method"), buckets=BUCKETS)


def count_request(*, service: str, rule: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    REQUESTS.labels(service, rule, method, str(status)).inc()
    SECONDS.labels(service, rule, method).observe(seconds)
