"""Take in the organisation tree and who takes part in a registry."""

from __future__ import annotations

from collections.abc import Sequence

from services.identity.domain.errors import RuleBroken
from services.identity.domain.organisation import Tree, Unit, UnitKind, changed_units, check_units
from services.identity.store.store import Store
from shared.contracts.identity import OrganisationChanged
from shared.outbox.unit_of_work import UnitOfWork


def import_organisations(
    registry: str, units: Sequence[Unit], *, participants: Sequence[int], uow: UnitOfWork[Store]
) -> int:
    """Store new and changed units and the registry's organisations; returns how many changed. May run at every start.

    Units that are missing from the list stay as they are, since accounts and applications point at them.
    """
    with uow() as store:
        return take_in(store, registry, units, participants)


def take_in(store: Store, registry: str, units: Sequence[Unit], participants: Sequence[int]) -> int:
    """Store what is new and changed of the units, and who takes part in the registry; returns how many changed."""
    known = store.units.tree()
    check_units(units, known)
    _check_participants(participants, Tree([*known, *units]))
    changed = changed_units(units, known)
    store.units.save(changed)
    store.units.set_participants(registry, participants)
    for unit in changed:
        store.emit(OrganisationChanged(organisation=unit.resh))
    return len(changed)


def _check_participants(participants: Sequence[int], tree: Tree) -> None:
    for resh in participants:
        unit = tree.find(resh)
        if unit is None or unit.kind is not UnitKind.ORGANISATION:
            raise RuleBroken("participant_is_no_organisation", resh=resh)
