"""One line a request, tied by a correlation id; route patterns only, never the path, the query or the body."""

from __future__ import annotations

import re
import time
import traceback
import uuid
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, request
from opentelemetry import trace
from opentelemetry.propagate import extract

from shared.auth.principal import ANONYMOUS, Principal
from shared.web.context import current_kit
from shared.web.metrics import count_request

CORRELATION_HEADER = "X-Correlation-Id"
# One letter at least: a number alone could be somebody's.
WELL_FORMED = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9._-]{8,64}")
OWN_FRAMES = 8
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = structlog.get_logger("web")

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


def install(app: Flask) -> None:
    """Begin and end every request with the id, the span and the log line; call it before anything else is installed."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_clear)


def _begin() -> None:
    given = request.headers.get(CORRELATION_HEADER, "")
    g.correlation_id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
    g.began = time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(service=current_kit().name, correlation_id=g.correlation_id)
    g.span = _begun_span()


def _end(response: Response) -> Response:
    if "correlation_id" not in g:
        return response
    response.headers[CORRELATION_HEADER] = g.correlation_id
    principal: Principal = g.get("principal", ANONYMOUS)
    rule, method = _rule(), request.method if request.method in _METHODS else "other"
    seconds = time.monotonic() - g.began
    log.info(
        "request",
        rule=rule,
        method=method,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        kind=principal.kind.value,
        role=principal.role,
        organisation=principal.organisation,
    )
    count_request(service=current_kit().name, rule=rule, method=method, status=response.status_code, seconds=seconds)
    trace.get_current_span().set_attribute("http.response.status_code", response.status_code)
    return response


def _begun_span() -> AbstractContextManager[Any]:
    # The pattern is the name; a path or query could hold what no trace may hold.
    parent = extract({"traceparent": request.headers.get("traceparent", "")})
    span = trace.get_tracer(__name__).start_as_current_span(
        f"{request.method if request.method in _METHODS else 'other'} {_rule()}",
        context=parent,
        kind=trace.SpanKind.SERVER,
        record_exception=False,
    )
    span.__enter__()
    return span


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else "unknown"


def _clear(error: BaseException | None) -> None:  # noqa: ARG001  Flask's signature
    span = g.pop("span", None)
    if span is not None:
        span.__exit__(None, None, None)
    structlog.contextvars.clear_contextvars()


class QuietFlask(Flask):
    """A Flask app that logs a failure by its kind and place; messages may quote what a person typed."""

    def log_exception(self, exc_info: ExceptionInfo) -> None:
        """Log an unhandled exception without its message, the path and the values of variables."""
        kind, _, trace = exc_info
        frames = traceback.extract_tb(trace)[-OWN_FRAMES:] if trace else []
        log.error(
            "request failed",
            error=kind.__name__ if kind else "unknown",
            rule=_rule(),
            frames=[f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
        )
