"""Parental responsibility, as the population register's stand-in tells of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deploy.standins.parts import EXTENSION
from services.registration.usecases.ports import OutsideUnavailable
from shared.scheduling.clock import FixedClock
from tests.registration.gateways.outside import Outside

NOBODY = "20036914700"
pytestmark = pytest.mark.req("EPR-04", "EPR-08")


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    return Outside(tmp_path_factory.mktemp("families"), FixedClock(datetime(2026, 11, 21, 12, tzinfo=UTC)))


def family(outside, child):
    found = outside.population().family_of(outside.person(child).number)
    names = {one.number: one.family_name for one in outside.app.extensions[EXTENSION].people.all()}
    return found.is_protected, sorted((names[one.number], one.is_protected) for one in found.parents)


@pytest.mark.parametrize(
    ("child", "is_protected", "parents"),
    [
        ("Bjerkeset", False, [("Lundqvåg", False), ("Vinterdal", False)]),
        ("Solbakk", False, [("Tangerud", True)]),
        ("Lillehaug", True, [("Nordskog", True)]),
        ("Oterhals", False, []),
        ("Granlid", False, []),
    ],
    ids=["two", "one, and one who has lost it", "protected", "the public", "grown up"],
)
def test_those_who_have_the_responsibility_now_are_told(outside, child, is_protected, parents):
    assert family(outside, child) == (is_protected, parents)


def test_a_dead_parent_answers_for_nobody(outside):
    father = outside.person("Nordskog")
    outside.browser.post(f"/people/{father.id}/death", data={"on": "2026-11-01"})

    assert family(outside, "Lillehaug") == (True, [])
    outside.browser.post("/reset")


def test_a_child_that_is_not_known_has_nobody(outside):
    assert outside.population().family_of(NOBODY).parents == ()


@pytest.mark.parametrize("kind", ["503", "timeout", "malformed"])
@pytest.mark.req("EPR-15")
def test_a_register_that_does_not_answer_tells_of_nobody(outside, kind):
    child = outside.person("Bjerkeset").number
    outside.fail("population", kind)
    with pytest.raises(OutsideUnavailable) as raised:
        outside.population().family_of(child)
    assert child not in str(raised.value)


@pytest.mark.req("GEN-04")
def test_no_number_stands_in_an_address_or_a_repr(outside):
    found = outside.population().family_of(outside.person("Bjerkeset").number)

    assert not any(one.number in repr(found) for one in found.parents)
    assert not any(one.number in line["path"] for one in found.parents for line in outside.asked("population"))
