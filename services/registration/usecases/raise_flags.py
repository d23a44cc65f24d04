"""Raise the flags that a patient's answers ask for, by the rules of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.registration.domain.flag import RAISED
from services.registration.domain.patient_form import SYSTEM
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow, FlagRow
from services.registration.usecases.ports import Answers
from shared.audit.log import Access
from shared.forms.catalogue import registry
from shared.forms.flag_rules import raised_by


def raise_flags(store: Store, course: CourseRow, answers: Answers, values: Mapping[str, Any]) -> None:
    """Keep a flag for each rule that the answers fulfil; the log names the rule, never an answer."""
    known = registry(course.registry_key)
    questions = dict(known.form(answers.form, answers.definition_version).questions)
    for rule in raised_by(known.rules.flags, answers.form, values, questions):
        row = FlagRow(course_id=course.course_id, form=answers.form, order_id=answers.order_id, rule=rule.key, note="")
        row.raised_at = store.now
        store.add(row)
        store.log_access(_raised(course, row))


def _raised(course: CourseRow, flag: FlagRow) -> Access:
    return Access.by_system(
        SYSTEM,
        organisation=course.organisation,
        registry=course.registry_key,
        pid=course.pid,
        action=RAISED,
        object=f"flag:{course.course_id}/{flag.flag_id}",
        reason="patient_form",
        change={"rule": [None, flag.rule]},
    )
