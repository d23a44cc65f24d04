"""A course as a list shows it: the states of its forms, and what is known of its patient forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Row, bindparam, select, true
from sqlalchemy.orm import Session

from services.registration.domain.course import LegalBasis, age_on
from services.registration.domain.form_state import FormState
from services.registration.domain.patient_form import PatientFormState
from services.registration.domain.person import PersonFacts, PersonName, Sex
from services.registration.domain.registry import FormEntry, Registry
from services.registration.store.tables import CourseRow, PatientFormRow, PlaceRow
from shared.audit.log import Access
from shared.auth.principal import Principal

GROWN_UP = 18
# Of columns, not of the classes: the ORM has no part in reading a list.
COURSE, _FORM, _PLACE = CourseRow.__table__.c, PatientFormRow.__table__.c, PlaceRow.__table__.c
# What a line of a list of active courses is made of; the index of the work list holds all of it.
LISTED = (
    COURSE.course_id,
    COURSE.pid,
    COURSE.organisation,
    COURSE.started_on,
    COURSE.course_type,
    COURSE.basis,
    COURSE.placement,
    COURSE.has_consented,
    COURSE.form_status,
    COURSE.location_id,
    COURSE.ward_id,
    COURSE.has_comment,
    true().label("is_active"),
)
Listed = CourseRow | Row[Any]
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_NEWS = (_FORM.state, _FORM.reason, _FORM.code, _FORM.channel)
_TOLD_OF = select(_FORM.course_id, _FORM.form, *_NEWS).where(_FORM.course_id.in_(_IDS))
_PLACES = select(_PLACE.place_id, _PLACE.short_name, _PLACE.name).where(_PLACE.place_id.in_(_IDS))


# What eprom has told of a course's patient forms: the state, why it ended, why it reached nobody, by which channel.
_News = tuple[str, int | None, str | None, str | None]
_Told = dict[str, _News]


class Icon(StrEnum):
    """What stands for a form in a list."""

    CLOSED = "closed"
    NEW = "new"
    IN_PROGRESS = "in_progress"
    FINALISED = "finalised"
    NO_CONSENT = "no_consent"
    AVAILABLE = "available"
    SENT = "sent"
    REMINDED = "reminded"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    STOPPED = "stopped"
    UNDELIVERED = "undelivered"


_PLAIN = {
    FormState.CLOSED: Icon.CLOSED,
    FormState.NEW: Icon.NEW,
    FormState.IN_PROGRESS: Icon.IN_PROGRESS,
    FormState.FINALISED: Icon.FINALISED,
}
_TOLD = {
    PatientFormState.ORDERED: Icon.SENT,
    PatientFormState.SENT: Icon.SENT,
    PatientFormState.REMINDED: Icon.REMINDED,
    PatientFormState.ANSWERED: Icon.ANSWERED,
    PatientFormState.STORED: Icon.ANSWERED,
    PatientFormState.EXPIRED: Icon.NOT_ANSWERED,
    PatientFormState.STOPPED: Icon.STOPPED,
    PatientFormState.UNDELIVERED: Icon.UNDELIVERED,
}


class Figure(StrEnum):
    """The sign of a person in a list."""

    WOMAN = "woman"
    MAN = "man"
    CHILD = "child"
    PERSON = "person"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who a course is about, as a list shows it."""

    pid: int
    number: str = field(repr=False)
    name: str = field(repr=False)
    figure: Figure


class FormLine(NamedTuple):
    """One form of a course. Of a patient form `state` is eprom's word, `reason` why it ended, `code` why it did not go.

    `channel` is the one it went by. Of patient forms only those that are locked have a page.
    """

    key: str
    icon: Icon
    has_page: bool
    state: str = ""
    reason: int | None = None
    code: str | None = None
    channel: str | None = None


class CourseLine(NamedTuple):
    """One course."""

    course_id: int
    pid: int
    organisation: int
    started_on: date
    course_type: int
    basis: str
    placement: str
    has_consented: bool | None
    is_active: bool
    has_comment: bool
    location_id: int | None
    ward_id: int | None
    location: str
    ward: str
    forms: Mapping[str, FormLine]


