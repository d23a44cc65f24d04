"""The organisation tree."""

from __future__ import annotations

import pytest

from services.identity.domain.errors import RuleBroken
from services.identity.domain.organisation import Tree, Unit, UnitKind, changed_units, check_units

REGION = Unit(resh=1, kind=UnitKind.REGION, name="Helse Vest")
HOSPITAL = Unit(resh=10, kind=UnitKind.ORGANISATION, name="Vestsykehuset", parent=1)
CLINIC = Unit(resh=100, kind=UnitKind.CLINIC, name="Kirurgi", parent=10)


@pytest.mark.req("IDN-12")
def test_units_hang_under_the_level_above():
    check_units([CLINIC, HOSPITAL], Tree([REGION]))

    assert [unit.resh for unit in Tree([CLINIC, HOSPITAL, REGION]).path(100)] == [1, 10, 100]
    assert Tree([CLINIC, HOSPITAL, REGION]).region_of(100) == 1


@pytest.mark.req("IDN-12")
@pytest.mark.parametrize(
    ("unit", "code"),
    [
        (Unit(resh=100, kind=UnitKind.CLINIC, name="x", parent=1), "unit_under_wrong_parent"),
        (Unit(resh=100, kind=UnitKind.CLINIC, name="x", parent=None), "unit_under_wrong_parent"),
        (Unit(resh=100, kind=UnitKind.CLINIC, name="x", parent=999), "unit_under_wrong_parent"),
        (Unit(resh=2, kind=UnitKind.REGION, name="x", parent=1), "unit_under_wrong_parent"),
        (Unit(resh=0, kind=UnitKind.REGION, name="x"), "unit_id_out_of_range"),
        (Unit(resh=2**31, kind=UnitKind.REGION, name="x"), "unit_id_out_of_range"),
        (Unit(resh=2, kind=UnitKind.REGION, name="  "), "unit_name_missing"),
    ],
)
def test_a_unit_out_of_place_is_refused(unit, code):
    with pytest.raises(RuleBroken, match=code):
        check_units([unit], Tree([REGION, HOSPITAL]))


@pytest.mark.req("IDN-12")
def test_a_unit_stands_once():
    with pytest.raises(RuleBroken, match="unit_stands_twice"):
        check_units([REGION, REGION], Tree([]))


def test_a_ring_does_not_hang_the_reader():
    ring = Tree(
        [Unit(resh=1, kind=UnitKind.CLINIC, name="a", parent=2), Unit(resh=2, kind=UnitKind.CLINIC, name="b", parent=1)]
    )

    assert len(ring.path(1)) == 2
    assert ring.region_of(1) is None


@pytest.mark.req("IDN-12")
def test_only_what_changed_is_told():
    renamed = Unit(resh=10, kind=UnitKind.ORGANISATION, name="Nytt navn", parent=1)

    assert changed_units([REGION, renamed, CLINIC], Tree([REGION, HOSPITAL])) == [renamed, CLINIC]
