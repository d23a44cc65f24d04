"""Code systems such as ICD-10 and NCSP: their codes by date, found by code or by words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from shared.forms.definition import Option

BASE, ALWAYS = "nb", "9999-12-31"
_LETTERS = str.maketrans({"å": "a", "ø": "o", "æ": "ae", "ä": "a", "ö": "o", "é": "e", "đ": "d", "ł": "l"})


def folded(text: str) -> str:
    """A text as it is compared: small letters without rings, strokes and accents, single blanks."""
    plain = text.casefold().translate(_LETTERS)
    if not plain.isascii():
        plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return " ".join(plain.split())


def squeezed(code: str) -> str:
    """A code as it is compared: `m 54.5` and `M545` are the same."""
    return "".join(sign for sign in folded(code) if sign.isalnum())


def is_valid_on(option: Option, day: str) -> bool:
    """Whether a code is in use on a day (ISO); without a day it is."""
    first, last = option.valid_from, option.valid_to
    return not day or ((first is None or first.isoformat() <= day) and (last is None or day <= last.isoformat()))


class _Entry(NamedTuple):
    """An option as it is compared; the text begins with a blank, so that each word has one before it."""

    option: Option
    code: str
    text: str
    first: str
    last: str

    def is_valid(self, days: tuple[str, ...]) -> bool:
        """Whether it is in use on one of the days."""
        return not days or any(self.first <= day <= self.last for day in days)


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
        words, whole, among = folded(written).split(), squeezed(written), tuple(day for day in days if day)
        by_code = [entry for entry in self._entries if whole and entry.code.startswith(whole)]
        by_words: Iterable[_Entry] = self._entries
        for word in words:
            code = squeezed(word) or word
            by_words = [entry for entry in by_words if word in entry.text or entry.code.startswith(code)]
        exact = [entry for entry in by_code if entry.code == whole]
        begun = [entry for entry in by_words if all(f" {word}" in entry.text for word in words)]
        found = {entry.option.code: entry for entry in (*exact, *by_code, *begun, *by_words)}
        return [entry.option for entry in found.values() if entry.is_valid(among)]

    @cached_property
    def _entries(self) -> tuple[_Entry, ...]:
        return tuple(map(_entry, self.options.values()))

    @cached_property
    def _by_code(self) -> Mapping[str, Option]:
        return {entry.code: entry.option for entry in reversed(self._entries)}


def _entry(option: Option) -> _Entry:
    first = option.valid_from.isoformat() if option.valid_from else ""
    last = option.valid_to.isoformat() if option.valid_to else ALWAYS
    return _Entry(option, squeezed(str(option.code)), f" {folded(option.label[BASE])}", first, last)
