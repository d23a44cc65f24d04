"""JSON logs with a correlation id, and without identities."""

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog

_IDENTITIES = re.compile(
    r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)|(?:\+47|0047)?[ ]?(?<![\w-])[49]\d{7}(?![\w-])|[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII
)


def _without_identities(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = _IDENTITIES.sub("[removed]", value)
    return line


def configure_logging(service: str, stream: TextIO | None = None) -> None:
    """Write one JSON object a line to `stream` (standard output unless told otherwise)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_identities,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stdout),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service)


def get_logger(name: str) -> Any:
    """The logger of a module."""
    return structlog.get_logger(name)


def correlation_id() -> str:
    """The correlation id of what is being done now, or an empty text."""
    return str(structlog.contextvars.get_contextvars().get("correlation_id", ""))


@contextmanager
def bound_correlation(name: str) -> Iterator[None]:
    """Do something under a correlation id."""
    with structlog.contextvars.bound_contextvars(correlation_id=name):
        yield


def bind_correlation(name: str) -> None:
    """Do what follows under a correlation id, until `kept_correlation` ends or another one is bound."""
    structlog.contextvars.bind_contextvars(correlation_id=name)


@contextmanager
def kept_correlation() -> Iterator[None]:
    """Afterwards the correlation id is what it was before."""
    before = correlation_id()
    try:
        yield
    finally:
        if before:
            bind_correlation(before)
        else:
            structlog.contextvars.unbind_contextvars("correlation_id")
