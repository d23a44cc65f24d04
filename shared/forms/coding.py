"""Code systems such as ICD-10 and NCSP: their codes by date, found by code or by words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from shared.forms.definition import Option

BASE = "nb"
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ł": "l"})


def folded(text: str) -> str:
    """A text as it is compared: small letters without rings, strokes and accents, single blanks."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())


def squeezed(code: str) -> str:
    """A code as it is compared: `m 54.5` and `M545` are the same."""
    return "".join(sign for sign in folded(code) if sign.isalnum())


def is_valid_on(option: Option, day: str) -> bool:
    """Whether a code is in use on a day (ISO); without a day it is."""
    first, last = option.valid_from, option.valid_to
    return not day or ((first is None or first.isoformat() <= day) and (last is None or day <= last.isoformat()))


class _Rank(IntEnum):
    """How well an entry fits what was written; the least comes first."""

    CODE = 0
    BEGINS = 1
    WORDS = 2
    PARTS = 3


class _Entry(NamedTuple):
    option: Option
    code: str
    text: str


class Coding:
    """The codes of one version of a code system, or some of them. What has gone out of use is still known."""

    def __init__(self, key: str, version: int, options: Iterable[Option]) -> None:
        self.key, self.version = key, version
        self.options: Mapping[str, Option] = {str(option.code): option for option in options}

    def __len__(self) -> int:
        return len(self.options)

    def of(self, options: Iterable[Option]) -> Coding:
        """A list of this system's codes with its own texts."""
        return Coding(self.key, self.version, options)

    def beginning_with(self, letters: str) -> Coding:
        """The codes that begin with these letters."""
        return self.of(option for code, option in self.options.items() if code.startswith(letters))

    def option(self, code: object) -> Option | None:
        """The entry of a code as it is stored."""
        return self.options.get(str(code))

    def find(self, written: str) -> Option | None:
        """The code somebody wrote, with or without its full stop, in big or small letters."""
        return self.options.get(written) or self._by_code.get(squeezed(written))

    def search(self, written: str, days: Iterable[str] = ()) -> list[Option]:
        """The codes in use on one of the days that have all words, best first; all codes when nothing was written."""
        words, code, among = folded(written).split(), squeezed(written), tuple(days) or ("",)
        ranked = ((_rank(entry, words, code), number, entry.option) for number, entry in enumerate(self._entries))
        fitting = sorted((rank, number, option) for rank, number, option in ranked if rank is not None)
        return [option for _, _, option in fitting if any(is_valid_on(option, day) for day in among)]

    @cached_property
    def _entries(self) -> tuple[_Entry, ...]:
        return tuple(_Entry(o, squeezed(str(o.code)), f" {folded(o.label[BASE])}") for o in self.options.values())

    @cached_property
    def _by_code(self) -> Mapping[str, Option]:
        return {entry.code: entry.option for entry in reversed(self._entries)}


def _rank(entry: _Entry, words: list[str], code: str) -> _Rank | None:
    if code and entry.code.startswith(code):
        return _Rank.CODE if entry.code == code else _Rank.BEGINS
    begins = all(f" {word}" in entry.text for word in words)
    if begins or all(word in entry.text or _is_code(word, entry) for word in words):
        return _Rank.WORDS if begins else _Rank.PARTS
    return None


def _is_code(word: str, entry: _Entry) -> bool:
    code = squeezed(word)
    return bool(code) and entry.code.startswith(code)
