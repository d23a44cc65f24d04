"""Why somebody does what is not done every day; it stands in the log for good."""

from __future__ import annotations

from services.registration.domain.errors import RuleBroken

_LEAST = 5


def given_reason(text: str) -> str:
    """The reason without space around it; RuleBroken where none is given."""
    if len(reason := text.strip()) < _LEAST:
        raise RuleBroken("reason_missing")
    return reason
