"""What a page of a form leaves out or asks beyond its definition: answers nobody chooses, and Accept for no contact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from services.registration.usecases.consent_rules import reserved_codes
from services.registration.usecases.missing_contact import TEXT, acceptance
from shared.forms.compiled import CompiledForm
from shared.forms.page import Page, PageQuestion
from shared.forms.problems import sentence
from shared.web.language import current_language


def without_reserved(page: Page, form: CompiledForm) -> Page:
    """The page without answers that nobody chooses by hand, but for one that is given already."""
    reserved = {key: frozenset(map(str, codes)) for key, codes in reserved_codes(form).items()}

    def offered(question: PageQuestion) -> PageQuestion:
        codes = reserved.get(question.key, frozenset())
        kept = tuple(one for one in question.options if one.is_chosen or one.code not in codes)
        return question if kept == question.options else replace(question, options=kept)

    return _with(page, offered) if reserved else page


def with_acceptance(page: Page, form: CompiledForm, confirmed: Sequence[str]) -> Page:
    """The page with the prompt to accept that there is neither telephone nor e-mail, where that is so."""
    if page.is_read_only:
        return page
    values = {question.key: question.value for section in page.sections for question in section.questions}
    wanted = acceptance(form, values)
    language, path = current_language(), wanted.partition("=")[0]

    def prompted(question: PageQuestion) -> PageQuestion:
        if question.key != path:
            return question
        return replace(
            question,
            warning=sentence(TEXT, language),
            confirm_value=wanted,
            confirm_label=sentence("contact.accept", language),
            is_confirmed=wanted in confirmed,
        )

    return _with(page, prompted) if wanted else page


def _with(page: Page, change: Callable[[PageQuestion], PageQuestion]) -> Page:
    sections = (replace(one, questions=tuple(map(change, one.questions))) for one in page.sections)
    return replace(page, sections=tuple(sections))
