"""What a form of a course is filled in with: its compiled definition, its document and what it cannot know itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.registration.domain.errors import NotFound
from services.registration.domain.form_state import FormState
from services.registration.domain.patient_form import FilledOutBy
from services.registration.domain.person import PersonFacts, Sex
from services.registration.store.persons import PersonStore
from services.registration.store.saved_form import Written
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from shared.forms.catalogue import registry
from shared.forms.compiled import CompiledForm
from shared.forms.errors import UnknownForm
from shared.forms.registry import Registry

_GENDER: Mapping[Sex, int | None] = {Sex.MALE: 1, Sex.FEMALE: 2, Sex.UNKNOWN: None}
_NORWEGIAN, _OTHER_ADDRESS = 1, 2
_NUMBER_KINDS_OF_RESIDENTS = frozenset({"national", "d_number"})


@dataclass(frozen=True, kw_only=True)
class OpenForm:
    """One form of one course, read inside a transaction."""

    registry: Registry
    facts: PersonFacts | None  # only for a form that asks for the person
    form: CompiledForm
    document: Mapping[str, Any]
    context: Mapping[str, Any]
    state: FormState
    revision: int
    comment: str
    is_from_parent: bool


def read_form(store: Store, course: CourseRow, key: str, persons: PersonStore, today: date) -> OpenForm:
    """The form as it stands; raises NotFound for a form the registry does not have."""
    known, written = registry(course.registry_key), store.documents_of(course.course_id)
    row = written.get(key)
    try:
        form = known.form(key, row.definition_version) if row else known.form_on(key, course.definitions_on)
    except UnknownForm:
        raise NotFound from None
    facts = persons.read(course.pid) if form.asks_for_person else None
    return OpenForm(
        registry=known,
        facts=facts,
        form=form,
        document=row.document if row and row.document else _new(form, course),
        context={**_of_person(facts), **_of_course(written, course, known, today)},
        state=FormState(row.state) if row else FormState.NEW,
        revision=row.revision if row else 0,
        comment=row.comment if row else "",
        is_from_parent=row is not None and row.finalised_by == FilledOutBy.PARENT,
    )


def _new(form: CompiledForm, course: CourseRow) -> dict[str, Any]:
    """A first document: what the course knows already stands in it."""
    known = {"started_on": course.started_on.isoformat()}
    answers = {
        place.question: known[name]
        for name, place in form.rules.course.items()
        if place.form == form.key and name in known
    }
    return form.new(answers)


def _of_person(facts: PersonFacts | None) -> dict[str, Any]:
    """What forms ask about the person."""
    if facts is None:
        return {}
    return {
        "birth_date": facts.birth_on,
        "gender": _GENDER[facts.sex],
        "address_type": _NORWEGIAN if facts.number_kind in _NUMBER_KINDS_OF_RESIDENTS else _OTHER_ADDRESS,
        "deceased": int(facts.died_on is not None),
        "deceased_date": facts.died_on,
    }


def _of_course(forms: Mapping[str, Written], course: CourseRow, known: Registry, today: date) -> dict[str, Any]:
    """What forms ask about the course."""
    context: dict[str, Any] = {
        "today": today,
        "legal_basis": course.basis,
        "course_type": course.course_type,
        "started_on": course.started_on,
    }
    written = {form: row.document.get("answers", {}) for form, row in forms.items() if row.document}
    for name, place in known.rules.course.items():
        value = written.get(place.form, {}).get(place.question)
        if value is not None and name in {"referred_on", "started_on", "ended_on"}:
            context[name] = value
    return {**context, **_consent(written, known)}


def _consent(written: Mapping[str, Mapping[str, Any]], known: Registry) -> dict[str, Any]:
    rule = known.rules.consent
    if rule is None:
        return {}
    answers = written.get(rule.form, {})
    return {
        "consent": answers.get(rule.question),
        "consent_date": answers.get(rule.date),
        "no_consent_reason": answers.get(rule.reason),
        "consent_withdrawn_date": answers.get(rule.withdrawn_date or ""),
    }
