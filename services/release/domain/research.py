"""The application for research: what is asked, and what must be right before it is sent in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.release.domain.errors import FormRefused

TEXTS = ("title", "leader", "institution", "purpose", "legal_basis", "rec_number")
DATES = ("from_on", "to_on", "ends_on")
FIELDS = (*TEXTS, *DATES, "recipient_key", "members")
LEGAL_BASES = ("consent", "public_interest")
_LINE, _LONG = 200, 4000
_LONGEST = {"purpose": _LONG, "members": _LONG, "rec_number": 40}


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What an application is checked against."""

    forms: Collection[str]
    today: date
    is_recipient_key: Callable[[str], bool]


def tidy(fields: Mapping[str, str], forms: Collection[str], *, is_commercial: bool) -> dict[str, Any]:
    """The content of an application as it is kept: every field, right or wrong, so that a draft loses nothing."""
    texts = {name: fields.get(name, "").strip() for name in FIELDS}
    return {**texts, "forms": sorted(set(forms)), "is_commercial": is_commercial}


def check(content: Mapping[str, Any], allowed: Allowed) -> None:
    """Raise FormRefused with all faults by field, unless the application may be sent in."""
    errors = {**_texts(content), **_forms(content, allowed), **_dates(content, allowed)}
    if "recipient_key" not in errors and not allowed.is_recipient_key(content["recipient_key"]):
        errors["recipient_key"] = "recipient_key_malformed"
    if "legal_basis" not in errors and content["legal_basis"] not in LEGAL_BASES:
        errors["legal_basis"] = "required"
    if content["is_commercial"]:
        errors["is_commercial"] = "commercial_applicants_get_no_data"
    if "rec_number" in errors:
        errors["rec_number"] = "rec_approval_missing" if not content["rec_number"] else errors["rec_number"]
    if errors:
        raise FormRefused({name: errors[name] for name in (*FIELDS, "forms", "is_commercial") if name in errors})


def people(content: Mapping[str, Any]) -> frozenset[str]:
    """The names of those who take part: the leader and the members, one a line."""
    names = [content.get("leader", ""), *content.get("members", "").splitlines()]
    return frozenset(name.strip() for name in names if name.strip())


def _texts(content: Mapping[str, Any]) -> dict[str, str]:
    errors = {name: "required" for name in (*TEXTS, *DATES, "recipient_key") if not content[name]}
    for name in (*TEXTS, "members"):
        if len(content[name]) > _LONGEST.get(name, _LINE):
            errors[name] = "too_long"
    return errors


def _forms(content: Mapping[str, Any], allowed: Allowed) -> dict[str, str]:
    is_known = content["forms"] and set(content["forms"]) <= set(allowed.forms)
    return {} if is_known else {"forms": "choose_forms"}


def _dates(content: Mapping[str, Any], allowed: Allowed) -> dict[str, str]:
    days = {name: _day(content[name]) for name in DATES}
    errors = {name: "date_malformed" for name in DATES if content[name] and days[name] is None}
    from_on, to_on, ends_on = (days[name] for name in DATES)
    if to_on is not None and to_on > allowed.today:
        errors["to_on"] = "date_in_future"
    if from_on is not None and to_on is not None and from_on > to_on:
        errors["to_on"] = "period_ends_before_it_begins"
    if ends_on is not None and ends_on <= allowed.today:
        errors["ends_on"] = "date_in_past"
    return errors


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
