"""Reads files into checked pieces; what is wrong is collected with its place, so that all flaws show at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from shared.forms.definition import Text
from shared.forms.errors import DefinitionError, Flaw
from shared.yaml_file import Unreadable, read_yaml_file

LANGUAGES = ("nb", "nn", "en")
KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


@dataclass
class Flaws:
    """What is wrong so far in one registry."""

    root: Path
    found: list[Flaw] = field(default_factory=list)

    def add(self, file: Path, path: str, message: str) -> None:
        """Note a flaw."""
        name = file.relative_to(self.root).as_posix() if file.is_relative_to(self.root) else file.name
        self.found.append(Flaw(name, path, message))

    def stop(self) -> None:
        """Refuse the registry if anything is wrong."""
        if self.found:
            raise DefinitionError(self.found)


class Node:
    """A mapping of a file: each key is taken once, with its kind; keys nobody took are refused."""

    def __init__(self, body: object, file: Path, path: str, flaws: Flaws) -> None:
        self.file, self.path, self.flaws = file, path, flaws
        self._body: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
        self._taken: set[str] = set()
        if not isinstance(body, Mapping):
            flaws.add(file, path, "must be a mapping")

    def at(self, key: object) -> str:
        """The place of a key in the file."""
        return f"{self.path}.{key}" if self.path else str(key)

    def flaw(self, key: str, message: str) -> None:
        """Note that a key's value is wrong."""
        self.flaws.add(self.file, self.at(key) if key else self.path, message)

    def has(self, key: str) -> bool:
        """Whether the file has the key."""
        return key in self._body

    def names(self) -> list[Any]:
        """All keys of the mapping, taken from now on."""
        self._taken.update(self._body)
        return list(self._body)

    def take(self, key: str, kind: type[T] | tuple[type, ...], *, needed: bool = False) -> T | None:
        """The value of a key if it is of the kind; a flaw is noted otherwise."""
        self._taken.add(key)
        if key not in self._body or self._body[key] is None:
            if needed:
                self.flaw(key, "is missing")
            return None
        value = self._body[key]
        is_wrong_bool = isinstance(value, bool) and kind is not bool and kind is not object
        if is_wrong_bool or not isinstance(value, kind):
            self.flaw(key, f"is not {_name(kind)}: {value!r}")
            return None
        return value  # type: ignore[return-value] # isinstance has just said so

    def string(self, key: str, default: str = "", *, needed: bool = False) -> str:
        """A text."""
        return self.take(key, str, needed=needed) or default

    def word(self, key: str) -> str:
        """A key in snake_case; needed."""
        value = self.string(key, needed=True)
        if value and not KEY.match(value):
            self.flaw(key, f"is not in snake_case: {value!r}")
        return value

    def integer(self, key: str, default: int = 0, *, needed: bool = False) -> int:
        """A whole number."""
        value = self.take(key, int, needed=needed)
        return default if value is None else value

    def flag(self, key: str) -> bool:
        """True or false; false when left out."""
        return bool(self.take(key, bool))

    def day(self, key: str) -> date | None:
        """A date."""
        return self.take(key, date)

    def one_of(self, key: str, kinds: type[E], *, needed: bool = True) -> E | None:
        """One of an enumeration's values."""
        value = self.string(key, needed=needed)
        if not value:
            return None
        try:
            return kinds(value)
        except ValueError:
            self.flaw(key, f"is none of {', '.join(kinds)}: {value!r}")
            return None

    def text(self, key: str, *, needed: bool = False) -> Text | None:
        """Texts per language, bokmål at least."""
        body = self.take(key, dict, needed=needed)
        if body is None:
            return None
        for language, words in body.items():
            if language not in LANGUAGES or not isinstance(words, str) or not words.strip():
                self.flaw(key, f"is not a text in nb, nn or en: {language}: {words!r}")
        if "nb" not in body:
            self.flaw(key, "has no nb")
        return {str(language): str(words) for language, words in body.items()}

    def node(self, key: str, *, needed: bool = False) -> Node | None:
        """A mapping inside this one."""
        body = self.take(key, dict, needed=needed)
        return None if body is None else Node(body, self.file, self.at(key), self.flaws)

    def nodes(self, key: str, *, needed: bool = False) -> list[Node]:
        """A list of mappings; each is named by its key where it has one."""
        items = self.take(key, list, needed=needed) or []
        return [Node(item, self.file, f"{self.at(key)}[{_label(item, i)}]", self.flaws) for i, item in enumerate(items)]

    def close(self, also: Collection[str] = ()) -> None:
        """Refuse the keys nobody took."""
        for key in self._body:
            if key not in self._taken and key not in also:
                self.flaw(str(key), "is an unknown key")


def _label(item: object, index: int) -> str:
    if isinstance(item, Mapping):
        return str(item.get("key") or item.get("code", index))
    return str(index)


def _name(kind: type | tuple[type, ...]) -> str:
    names = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "a mapping"}
    return "or ".join(names.get(k, k.__name__) for k in (kind if isinstance(kind, tuple) else (kind,)))


def read_yaml(file: Path, flaws: Flaws) -> Node | None:
    """A YAML file as a mapping; None with a flaw noted when it cannot be read."""
    try:
        body = read_yaml_file(file)
    except FileNotFoundError:
        flaws.add(file, "", "does not exist")
    except (Unreadable, UnicodeDecodeError) as error:
        flaws.add(file, "", f"is not YAML: {' '.join(str(error).split())}")
    else:
        return Node(body, file, "", flaws)
    return None


def read_csv(file: Path, needed: Collection[str], flaws: Flaws) -> list[dict[str, str]]:
    """The rows of a `;` separated file with a header; a missing file or column is a flaw."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, delimiter=";", restkey="*", restval="")
            rows: list[dict[str, str]] = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        flaws.add(file, "", f"cannot be read: {type(error).__name__}")
        return []
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        flaws.add(file, "line 1", f"has no column {', '.join(missing)}")
        return []
    for number, row in enumerate(rows, 2):
        if "*" in row:
            flaws.add(file, f"line {number}", "has more cells than the header")
    return rows
