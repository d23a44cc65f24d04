"""Nothing to reach a person by: whoever goes on without it says so, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.registration.usecases.course_forms import OpenForm
from shared.forms.compiled import CompiledForm
from shared.forms.draft import Draft
from shared.forms.problems import Problem

TEXT = "contact.missing"


def complete(opened: OpenForm, draft: Draft | None = None) -> tuple[Problem, ...]:
    """Everything that keeps a form from being finalised, as it stands or with what is typed."""
    document = draft.document if draft else opened.document
    return (*opened.form.complete(document, opened.context), *contact_problems(opened, draft))


def contact_problems(opened: OpenForm, draft: Draft | None = None) -> tuple[Problem, ...]:
    """That there is neither telephone nor e-mail, and nobody has accepted it."""
    document = draft.document if draft else opened.document
    written = draft.person if draft else {}
    person = {"phone": opened.facts.phone, "email": opened.facts.email, **written} if opened.facts else written
    asked = acceptance(opened.form, person)
    if not asked or asked in document.get("confirmed", ()):
        return ()
    return (Problem(asked.partition("=")[0], TEXT),)


def acceptance(form: CompiledForm, person: Mapping[str, Any]) -> str:
    """How accepting it is remembered, while there is something to accept; it begins with the question."""
    fields = [field for field in form.rules.person_fields if field.prompt and _is_asked(form, field.key)]
    if not fields or any(person.get(field.key) for field in fields):
        return ""
    return f"{fields[0].key}={fields[0].prompt}"


def _is_asked(form: CompiledForm, key: str) -> bool:
    question = form.questions.get(key)
    return question is not None and question.in_person_store
