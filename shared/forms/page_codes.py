"""The codes of a long list as a page offers them: all of a short one, of a longer one those that were searched for."""

from __future__ import annotations

from typing import Any

from shared.forms.checks import days_of_use
from shared.forms.coding import Coding
from shared.forms.definition import Code, Option, Question, say
from shared.forms.page import PageOption, PageSearch
from shared.forms.standing import Shown

MOST_WITHOUT_SEARCH, MOST_UNASKED, MOST_LISTED = 12, 40, 25


def code_and_text(question: Question, code: Code, language: str) -> str:
    """A code as people read it; a number made up for a list says nothing and is left out."""
    option = question.option(code)
    text = say(option.label, language) if option else ""
    return text if text and str(code).isdigit() else f"{code} {text}".strip()


def page_codes(shown: Shown, words: str, language: str) -> dict[str, Any]:
    """Options and search of a question whose answers are codes of a code system; what was chosen is always there."""
    question, chosen = shown.item.question, shown.value
    coding = question.coding or Coding("", 0, ())
    is_searched = len(coding) > MOST_WITHOUT_SEARCH
    is_asked = bool(words) or len(coding) <= MOST_UNASKED
    found = coding.search(words, days_of_use(shown.view)) if is_asked else []
    codes = [option.code for option in _listed(found, chosen, has_words=bool(words))]
    options = tuple(
        PageOption(
            id=shown.path if number == 0 and not is_searched else f"{shown.path}.{code}",
            code=str(code),
            label=code_and_text(question, code, language),
            is_chosen=code == chosen,
        )
        for number, code in enumerate(codes)
    )
    search = PageSearch(
        name=f"{shown.path}.words", words=words, found=len(found), listed=len(options), size=len(coding)
    )
    return {"options": options, "search": search if is_searched else None}


def _listed(found: list[Option], chosen: Code | None, *, has_words: bool) -> list[Option]:
    listed = found[:MOST_LISTED] if has_words else found
    if chosen is None or any(option.code == chosen for option in listed):
        return listed
    return [Option(chosen, {}), *listed]
