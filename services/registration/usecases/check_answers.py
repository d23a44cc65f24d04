"""Check what a patient has answered against the definition it was answered by, before it is stored."""

from __future__ import annotations

from typing import Any

from services.registration.domain.errors import RuleBroken
from services.registration.domain.registry import Registry
from services.registration.usecases.ports import Answers
from shared.forms.catalogue import registry as registry_of
from shared.forms.errors import UnknownForm
from shared.scheduling.clock import oslo


def check_answers(registry: Registry, answers: Answers) -> dict[str, Any]:
    """The document as it is kept; refused when it does not fit its definition, which no trying again can mend."""
    try:
        form = registry_of(registry.key).form(answers.form, answers.definition_version)
    except UnknownForm:
        raise RuleBroken("form_unknown") from None
    document = {**form.new(), **answers.document}
    context = {"today": oslo(answers.answered_at).date()}
    if form.check(document, context):
        raise RuleBroken("answers_not_valid")
    return form.kept(document, context)
