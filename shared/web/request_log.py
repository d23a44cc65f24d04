"""One line a request, tied by a correlation id; route patterns only, never the path, the query or the body."""

from __future__ import annotations

import re
import time
import traceback
import uuid
from types import TracebackType

import structlog
from flask import Flask, Response, g, request

from shared.auth.principal import ANONYMOUS, Principal
from shared.web.context import current_kit

CORRELATION_HEADER = "X-Correlation-Id"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
OWN_FRAMES = 8
log = structlog.get_logger("web")

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


def install(app: Flask) -> None:
    """Begin and end every request with the id and the log line; call it before anything else is installed."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_clear)


def _begin() -> None:
    given = request.headers.get(CORRELATION_HEADER, "")
    g.correlation_id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
    g.began = time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(service=current_kit().name, correlation_id=g.correlation_id)


def _end(response: Response) -> Response:
    if "correlation_id" not in g:
        return response
    response.headers[CORRELATION_HEADER] = g.correlation_id
    principal: Principal = g.get("principal", ANONYMOUS)
    log.info(
        "request",
        rule=request.url_rule.rule if request.url_rule else "unknown",
        method=request.method if request.method in _METHODS else "other",
        status=response.status_code,
        ms=round((time.monotonic() - g.began) * 1000, 1),
        kind=principal.kind.value,
        role=principal.role,
        organisation=principal.organisation,
    )
    return response


def _clear(error: BaseException | None) -> None:  # noqa: ARG001  Flask's signature
    structlog.contextvars.clear_contextvars()


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class QuietFlask(Flask):
    """A Flask app that logs a failure by its kind and place; messages may quote what a person typed."""

    def log_exception(self, exc_info: ExceptionInfo) -> None:
        """Log an unhandled exception without its message, the path and the values of variables."""
        kind, _, trace = exc_info
        frames = traceback.extract_tb(trace)[-OWN_FRAMES:] if trace else []
        log.error(
            "request failed",
            error=kind.__name__ if kind else "unknown",
            rule=request.url_rule.rule if request.url_rule else "unknown",
            frames=[f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
        )
