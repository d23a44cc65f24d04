"""What an extract made for release is: its life, its sheets, its codebook and its smallest cell. No identity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

CODEBOOK = ("variable", "column", "type", "label", "unit", "code", "code_label")


class ExtractState(StrEnum):
    """Asked for, made, impossible, or taken back because somebody in it has reserved."""

    REQUESTED = "requested"
    READY = "ready"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column of a sheet, and where the register keeps it. What has codes puts persons into categories."""

    name: str
    column: str
    label: str = ""
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One question that may leave the register. A question with rows has no fields but `inner` questions that have."""

    name: str
    form: str
    question: str
    type: str
    fields: tuple[Field, ...] = ()
    inner: tuple[Variable, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Course:
    """One course in an extract."""

    pid: int
    course_id: int
    started_on: date


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of an extract: lines of values by course, as many as there are rows."""

    name: str
    fields: Sequence[Field]
    lines: Mapping[int, Sequence[Sequence[Any]]]

    def __repr__(self) -> str:
        """Say nothing about the answers: a traceback may end in a log."""
        return f"Sheet({self.name})"


def table(sheet: Sheet, courses: Sequence[Course], pseudonym: Callable[[int], str]) -> Iterator[list[str]]:
    """A header and all lines; a person is a pseudonym of the project's own, a course its number in time."""
    yield ["person", "course", *(field.name for field in sheet.fields)]
    # By pseudonym and not by PID: the order of registration would tell something.
    known = {course.pid: pseudonym(course.pid) for course in courses}
    seen: dict[int, int] = {}
    for course in sorted(courses, key=lambda one: (known[one.pid], one.started_on, one.course_id)):
        seen[course.pid] = seen.get(course.pid, 0) + 1
        for values in sheet.lines.get(course.course_id, ()):
            yield [known[course.pid], str(seen[course.pid]), *map(_written, values)]


def codebook(variables: Sequence[Variable]) -> Iterator[list[str]]:
    """A header, and for each column a line and a line for every code."""
    yield list(CODEBOOK)
    for one in (one for variable in variables for one in variable.inner or (variable,)):
        for found in one.fields:
            about = [one.name, found.name, one.type, found.label, found.unit]
            yield [*about, "", ""]
            yield from ([*about, code, label] for code, label in found.codes.items())


def smallest_cell(sheets: Sequence[Sheet], courses: Sequence[Course]) -> int:
    """The fewest persons who share a category of any column; never more than there are persons."""
    pids = {course.course_id: course.pid for course in courses}
    fewest = len(set(pids.values()))
    for sheet in sheets:
        for place in (number for number, found in enumerate(sheet.fields) if found.codes):
            cells: dict[Any, set[int]] = {}
            for course_id, lines in sheet.lines.items():
                for values in lines:
                    if values[place] is not None:
                        cells.setdefault(values[place], set()).add(pids[course_id])
            fewest = min([fewest, *(len(persons) for persons in cells.values())])
    return fewest


def _written(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
