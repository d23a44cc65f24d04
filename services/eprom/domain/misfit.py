"""What came with answers and did not fit the form: for a clinician to read, never an answer of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MOST, LONGEST_NAME, LONGEST_VALUE, LONGEST_WARNING = 100, 60, 40, 200
_DIGITS_OF_SOMEBODY = 11


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """One field by its name, with the value that did not fit, or the words of whoever checked it first.

    The value of a field that is no question is not kept: nobody knows what it is about.
    """

    field: str
    value: str = ""
    warning: str = ""

    def __repr__(self) -> str:
        """Say nothing about the value: a traceback may end in a log."""
        return f"Misfit({self.field})"


def misfit(field: str, value: Any = None) -> Misfit:
    """A field with its value, if that is a number or a short text."""
    text = str(value) if isinstance(value, (int, float, str)) else ""
    return Misfit(
        field=_safe(field, LONGEST_NAME), value=_safe(text, LONGEST_VALUE) if len(text) <= LONGEST_VALUE else ""
    )


def warned(field: str, warning: str) -> Misfit:
    """The words that came with a field."""
    return Misfit(field=_safe(field, LONGEST_NAME), warning=_safe(warning, LONGEST_WARNING))


def _safe(text: str, longest: int) -> str:
    """The beginning of a text; nothing of one with as many digits as the number of a person has."""
    return "" if sum(sign.isdigit() for sign in text) >= _DIGITS_OF_SOMEBODY else text[:longest]
