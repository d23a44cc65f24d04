"""Morphine equivalents of the opioid table."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.forms.definition import Preparation, Preparations

TENTH = Decimal("0.1")


def omeq(preparation: Preparation, dose: float) -> Decimal:
    """Oral morphine equivalents (mg a day) of a daily dose in the preparation's unit; one decimal, half up."""
    amount = Decimal(str(dose))
    factor = next(factor for start, factor in reversed(preparation.steps) if amount >= start)
    return (amount * factor).quantize(TENTH, rounding=ROUND_HALF_UP)


def table_answer(doses: Mapping[str, float], preparations: Preparations, before: Any) -> dict[str, Any] | None:
    """The answer of an opioid table; the results of `before` are kept while no dose has changed."""
    if not doses:
        return None
    if isinstance(before, dict) and before.get("doses") == doses:
        return before
    known = {item.key: item for item in preparations.items}
    rounded = {key: omeq(known[key], dose) for key, dose in doses.items()}
    return {
        "doses": dict(doses),
        "omeq": {key: float(value) for key, value in rounded.items()},
        "sum": float(sum(rounded.values(), Decimal(0))),
        "factors": preparations.version,
    }
