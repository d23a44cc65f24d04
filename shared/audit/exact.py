"""Changes as they will be read again from either database, so that their hash can be made anew."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

_EXACT_INTEGERS = 2**53


def exact(change: Mapping[str, Any] | None) -> Any:
    """The change in plain values; raises ValueError for a whole number that is not kept exactly."""
    if change is None:
        return None
    return _exact(orjson.loads(orjson.dumps(dict(change), default=_number_text)))


def _number_text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def _exact(value: Any) -> Any:
    """PostgreSQL gives 1.0 back as it came but 1e20 in another form; whole numbers are kept as such."""
    if isinstance(value, dict):
        return {name: _exact(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_exact(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        if abs(value) > _EXACT_INTEGERS:
            raise ValueError("a number too large to be kept exactly")
        return int(value)
    return value
