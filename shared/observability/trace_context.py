"""The trace an event belongs to: taken along when it is told, continued where it is handled."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_W3C = TraceContextTextMapPropagator()


def current_traceparent() -> str | None:
    """The W3C traceparent of what is being done now, or None outside of any trace."""
    if not trace.get_current_span().get_span_context().is_valid:
        return None
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def continued_trace(traceparent: str | None, name: str) -> Iterator[None]:
    """Do something as a span of the trace that the event came from; without a trace nothing is noted."""
    if traceparent is None:
        yield
        return
    token = context.attach(_W3C.extract({"traceparent": traceparent}))
    try:
        with trace.get_tracer(__name__).start_as_current_span(name, kind=trace.SpanKind.CONSUMER):
            yield
    finally:
        context.detach(token)
