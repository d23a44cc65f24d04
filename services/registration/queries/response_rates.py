"""How many patient forms are answered, counted by the database in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, extract, func, select
from sqlalchemy.orm import Session

from services.registration.domain.patient_form import HELD, NOT_ORDERED, PatientFormState
from services.registration.domain.registry import Registry
from services.registration.domain.response_rates import Counts, disclosed
from services.registration.queries.scope import seen_organisations, within
from services.registration.store.tables import CourseRow, PatientFormRow
from shared.auth.principal import Principal
from shared.db.database import Database

_COURSE, _FORM = CourseRow.__table__.c, PatientFormRow.__table__.c
_YEAR, _MONTH = extract("year", _FORM.noted_on), extract("month", _FORM.noted_on)
_IS_ORDERED = _FORM.order_id != NOT_ORDERED
_GROUP = (_COURSE.organisation, _FORM.form, _YEAR, _MONTH, _FORM.state, _FORM.reason, _IS_ORDERED)
_COUNTED = (
    select(*_GROUP, func.count(), func.count(_FORM.sent_on))
    .join(PatientFormRow.__table__, _FORM.course_id == _COURSE.course_id)
    .group_by(*_GROUP)
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which forms are counted: those first heard of between two days, both included; None is all."""

    first: date
    last: date
    form: str | None = None
    organisation: int | None = None


def response_rates(asked: Asked, *, by: Principal, registry: Registry, database: Database) -> Sequence[Counts]:
    """The counts by unit, form and month; who sees several hospitals is shown no small numbers."""
    with database.reading() as session:
        found = _folded(session, _query(asked, registry, by))
    order = [form.key for form in registry.forms]
    found.sort(key=lambda one: (one.organisation, order.index(one.form), one.month))
    seen = seen_organisations(registry, by)
    sees_one = seen is not None and len(seen) == 1
    return found if sees_one else [disclosed(one, registry.small_cell) for one in found]


def _query(asked: Asked, registry: Registry, by: Principal) -> Select[*tuple[Any, ...]]:
    query = within(_COUNTED, registry, by).where(_FORM.noted_on.between(asked.first, asked.last))
    if asked.form is not None:
        query = query.where(_FORM.form == asked.form)
    return query if asked.organisation is None else query.where(_COURSE.organisation == asked.organisation)


def _folded(session: Session, query: Select[*tuple[Any, ...]]) -> list[Counts]:
    """One of a unit, form and month from the rows of its states and reasons."""
    found: dict[tuple[Any, ...], Counts] = {}
    for organisation, form, year, month, state, reason, is_ordered, forms, sent in session.execute(query):
        key = (organisation, form, date(int(year), int(month), 1))
        known = found.get(key) or Counts(organisation=organisation, form=form, month=key[2])
        known = replace(known, ordered=known.ordered + (forms if is_ordered else 0), sent=known.sent + sent)
        found[key] = _with_state(known, PatientFormState(state), reason, forms)
    return list(found.values())


def _with_state(known: Counts, state: PatientFormState, reason: int | None, forms: int) -> Counts:
    if state in HELD:
        return replace(known, answered=known.answered + forms)
    if state is PatientFormState.UNDELIVERED:
        return replace(known, undelivered=known.undelivered + forms)
    if state in {PatientFormState.EXPIRED, PatientFormState.STOPPED}:
        return replace(known, reasons={**known.reasons, reason: known.reasons.get(reason, 0) + forms})
    return replace(known, still_open=known.still_open + forms)
