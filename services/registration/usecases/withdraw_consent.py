"""Register that a person has withdrawn the consent to a course: a national coordinator alone, also in a locked form."""

from __future__ import annotations

from typing import Any

from services.registration.domain.course import LegalBasis
from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.reason import given_reason
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from services.registration.usecases.consent_rules import NO, withdrawn_code
from services.registration.usecases.course_at import CourseAt, Kept
from services.registration.usecases.course_forms import OpenForm, read_form
from services.registration.usecases.follow_answers import follow_answers
from services.registration.usecases.repeat_consent import repeat_consent
from services.registration.usecases.request_extract import REMOVE_JOB
from services.registration.usecases.written_form import access_of, keep_as_it_is, told_of
from shared.auth.principal import Role
from shared.contracts.registration import ConsentWithdrawn, ExtractsRecalled
from shared.forms.catalogue import registry
from shared.forms.filled import Filled
from shared.forms.registry_rules import ConsentRule
from shared.scheduling.clock import today


def withdraw_consent(at: CourseAt, *, reason: str, kept: Kept) -> None:
    """From Yes to No, with today's date; what counted nationally counts locally from now on."""
    if at.by.role != Role.SC:
        raise NotFound
    given = given_reason(reason)
    with kept.uow() as store:
        course = store.course_to_keep(at.course_id)
        if not at.sees(course):
            raise NotFound
        if course.basis != LegalBasis.CONSENT or course.has_consented is not True:
            raise RuleBroken("consent_is_not_given")
        day, rule = today(kept.uow.clock), registry(course.registry_key).rules.consent
        if rule is None:
            raise RuleBroken("consent_is_not_given")
        opened = read_form(store, course, rule.form, kept.persons, day)
        filled = _withdrawn(opened, rule, day.isoformat())
        row = keep_as_it_is(store, course, opened, filled, by=at.by.actor)
        follow_answers(store, course, opened, filled.values)
        store.keep_course(course)
        store.emit(ConsentWithdrawn(course_id=course.course_id, pid=course.pid, withdrawn_on=day))
        changed = {**told_of(opened, row), "reason": given}
        store.log_access(access_of(course, rule.form, at.by, "withdraw", changed))
        _recall_extracts(store, course)
        repeat_consent(store, course, rule.form, by=at.by, persons=kept.persons, day=day)


def _withdrawn(opened: OpenForm, rule: ConsentRule, day: str) -> Filled:
    code = withdrawn_code(opened.form, rule)
    if code is None or rule.withdrawn_date is None:
        raise RuleBroken("consent_is_not_given")
    given: dict[str, Any] = {rule.question: NO, rule.reason: code, rule.withdrawn_date: day}
    document = {**opened.document, "answers": {**opened.document["answers"], **given}}
    return opened.form.filled(document, opened.context)


def _recall_extracts(store: Store, course: CourseRow) -> None:
    """Extracts that are not handed over yet are made anew; an extract being made now finds the course local."""
    ids = store.extracts_with(course.pid, course.registry_key)
    if not ids:
        return
    store.withdraw_extracts(ids)
    for extract_id in ids:
        store.enqueue(REMOVE_JOB, key=f"recall:{course.course_id}:{extract_id}", extract_id=extract_id)
    store.emit(ExtractsRecalled(course_id=course.course_id, extracts=tuple(ids)))
