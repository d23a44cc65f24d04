"""Takes in a code system's list as its owner gives it out; codes that it lost go out of use, and none vanishes."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.forms.catalogue import FOLDER, load_registry
from shared.forms.coding import Coding
from shared.forms.definition import Option, say
from shared.forms.read_codings import COLUMNS, read_coding, read_codings
from shared.forms.reading import Flaws


@dataclass(frozen=True)
class Comparison:
    """What a list would change: codes that are new, that have another text or other days, and that it lost."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    options: Sequence[Option]


def list_in_force(registry: str, key: str, imported: Path) -> Coding:
    """The list a registry uses now; KeyError when it uses no such code system."""
    folder = FOLDER / registry
    flaws = Flaws(folder)
    found = read_codings(folder, imported, flaws)
    flaws.stop()
    return found[key]


def read_given(file: Path, key: str, version: int) -> Coding:
    """The list of a file somebody has; DefinitionError when it is none."""
    flaws = Flaws(file.parent)
    found = read_coding(key, file, version, flaws)
    flaws.stop()
    return found


def compare(before: Coding, after: Coding, first_day: date) -> Comparison:
    """What becomes of a list when another one is in force from a day on."""
    gone = [code for code in before.options if code not in after.options]
    ended = (_ended(before.options[code], first_day) for code in gone)
    both = (code for code in after.options if code in before.options)
    return Comparison(
        new=tuple(code for code in after.options if code not in before.options),
        changed=tuple(code for code in both if after.options[code] != before.options[code]),
        gone=tuple(code for code in gone if _is_used_on(before.options[code], first_day)),
        options=sorted((*after.options.values(), *ended), key=lambda option: str(option.code)),
    )


def _is_used_on(option: Option, day: date) -> bool:
    return option.valid_to is None or option.valid_to >= day


def _ended(option: Option, first_day: date) -> Option:
    return replace(option, valid_to=first_day - timedelta(days=1)) if _is_used_on(option, first_day) else option


def write_list(registry: str, key: str, version: int, options: Sequence[Option], imported: Path) -> Path:
    """Put a list in force from the next start on. The registry is read with it first: DefinitionError if it cannot."""
    with TemporaryDirectory() as trial:
        _write(Path(trial, registry, key), version, options)
        load_registry(FOLDER / registry, imported_codings=Path(trial))
    return _write(imported / registry / key, version, options)


def _write(folder: Path, version: int, options: Sequence[Option]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file, unready = folder / f"{version}.csv", folder / f"{version}.unready"
    with unready.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(option) for option in options)
    return unready.replace(file)


def _cells(option: Option) -> Iterator[str]:
    yield from (str(option.code), say(option.label, "nb"))
    yield from (day.isoformat() if day else "" for day in (option.valid_from, option.valid_to))
