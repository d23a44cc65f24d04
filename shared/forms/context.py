"""What a form cannot know itself: values that the service gives, by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.forms.definition import Kind, Question

CONTEXT: Mapping[str, Kind] = {
    "today": Kind.DATE,
    "birth_date": Kind.DATE,
    "gender": Kind.INTEGER,
    "address_type": Kind.INTEGER,
    "deceased": Kind.INTEGER,
    "deceased_date": Kind.DATE,
    "legal_basis": Kind.TEXT,
    "course_type": Kind.INTEGER,
    "referred_on": Kind.DATE,
    "started_on": Kind.DATE,
    "ended_on": Kind.DATE,
    "consent": Kind.INTEGER,
    "consent_date": Kind.DATE,
    "no_consent_reason": Kind.INTEGER,
    "consent_withdrawn_date": Kind.DATE,
}
PREFIX = "context."
IDENTIFYING = frozenset({"birth_date"})
LEGAL_BASIS = "context.legal_basis"
TODAY = "context.today"
STARTED_ON = "context.started_on"
Context = Mapping[str, Any]
View = Mapping[str, Any]


def prepared(context: Context) -> dict[str, Any]:
    """The context as conditions and bounds see it: names with prefix, dates as ISO texts, nothing empty."""
    return {
        PREFIX + name: value.isoformat() if isinstance(value, date) else value
        for name, value in context.items()
        if value is not None
    }


def canonical(name: str, questions: Mapping[str, object]) -> str | None:
    """The name as views know it: a question's key, or `context.<x>`; None when there is no such thing."""
    if name in questions:
        return name
    bare = name.removeprefix(PREFIX)
    return PREFIX + bare if bare in CONTEXT else None


def repeats_identity(question: Question) -> bool:
    """Whether the answer is only a value of the context that tells who somebody is; an age is not."""
    made = question.calculate
    return (
        made is not None
        and made.function == "value_of"
        and str(made.arguments["value"]).removeprefix(PREFIX) in IDENTIFYING
    )
