"""Reads code systems: the registry's own list of each, or the one that was imported in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from shared.forms.coding import Coding
from shared.forms.definition import Option
from shared.forms.read_lists import day_of
from shared.forms.reading import Flaws, read_csv
from shared.forms.registry_rules import RegistryRules

COLUMNS = ("code", "text", "valid_from", "valid_to")
FOLDER = "codings"


def newest(folder: Path) -> Path | None:
    """The list of the newest version, `<version>.csv`, in the folder of a code system."""
    versions = [file for file in folder.glob("*.csv") if file.stem.isdecimal()]
    return max(versions, key=lambda file: int(file.stem), default=None)


def read_codings(registry: Path, imported: Path | None, flaws: Flaws) -> Mapping[str, Coding]:
    """All code systems of a registry by key; an imported list stands in for its own, even for a newer one."""
    found = {}
    for folder in sorted(path for path in (registry / FOLDER).glob("*") if path.is_dir()):
        own = newest(folder)
        theirs = newest(imported / registry.name / folder.name) if imported else None
        file = theirs or own
        if own is None or file is None:
            flaws.add(folder, "", "has no <version>.csv")
        else:
            found[folder.name] = read_coding(folder.name, file, int(file.stem), flaws)
    return found


def in_force(rules: RegistryRules | None, codings: Mapping[str, Coding]) -> RegistryRules | None:
    """The rules with the versions of the lists that are in force, which are kept with each code."""
    versions = {key: coding.version for key, coding in codings.items()}
    return replace(rules, codings={**rules.codings, **versions}) if rules else None


def read_coding(key: str, file: Path, version: int, flaws: Flaws) -> Coding:
    """One list: `code;text;valid_from;valid_to`, as the owner of the code system gives it out."""
    rows = read_csv(file, COLUMNS, flaws)
    for number, row in enumerate(rows, 2):
        if not row["code"].strip() or not row["text"].strip():
            flaws.add(file, f"line {number}", "has no code or no text")
    coding = Coding(key, version, (_option(row, file, flaws) for row in rows))
    if len(coding) < len(rows):
        flaws.add(file, "code", "has the same code twice")
    return coding


def _option(row: Mapping[str, str], file: Path, flaws: Flaws) -> Option:
    code = row["code"].strip()
    first, last = (day_of(row[name].strip(), file, code, flaws) for name in ("valid_from", "valid_to"))
    return Option(code, {"nb": row["text"].strip()}, valid_from=first, valid_to=last)
