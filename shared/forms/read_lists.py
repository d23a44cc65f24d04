"""Reads code lists and lists of opioid preparations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path

from shared.forms.definition import Code, Option, Preparation, Preparations
from shared.forms.reading import KEY, Flaws, read_csv

VERSION = re.compile(r"v([1-9][0-9]*)\Z")
WHOLE = re.compile(r"(0|-?[1-9][0-9]*)\Z")
STATUSES = ("given", "derived", "doubtful")
PREPARATION_COLUMNS = ("key", "nb", "unit", "factor", "steps", "field", "name", "source", "valid_from", "status")


def read_codelists(folder: Path, flaws: Flaws) -> dict[str, tuple[Option, ...]]:
    """All code lists of a folder, by name."""
    return {file.stem: _codelist(file, flaws) for file in sorted(folder.glob("*.csv"))}


def _codelist(file: Path, flaws: Flaws) -> tuple[Option, ...]:
    rows = read_csv(file, ("code", "nb"), flaws)
    codes = codes_of([row["code"].strip() for row in rows])
    for number, row in enumerate(rows, 2):
        if not row["code"].strip() or not row["nb"].strip():
            flaws.add(file, f"line {number}", "has no code or no nb")
    if len(set(codes)) != len(codes):
        flaws.add(file, "code", "has the same code twice")
    if not codes:
        flaws.add(file, "code", "has no codes")
    return tuple(_option(code, row, file, flaws) for code, row in zip(codes, rows, strict=True))


def codes_of(written: Sequence[str]) -> list[Code]:
    """Codes as integers when all are whole numbers, as texts otherwise."""
    return [int(code) for code in written] if all(map(WHOLE.match, written)) else list(written)


def _option(code: Code, row: Mapping[str, str], file: Path, flaws: Flaws) -> Option:
    label = {language: row[language] for language in ("nb", "nn", "en") if row.get(language)}
    first, last = (day_of(row.get(name, ""), file, str(code), flaws) for name in ("valid_from", "valid_to"))
    return Option(code, label, valid_from=first, valid_to=last)


def day_of(written: str, file: Path, place: str, flaws: Flaws) -> date | None:
    """A date as written in a list; None when there is none."""
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        flaws.add(file, place, f"is not a date: {written!r}")
        return None


def read_preparations(folder: Path, flaws: Flaws) -> dict[int, Preparations]:
    """All versions of the preparations, by version."""
    found: dict[int, Preparations] = {}
    for file in sorted(folder.glob("*.csv")):
        factors = read_factors(file, flaws)
        if factors:
            found[factors.version] = factors
    return found


def read_factors(file: Path, flaws: Flaws) -> Preparations | None:
    """One version of the preparations, in a file named by it."""
    version = VERSION.match(file.stem)
    if not version:
        flaws.add(file, "", "is not named v<N>.csv")
        return None
    rows = read_csv(file, PREPARATION_COLUMNS, flaws)
    items = tuple(_preparation(row, file, flaws) for row in rows)
    for column, values in {"key": [i.key for i in items], "field": [i.field for i in items]}.items():
        if len(set(values)) != len(values):
            flaws.add(file, column, "has the same value twice")
    return Preparations(int(version[1]), items)


def _preparation(row: Mapping[str, str], file: Path, flaws: Flaws) -> Preparation:
    key = row["key"]
    for name in ("nb", "unit", "field", "name", "source"):
        if not row[name].strip():
            flaws.add(file, key, f"has no {name}")
    if not KEY.match(key):
        flaws.add(file, key, "is not in snake_case")
    if row["status"] not in STATUSES:
        flaws.add(file, key, f"has a status that is none of {', '.join(STATUSES)}")
    return Preparation(
        key=key,
        label={language: row[language] for language in ("nb", "nn", "en") if row.get(language)},
        unit=row["unit"],
        atc=row.get("atc", ""),
        steps=_steps(row, file, flaws),
        field=row["field"],
        name=row["name"],
        source=row["source"],
        valid_from=day_of(row["valid_from"], file, key, flaws) or date.min,
        status=row["status"],
        note=row.get("note", ""),
    )


def _steps(row: Mapping[str, str], file: Path, flaws: Flaws) -> tuple[tuple[Decimal, Decimal], ...]:
    if bool(row["factor"]) == bool(row["steps"]):
        flaws.add(file, row["key"], "needs either factor or steps")
        return ()
    written = f"0:{row['factor']}" if row["factor"] else row["steps"]
    try:
        steps = tuple(_step(step) for step in written.split("|"))
    except (InvalidOperation, ValueError):
        flaws.add(file, row["key"], f"has a factor that is not a number: {written!r}")
        return ()
    _check_steps(steps, file, row["key"], flaws)
    return steps


def _step(written: str) -> tuple[Decimal, Decimal]:
    start, factor = written.split(":")
    return Decimal(start), Decimal(factor)


def _check_steps(steps: Sequence[tuple[Decimal, Decimal]], file: Path, key: str, flaws: Flaws) -> None:
    if steps[0][0] != 0:
        flaws.add(file, key, "has steps that do not begin at 0")
    if not all(factor.is_finite() and factor > 0 for _, factor in steps):
        flaws.add(file, key, "has a factor that is not above 0")
    for (start, factor), (next_start, next_factor) in pairwise(steps):
        if next_start <= start:
            flaws.add(file, key, "has steps that do not rise")
        elif next_start * next_factor < next_start * factor:
            flaws.add(file, key, f"counts more as less morphine at {next_start}")
