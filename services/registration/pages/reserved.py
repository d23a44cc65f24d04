"""Leaves answers out of a page that nobody chooses by hand."""

from __future__ import annotations

from dataclasses import replace

from services.registration.usecases.consent_rules import reserved_codes
from shared.forms.compiled import CompiledForm
from shared.forms.page import Page, PageQuestion


def without_reserved(page: Page, form: CompiledForm) -> Page:
    """The page without them, but for one that is given already."""
    reserved = {key: frozenset(map(str, codes)) for key, codes in reserved_codes(form).items()}
    if not reserved:
        return page

    def offered(question: PageQuestion) -> PageQuestion:
        codes = reserved.get(question.key, frozenset())
        kept = tuple(one for one in question.options if one.is_chosen or one.code not in codes)
        return question if kept == question.options else replace(question, options=kept)

    sections = (replace(one, questions=tuple(map(offered, one.questions))) for one in page.sections)
    return replace(page, sections=tuple(sections))
