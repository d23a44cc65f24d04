"""The signs of forms in lists of courses: words and addresses are looked up once a page, not once a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from flask import url_for
from markupsafe import Markup

from services.registration.domain.registry import FormEntry
from services.registration.queries.course_lines import CourseLine, FormLine, Icon
from shared.web.language import current_language, translate

_SIGNS: Mapping[Icon, str] = {
    Icon.NEW: "new",
    Icon.IN_PROGRESS: "draft",
    Icon.FINALISED: "final",
    Icon.CLOSED: "closed",
    Icon.NO_CONSENT: "blocked",
    Icon.AVAILABLE: "new",
    Icon.SENT: "out",
    Icon.REMINDED: "reminded",
    Icon.ANSWERED: "final",
    Icon.NOT_ANSWERED: "ended",
    Icon.UNDELIVERED: "failed",
    Icon.STOPPED: "stopped",
}
# Why a message reached nobody, as eprom tells it; for any other code there are words that fit all.
UNDELIVERED = frozenset(
    {
        "not_active_on_helsenorge",
        "no_mailbox",
        "reserved_in_krr",
        "contact_too_old",
        "no_contact",
        "no_address",
        "protected_address",
        "no_digital_channel",
        "not_reached",
        "no_representative",
        "recipient_gone",
        "register_outage",
        "channel_outage",
        "channel_refused",
        "delayed",
        "unknown_outcome",
    }
)
LEGEND = tuple(icon for icon in _SIGNS if icon != Icon.NEW)
ON_PAPER = "paper"  # eprom's word for the channel
_ANY = 1_234_567_890


class Cell(NamedTuple):
    """What stands for one form of one course; `url` is where it is filled in or read, if it can be."""

    sign: str
    words: str
    title: str
    url: str | None
    hint: str


def cell_maker(forms: Sequence[FormEntry]) -> Callable[[CourseLine], list[Cell]]:
    """A function that gives the cells of a course, one a form, for the page that is made now."""
    language, words = current_language(), cache(_words)
    columns = [
        (form, form.title(language), link_maker("pages.show_form", "course_id", form=form.key)) for form in forms
    ]

    def cells(course: CourseLine) -> list[Cell]:
        found = []
        for form, title, link in columns:
            line = course.forms[form.key]
            url = link(course.course_id) if line.has_page else None
            found.append(Cell(_SIGNS[line.icon], words(line.icon), title, url, hint_of(form, line, language)))
        return found

    return cells


def hint_of(form: FormEntry, line: FormLine, language: str) -> str:
    """Why a patient form ended, or reached nobody, that its answers were refused, or that it went on paper."""
    if line.icon is Icon.UNDELIVERED:
        return translate(f"registration.undelivered.{_why(line)}")
    if line.icon is Icon.ANSWERED and line.code:
        return translate("registration.misfit.refused")
    if line.icon is Icon.SENT and line.channel == ON_PAPER:
        return translate("registration.patient_forms.on_paper")
    return "" if line.reason is None else form.reason(line.reason, language)


def remedies(forms: Sequence[FormEntry], course: CourseLine) -> list[tuple[str, str]]:
    """Forms of a course that reached nobody, and what a clinician can do about them: a sentence a reason."""
    titles: dict[str, list[str]] = {}
    for form in forms:
        line = course.forms[form.key]
        if line.icon is Icon.UNDELIVERED:
            titles.setdefault(_why(line), []).append(form.title(current_language()))
    return [(", ".join(of), translate(f"registration.undelivered.can.{code}")) for code, of in titles.items()]


def _why(line: FormLine) -> str:
    return line.code if line.code in UNDELIVERED else "other"


def legend() -> list[tuple[str, str]]:
    """The signs of patient forms with their words."""
    return [(_SIGNS[icon], _words(icon)) for icon in LEGEND]


def sign_maker(forms: Sequence[FormEntry]) -> Callable[[CourseLine, Callable[[list[Cell]], Markup]], Markup]:
    """A function that has a template's macro draw the cells of a course: once for all whose forms stand alike."""
    cells, drawn = cell_maker(forms), dict[tuple[FormLine, ...], Markup]()

    def signs(course: CourseLine, draw: Callable[[list[Cell]], Markup]) -> Markup:
        alike = tuple(course.forms[form.key] for form in forms)
        if alike not in drawn:
            drawn[alike] = draw(cells(course._replace(course_id=_ANY)))
        return drawn[alike].replace(str(_ANY), str(course.course_id))

    return signs


def link_maker(endpoint: str, name: str, **values: str) -> Callable[[int], str]:
    """A function that gives the addresses of a route which differ only in one number."""
    before, after = url_for(endpoint, **{name: _ANY}, **values).split(str(_ANY))  # type: ignore[arg-type]
    return lambda number: f"{before}{number}{after}"


def _words(icon: Icon) -> str:
    return translate(f"registration.icon.{icon}")
