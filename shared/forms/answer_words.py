"""One answer as people read it, whether or not its question shows now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from shared.forms.definition import UNKNOWN, Question, Type, say
from shared.forms.functions import INCLUSION
from shared.forms.page_codes import code_and_text
from shared.forms.problems import sentence, shown_value

PlaceName = Callable[[int], str]


def answer_words(question: Question, value: Any, language: str, place_name: PlaceName = str) -> str:
    """The words for an answer, or for several of a list; `place_name` names what the service keeps lists of.

    Rows and tables are many answers and are told by those who show them.
    """
    if value is None or value == []:
        return sentence("shown.nothing", language)
    if value == UNKNOWN:
        return say(question.missing.label, language) if question.missing else sentence("shown.unknown", language)
    if isinstance(value, list):
        return ", ".join(_one(question, one, language, place_name) for one in value)
    return _one(question, value, language, place_name)


def as_typed(question: Question, value: Any, language: str) -> str:
    """An answer as it stands in its field: options keep their codes, and nothing is nothing."""
    if value is None or value == UNKNOWN:
        return ""
    if question.calculate and question.calculate.function == INCLUSION:
        return plain(bool(value), language)
    if question.options and question.type is Type.COMPUTED:
        option = question.option(value)
        return say(option.label, language) if option else str(value)
    return code_and_text(question, value, language) if question.coding else plain(value, language)


def plain(value: Any, language: str) -> str:
    """A value that has no words of its own: yes and no, days, numbers and texts."""
    if isinstance(value, bool):
        return sentence("shown.yes" if value else "shown.no", language)
    if isinstance(value, Mapping | list):
        return ", ".join(plain(one, language) for one in value)
    if value is None:
        return sentence("shown.nothing", language)
    return shown_value(_as_day(value) if isinstance(value, str) else value, language)


def _one(question: Question, value: Any, language: str, place_name: PlaceName) -> str:
    if question.source and isinstance(value, int):
        return place_name(value) or str(value)
    option = question.option(value)
    if option is not None:
        return say(option.label, language)
    unit = say(question.unit, language) if question.unit else ""
    return f"{as_typed(question, value, language)} {unit}".strip()


def _as_day(text: str) -> date | str:
    """The day, if the text is one as documents write it."""
    if len(text) != len("2017-10-05"):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
