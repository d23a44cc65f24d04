"""The organisation tree as a file: one line a unit, semicolons between the columns, read with every fault it has."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.identity.domain.errors import RuleBroken
from services.identity.domain.organisation import Tree, Unit, UnitKind, check_unit

COLUMNS = ("resh_id", "kind", "name", "parent_resh_id", "registries", "active")
ACTIVE = {"1": True, "0": False}
BETWEEN_REGISTRIES = " "
# What a spreadsheet would run when the file is opened in it.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
MOST_DIGITS = 10


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong in a line of the file; line 1 is the header."""

    line: int
    code: str


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """One good line: the unit, and the registries in which it takes part."""

    line: int
    unit: Unit
    registries: frozenset[str]


def write_file(tree: Tree, participants: Mapping[str, Collection[int]]) -> str:
    """The whole tree, by level and RESH id."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    levels = list(UnitKind)
    for unit in sorted(tree, key=lambda unit: (levels.index(unit.kind), unit.resh)):
        registries = sorted(key for key, members in participants.items() if unit.resh in members)
        parent = "" if unit.parent is None else unit.parent
        writer.writerow(
            [unit.resh, unit.kind.value, unit.name, parent, BETWEEN_REGISTRIES.join(registries), int(unit.is_active)]
        )
    return text.getvalue()


def read_file(content: bytes, known_registries: Collection[str]) -> tuple[list[FileRow], list[Fault]]:
    """The good lines of a file, and the faults of the others; how the units fit together is not looked at yet."""
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
        read = [(lines.line_num, cells) for cells in lines]
    except (UnicodeDecodeError, csv.Error):
        return [], [Fault(line=1, code="file_unreadable")]
    if not read or tuple(cell.strip() for cell in read[0][1]) != COLUMNS:
        return [], [Fault(line=1, code="file_header_unknown")]
    rows: list[FileRow] = []
    faults: list[Fault] = []
    for line, cells in read[1:]:
        try:
            rows += _rows(line, [cell.strip() for cell in cells], known_registries)
        except RuleBroken as broken:
            faults.append(Fault(line=line, code=broken.code))
    return rows, faults


def fitting_faults(
    rows: Sequence[FileRow], known: Tree, own: str, members: Mapping[str, Collection[int]]
) -> list[Fault]:
    """What is wrong with good lines together: with each other, with what is known, and with whose registry it is."""
    after, seen = tree_after([row.unit for row in rows], known), set()
    faults = []
    for row in rows:
        codes = [*_unit_faults(row.unit, after, known), *_participation_faults(row, own, members)]
        codes += ["unit_stands_twice"] if row.unit.resh in seen else []
        seen.add(row.unit.resh)
        faults += [Fault(line=row.line, code=code) for code in codes]
    return faults


def tree_after(units: Sequence[Unit], known: Tree) -> Tree:
    """The tree when a file with these units is taken in: what it does not name stays, but is inactive."""
    gone = [Unit(resh=u.resh, kind=u.kind, name=u.name, parent=u.parent, is_active=False) for u in known]
    return Tree([*gone, *units])


def _rows(line: int, cells: list[str], known_registries: Collection[str]) -> Iterator[FileRow]:
    if not any(cells):
        return
    if len(cells) != len(COLUMNS):
        raise RuleBroken("row_has_wrong_columns")
    resh, kind, name, parent, registries, active = cells
    if kind not in {known.value for known in UnitKind}:
        raise RuleBroken("unit_kind_unknown")
    if active not in ACTIVE:
        raise RuleBroken("unit_active_unknown")
    if name.startswith(FORMULAS):
        raise RuleBroken("unit_name_is_formula")
    taking_part = frozenset(registries.split())
    if not taking_part <= set(known_registries):
        raise RuleBroken("registry_unknown")
    over = _number(parent) if parent else None
    unit = Unit(resh=_number(resh), kind=UnitKind(kind), name=name, parent=over, is_active=ACTIVE[active])
    yield FileRow(line=line, unit=unit, registries=taking_part)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > MOST_DIGITS:
        raise RuleBroken("unit_id_out_of_range")
    return int(text)


def _unit_faults(unit: Unit, after: Tree, known: Tree) -> Iterator[str]:
    try:
        check_unit(unit, after)
    except RuleBroken as broken:
        yield broken.code
        return
    old, parent = known.find(unit.resh), after.find(unit.parent)
    if old is not None and old.kind is not unit.kind:
        yield "unit_kind_changed"
    if unit.is_active and parent is not None and not parent.is_active:
        yield "unit_under_inactive"


def _participation_faults(row: FileRow, own: str, members: Mapping[str, Collection[int]]) -> Iterator[str]:
    if row.registries and row.unit.kind is not UnitKind.ORGANISATION:
        yield "participant_is_no_organisation"
    before = {key for key, found in members.items() if row.unit.resh in found}
    if (row.registries ^ before) - {own}:
        yield "participation_not_yours"
