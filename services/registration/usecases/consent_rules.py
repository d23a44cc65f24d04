"""What nobody may answer by hand about a consent: what the system sets, and a withdrawal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.registration.usecases.course_forms import OpenForm
from shared.forms.compiled import CompiledForm
from shared.forms.definition import Comparison
from shared.forms.problems import Problem
from shared.forms.registry_rules import ConsentRule, RegistryRules

YES, NO = 1, 0


def consent_problems(opened: OpenForm, answers: Mapping[str, Any]) -> Iterator[Problem]:
    """Answers of a draft that only the system or a national coordinator may give."""
    rule = opened.form.rules.consent
    if rule is None or rule.form != opened.form.key:
        return
    before, withdrawn = opened.document["answers"], withdrawn_code(opened.form, rule)
    contact = {"contact": contact_of(opened.form.rules)}
    if withdrawn is not None and before.get(rule.reason) == withdrawn:
        fixed = (rule.question, rule.reason, rule.withdrawn_date or "")
        if any(answers.get(key) != before.get(key) for key in fixed):
            yield Problem(rule.question, "consent.is_withdrawn", contact)
        return
    if before.get(rule.question) == YES and answers.get(rule.question) != YES:
        yield Problem(rule.question, "consent.only_coordinator_withdraws", contact)
    reason = answers.get(rule.reason)
    if reason is not None and reason != before.get(rule.reason) and reason in reserved_codes(opened.form)[rule.reason]:
        text = "consent.only_coordinator_withdraws" if reason == withdrawn else "consent.set_by_system"
        yield Problem(rule.reason, text, contact)


def reserved_codes(form: CompiledForm) -> Mapping[str, frozenset[Any]]:
    """Codes that nobody chooses by hand, by question."""
    rule = form.rules.consent
    reason = form.questions.get(rule.reason) if rule and rule.form == form.key else None
    if rule is None or reason is None:
        return {}
    by_system = {reason.fill.value} if reason.fill else set()
    return {rule.reason: frozenset({*by_system, withdrawn_code(form, rule)} - {None})}


def withdrawn_code(form: CompiledForm, rule: ConsentRule) -> Any:
    """The code of a withdrawal in this version of the form: it is the one that asks for the day."""
    day = form.questions.get(rule.withdrawn_date or "")
    return day.show_if.value if day and isinstance(day.show_if, Comparison) else None


def contact_of(rules: RegistryRules) -> str:
    """How to reach those who lead the registry."""
    known = (rules.contact.get(name) for name in ("phone", "email"))
    return ", ".join(str(one) for one in known if one)
