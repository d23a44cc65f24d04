"""What is wrong with an answer, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from shared.forms.definition import Text, say
from shared.yaml_file import read_yaml_file

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Problem:
    """Something about the answer at `path` (a question's key, or `rows.<id>.<key>`); `text` is a key of the texts."""

    path: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def message(self, language: str = "nb") -> str:
        """The sentence for the user; dates as dd.mm.yyyy, numbers with a comma."""
        shown = {name: shown_value(value, language) for name, value in self.values.items()}
        return sentence(self.text, language, **shown)


Missing = Problem


class Refused(Exception):  # noqa: N818 - says what is
    """A raw answer that cannot be read; becomes a Problem once its path is known."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text, self.values = text, values

    def at(self, path: str) -> Problem:
        """The problem at a path."""
        return Problem(path, self.text, self.values)


def shown_value(value: object, language: str) -> str:
    """A bound or label as users read it."""
    if isinstance(value, Mapping):
        return say(value, language)
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, int | float):
        text = f"{Decimal(str(+value)).normalize():f}"
        return text if language == "en" else text.replace(".", ",")
    return str(value)


def sentence(key: str, language: str, **values: str) -> str:
    """A sentence of the engine with its values filled in; bokmål where a language lacks it."""
    texts = _texts()
    return (texts[language].get(key) or texts["nb"][key]).format(**values)


def said(key: str, parts: Text | None = None) -> Text:
    """A sentence of the engine in all languages; `parts` are what `part` stands for in each."""
    return {language: sentence(key, language, part=say(parts or {}, language)) for language in _texts()}


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    found = {}
    for language in ("nb", "nn", "en"):
        body = read_yaml_file(TEXTS / f"{language}.yaml")
        found[language] = {f"{group}.{key}": words for group, part in body.items() for key, words in part.items()}
    return found
