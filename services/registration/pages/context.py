"""What every page asks for: the parts behind the doors, the user's registry, and what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from flask import current_app, request, url_for

from services.registration.domain.errors import RuleBroken
from services.registration.domain.patient_form import FilledOutBy
from services.registration.domain.registry import Registry
from services.registration.pages.blueprint import pages
from services.registration.usecases.means import Means
from shared.forms.definition import say
from shared.forms.flag_rules import FlagRule
from shared.scheduling.clock import oslo
from shared.web.context import current_principal
from shared.web.language import current_language, translate

FORM_PAGE = "pages.show_form"
FARTHEST = 100_000
_NORWEGIAN = re.compile(r"(\d{1,2})[.](\d{1,2})[.](\d{4})\Z", re.ASCII)


class Signed(Protocol):
    """Something that somebody has done: a party as the log has it, and the name of a user, if it was told."""

    @property
    def actor(self) -> str:
        """Such as "user:7"."""

    @property
    def name(self) -> str:
        """The name, or nothing."""


def means() -> Means:
    """The parts behind the doors."""
    found: Means = current_app.extensions["registration"]
    return found


def registry() -> Registry:
    """The registry that the user has chosen."""
    return means().registry(current_principal().registry)


@pages.context_processor
def names() -> dict[str, Any]:
    """The names over every page: of the user's registry and organisation, as far as they are known."""
    by = current_principal()
    found = means().registries.get(by.registry or "")
    place = found.organisations.get(by.organisation or 0, "") if found else ""
    return {
        "registry_name": found.short_name if found else "",
        "place_name": place,
        "has_factors": found is not None and found.has_factors,
        "day_and_time": day_and_time,
        "flag_words": lambda flag: rule_words(flag.rule),
    }


def rule_words(rule: FlagRule | None) -> str:
    """What a flag is about; one whose rule is gone says so."""
    return say(rule.title, current_language()) if rule else translate("registration.flag.unknown")


def who(one: Signed) -> Mapping[str, Any]:
    """Who it was, and the number of a user."""
    kind, _, number = one.actor.partition(":")
    if kind == "user":
        return {"name": one.name or translate("registration.history.user", number=number), "number": number}
    return {"name": translate(f"registration.history.{kind if kind in set(FilledOutBy) else 'system'}"), "number": ""}


def page_number() -> int:
    """Which page of a list is asked for, the first without a word."""
    asked = request.args.get("page", "")
    return min(max(int(asked), 1), FARTHEST) if asked.isdecimal() and asked.isascii() and len(asked) < 7 else 1  # noqa: PLR2004 - digits


def form_url(course_id: int, form: str) -> str | None:
    """Where a form is filled in."""
    if FORM_PAGE not in current_app.view_functions:
        return None
    return url_for(FORM_PAGE, course_id=course_id, form=form)


def clock_time(moment: datetime) -> str:
    """The time of day in Oslo, as it is written here."""
    return oslo(moment).strftime("%H.%M")


def day_and_time(moment: datetime) -> str:
    """The day and the time in Oslo, as they are written here."""
    return translate("registration.moment", day=oslo(moment).strftime("%d.%m.%Y"), time=clock_time(moment))


def typed(name: str) -> str:
    """What was typed into a field."""
    return request.form.get(name, "").strip()


def typed_day(name: str, *, missing: str, wrong: str) -> date:
    """The day of a field; raises RuleBroken with one of the two codes."""
    text = typed(name)
    if not text:
        raise RuleBroken(missing)
    found = read_day(text)
    if found is None:
        raise RuleBroken(wrong)
    return found


def read_day(text: str) -> date | None:
    """A day as a browser sends it, or as it is written in Norway; None if it is none."""
    if found := _NORWEGIAN.match(text):
        text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def beside(broken: RuleBroken, fields: Mapping[str, str], otherwise: str) -> dict[str, str]:
    """The sentence of a broken rule by the field it belongs to: `fields` maps beginnings of codes to fields."""
    name = next((field for start, field in fields.items() if broken.code.startswith(start)), otherwise)
    return {name: translate(f"error.{broken.code}", **broken.values_shown)}
