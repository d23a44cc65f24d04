"""The organisation tree is taken in: what is new and what changed, whatever the order of the list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.identity.domain.errors import RuleBroken
from services.identity.domain.organisation import Unit, UnitKind
from services.identity.queries.feeds import all_units
from services.identity.usecases.import_organisations import import_organisations
from tests.identity.world import UNITS


def units(identity):
    return {unit.resh: unit for unit in all_units(database=identity.database, clock=identity.clock)}


def take_in(identity, *changed, participants=(10, 20)):
    return import_organisations("smertereg", changed, participants=list(participants), uow=identity.uow)


@pytest.mark.req("IDN-12")
def test_new_and_changed_units_are_stored_and_told_and_the_others_stay(identity):
    before, told = units(identity), len(identity.events())
    renamed = replace(before[20], name="Fjord universitetssykehus", is_active=False)
    department = Unit(resh=3000, kind=UnitKind.DEPARTMENT, name="Dagpost", parent=300)
    clinic = Unit(resh=300, kind=UnitKind.CLINIC, name="Medisin", parent=20)

    assert take_in(identity, department, clinic, before[10], renamed) == 3

    assert units(identity) == before | {20: renamed, 300: clinic, 3000: department}
    assert {event.organisation for event in identity.events()[told:]} == {20, 300, 3000}
    assert take_in(identity, *UNITS[:1]) == 0


@pytest.mark.req("IDN-12")
def test_who_takes_part_is_as_the_list_says_and_only_organisations_do(identity):
    take_in(identity, participants=[20])
    with identity.uow() as store:
        assert store.units.choices().participants == {"smertereg": [20]}
    for resh in (100, 999):
        with pytest.raises(RuleBroken, match="participant_is_no_organisation"):
            take_in(identity, participants=[resh])
