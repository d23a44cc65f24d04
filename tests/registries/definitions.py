"""SmerteReg's files as they stand, without the engine: what each definition writes, and what the register has."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "registries" / "smertereg"
FORMS = ("po", "to", "b11", "b12", "b21", "b22", "pasreg", "hads", "eval", "opioid")
CLINICIAN_FORMS, PATIENT_FORMS = FORMS[:6], FORMS[6:]


@dataclass(frozen=True)
class Written:
    """One register variable that a question, option or table row writes."""

    form: str
    table: str
    field: str
    name: str
    type: str
    codelist: str | None


def versions_of(form: str) -> list[int]:
    return sorted(int(file.stem[1:]) for file in (FOLDER / "forms" / form).glob("v[1-9].yaml"))


@cache
def read_form(form: str, version: int | None = None) -> dict[str, Any]:
    file = FOLDER / "forms" / form / f"v{version or versions_of(form)[-1]}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@cache
def read_registry() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "registry.yaml").read_text(encoding="utf-8"))


@cache
def read_unmapped() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "unmapped.yaml").read_text(encoding="utf-8"))


@cache
def read_csv(name: str) -> tuple[dict[str, str], ...]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter=";"))


def codes_of(codelist: str) -> list[str]:
    return [row["code"] for row in read_csv(f"codelists/{codelist}.csv")]


def questions_of(form: str, version: int | None = None) -> Iterator[dict[str, Any]]:
    """Every question of a form, of its newest version by default; those of repeating rows too."""
    for section in read_form(form, version)["sections"]:
        for question in section["questions"]:
            yield question
            yield from question.get("questions", ())


def question(form: str, key: str) -> dict[str, Any]:
    return next(q for q in questions_of(form) if q["key"] == key)


def written_by(form: str) -> list[Written]:
    """What a form writes: its questions, the options of tick lists, the rows of its tables."""
    definition, found = read_form(form), []
    for section in definition["sections"]:
        for item in section["questions"]:
            inner = item.get("questions")
            table = item["table"] if inner else definition["table"]
            for part in inner or [item]:
                found += _of_question(form, table, part)
    return found


def _of_question(form: str, table: str, item: dict[str, Any]) -> Iterator[Written]:
    def write(part: dict[str, Any], kind: str) -> Written:
        return Written(form, table, part["field"], part["name"], kind, part.get("codelist"))

    if "field" in item:
        yield write(item, "code" if "coding" in item and "codelist" not in item else item["type"])
    for key, kind in (("options", "tick"), ("missing_field", "tick"), ("sum", "number")):
        parts = item.get(key, ())
        for part in [parts] if isinstance(parts, dict) else parts:
            if "field" in part:
                yield write(part, kind)
    for row in item.get("rows", ()):
        yield write(row, "tick")
        yield Written(form, table, row["times_field"], row["times_name"], "number", None)
    if item["type"] == "opioid_table":
        yield from _doses(form, table, item)


def _doses(form: str, table: str, item: dict[str, Any]) -> Iterator[Written]:
    suffix = item["name_suffix"]
    for row in read_csv(f"opioids/v{item['preparations']}.csv"):
        yield Written(form, table, f"{row['field']}_DOSAGE", f"DD{row['name']}{suffix}", "number", None)
        yield Written(form, table, f"{row['field']}_OMEQ", f"OMEQ{row['name']}{suffix}", "number", None)
