"""The organisation tree: region (RHF), organisation (HF), clinic, department, each with a RESH id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.identity.domain.errors import RuleBroken

LARGEST_ID = 2**31
LONGEST_NAME = 200


class UnitKind(StrEnum):
    """The four levels, top first."""

    REGION = "region"
    ORGANISATION = "organisation"
    CLINIC = "clinic"
    DEPARTMENT = "department"


LEVELS = tuple(UnitKind)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit of the tree; only a region has no parent."""

    resh: int
    kind: UnitKind
    name: str
    parent: int | None = None
    is_active: bool = True


class Tree:
    """All units, by RESH id and by parent."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.resh: unit for unit in units}

    def __iter__(self) -> Iterator[Unit]:
        """All units, in the order they were given."""
        return iter(self._units.values())

    def find(self, resh: int | None) -> Unit | None:
        """The unit with this RESH id, if any."""
        return self._units.get(resh) if resh is not None else None

    def of_kind(self, kind: UnitKind, *, under: int | None = None) -> list[Unit]:
        """Active units of a level, by name; those of a lower level only below `under`, so none without it."""
        found = (unit for unit in self if unit.kind is kind and unit.is_active and unit.parent == under)
        return sorted(found, key=lambda unit: unit.name.casefold())

    def path(self, resh: int) -> list[Unit]:
        """The unit and all above it, region first."""
        found: list[Unit] = []
        unit = self.find(resh)
        while unit is not None and unit not in found:
            found.append(unit)
            unit = self.find(unit.parent)
        return found[::-1]

    def region_of(self, resh: int) -> int | None:
        """RESH id of the region above a unit."""
        path = self.path(resh)
        return path[0].resh if path and path[0].kind is UnitKind.REGION else None


def check_units(units: Sequence[Unit], known: Tree) -> None:
    """Raise unless each unit has a good id and name and hangs under a unit of the level above, new or known."""
    after = Tree([*known, *units])
    if len({unit.resh for unit in units}) != len(units):
        raise RuleBroken("unit_stands_twice")
    for unit in units:
        check_unit(unit, after)


def check_unit(unit: Unit, tree: Tree) -> None:
    """Raise unless a unit of the tree has a good id and name and hangs under a unit of the level above."""
    if not 0 < unit.resh < LARGEST_ID:
        raise RuleBroken("unit_id_out_of_range", resh=unit.resh)
    if not unit.name.strip() or len(unit.name) > LONGEST_NAME:
        raise RuleBroken("unit_name_missing", resh=unit.resh)
    parent = tree.find(unit.parent)
    level = LEVELS.index(unit.kind)
    fits = parent is None and unit.parent is None if level == 0 else parent and parent.kind is LEVELS[level - 1]
    if not fits:
        raise RuleBroken("unit_under_wrong_parent", resh=unit.resh)


def changed_units(units: Iterable[Unit], known: Tree) -> list[Unit]:
    """Those that are new or differ from what is known."""
    return [unit for unit in units if known.find(unit.resh) != unit]
