"""Take in the organisation tree from a file: looked at first, then taken in as it was looked at or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.organisation import Tree, Unit, changed_units
from services.identity.domain.organisation_file import Fault, fitting_faults, read_file, tree_after, write_file
from services.identity.domain.roles import RoleCode
from services.identity.store.store import Store
from services.identity.usecases.acting import administrator, log_act
from services.identity.usecases.import_organisations import take_in
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class TreeChange:
    """What a file would do; with `faults` nothing. `mark` stands for the file and for what it was held against."""

    added: list[Unit]
    changed: list[tuple[Unit, Unit]]
    ended: list[Unit]
    joining: list[Unit]
    leaving: list[Unit]
    faults: list[Fault]
    mark: str
    units: list[Unit]
    participants: list[int]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.added or self.changed or self.ended or self.joining or self.leaving)


def preview_tree(content: bytes, *, registries: Collection[str], by: Principal, uow: UnitOfWork[Store]) -> TreeChange:
    """What the file would change now, or every fault it has."""
    with uow.reading() as store:
        return _compared(content, store, registries, by)


def import_tree(
    content: bytes, mark: str, *, registries: Collection[str], by: Principal, uow: UnitOfWork[Store]
) -> TreeChange:
    """Take the file in as it was looked at; raises RuleBroken when it has faults or something was changed since."""
    with uow() as store:
        change = _compared(content, store, registries, by)
        if change.faults:
            raise RuleBroken("organisation_file_has_faults")
        if change.mark != mark:
            raise RuleBroken("organisations_changed_since")
        take_in(store, by.registry or "", change.units, change.participants)
        counts = {"added": len(change.added), "changed": len(change.changed), "ended": len(change.ended)}
        counts |= {"joining": len(change.joining), "leaving": len(change.leaving)}
        log_act(store, by, "organisations", reason="from a file", change=counts)
        return change


def _compared(content: bytes, store: Store, registries: Collection[str], by: Principal) -> TreeChange:
    admin = administrator(store, by)
    if admin.role is not RoleCode.SC:
        raise NotFound
    known = store.units.choices()
    rows, faults = read_file(content, registries)
    faults = faults or fitting_faults(rows, known.tree, admin.place.registry, known.participants)
    after = tree_after([row.unit for row in rows], known.tree)
    before = set(known.participants.get(admin.place.registry, ()))
    named = {row.unit.resh for row in rows}
    # Who is left out of the file is inactive; that it took part is kept for the day it is active again.
    now = {row.unit.resh for row in rows if admin.place.registry in row.registries} | (before - named)
    changed = [] if faults else changed_units(after, known.tree)
    return TreeChange(
        added=[unit for unit in changed if known.tree.find(unit.resh) is None],
        changed=[(old, unit) for unit in changed if (old := known.tree.find(unit.resh)) and not _ends(old, unit)],
        ended=[unit for unit in changed if (old := known.tree.find(unit.resh)) and _ends(old, unit)],
        joining=[] if faults else _units(now - before, after),
        leaving=[] if faults else _units(before - now, after),
        faults=faults,
        mark=_mark(content, known.tree, known.participants),
        units=changed,
        participants=sorted(now),
    )


def _ends(old: Unit, new: Unit) -> bool:
    return old.is_active and not new.is_active


def _units(ids: Collection[int], tree: Tree) -> list[Unit]:
    return [unit for resh in sorted(ids) if (unit := tree.find(resh)) is not None]


def _mark(content: bytes, tree: Tree, participants: Mapping[str, Collection[int]]) -> str:
    return hashlib.sha256(content + b"\0" + write_file(tree, participants).encode()).hexdigest()