def lines_of(session: Session, rows: Sequence[Listed], registry: Registry) -> list[CourseLine]:
    """The courses of a list, with two more questions to the database for all of them."""
    told: dict[int, _Told] = {}
    for course_id, form, *news in session.execute(_TOLD_OF, {"ids": [row.course_id for row in rows]}):
        told.setdefault(course_id, {})[form] = (news[0], news[1], news[2], news[3])
    places = _places(session, rows)
    alike: dict[tuple[Any, ...], Mapping[str, FormLine]] = {}
    return [_line(row, _forms(row, told.get(row.course_id, {}), registry, alike), places) for row in rows]


def person_of(pid: int, facts: PersonFacts | PersonName, today: date) -> Person:
    """The person as shown."""
    is_child = facts.birth_on is not None and age_on(facts.birth_on, today) < GROWN_UP
    grown_up = {Sex.FEMALE: Figure.WOMAN, Sex.MALE: Figure.MAN}.get(facts.sex, Figure.PERSON)
    return Person(pid=pid, number=facts.number, name=facts.name, figure=Figure.CHILD if is_child else grown_up)


def accesses(pids: Iterable[int], *, what: str, reason: str, registry: Registry, by: Principal) -> list[Access]:
    """What the access log says of a list: one entry a person."""
    return [
        Access.by(by, registry=registry.key, pid=pid, action="read", object=what, reason=reason)
        for pid in sorted(set(pids))
    ]


def _forms(
    row: Listed, told: _Told, registry: Registry, alike: dict[tuple[Any, ...], Mapping[str, FormLine]]
) -> Mapping[str, FormLine]:
    """The forms of a course; `alike` keeps those of courses that differ in nothing that is shown of a form."""
    seen = (row.form_status, row.course_type, row.basis, row.has_consented, *told.items())
    if seen not in alike:
        states = registry.shown_states(row.form_status, row.course_type)
        alike[seen] = {form.key: _form(row, form, states[form.key], told.get(form.key)) for form in registry.forms}
    return alike[seen]


def _form(row: Listed, entry: FormEntry, state: FormState, news: _News | None) -> FormLine:
    return FormLine(
        key=entry.key,
        icon=_patient_icon(row, state, news) if entry.is_patient else _PLAIN[state],
        has_page=state is FormState.FINALISED if entry.is_patient else state is not FormState.CLOSED,
        state=news[0] if news else "",
        reason=news[1] if news else None,
        code=news[2] if news else None,
        channel=news[3] if news else None,
    )


def _line(row: Listed, forms: Mapping[str, FormLine], places: Mapping[int, str]) -> CourseLine:
    return CourseLine(
        course_id=row.course_id,
        pid=row.pid,
        organisation=row.organisation,
        started_on=row.started_on,
        course_type=row.course_type,
        basis=row.basis,
        placement=row.placement,
        has_consented=row.has_consented,
        is_active=row.is_active,
        has_comment=row.has_comment,
        location_id=row.location_id,
        ward_id=row.ward_id,
        location=places.get(row.location_id or 0, ""),
        ward=places.get(row.ward_id or 0, ""),
        forms=forms,
    )


def _patient_icon(row: Listed, state: FormState, news: _News | None) -> Icon:
    icon = _TOLD[PatientFormState(news[0])] if news else None
    is_over = news is not None and news[1] is not None
    if state is FormState.IN_PROGRESS:
        return _PLAIN[state]
    if state is FormState.FINALISED and not is_over:
        return Icon.ANSWERED if icon is Icon.ANSWERED else _PLAIN[state]
    if icon is not None:
        return icon
    if row.basis == LegalBasis.CONSENT and row.has_consented is not True:
        return Icon.NO_CONSENT
    return Icon.AVAILABLE if state is FormState.NEW else _PLAIN[state]


def _places(session: Session, rows: Sequence[Listed]) -> dict[int, str]:
    ids = {place for row in rows for place in (row.location_id, row.ward_id) if place is not None}
    if not ids:
        return {}
    found = session.execute(_PLACES, {"ids": sorted(ids)})
    return {place_id: short_name or name for place_id, short_name, name in found}
