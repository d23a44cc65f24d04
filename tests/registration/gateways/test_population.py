"""The population register, against the stand-in that checks what it gets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registration.domain.person import Sex
from services.registration.usecases.ports import OutsideUnavailable
from shared.scheduling.clock import FixedClock
from tests.registration.gateways.outside import Outside

KARI, AMINA, NORA, NOBODY = "17855749815", "49888549829", "30908249638", "20036914700"


@pytest.fixture
def outside(tmp_path):
    return Outside(tmp_path, FixedClock(datetime(2026, 11, 21, 12, tzinfo=UTC)))


@pytest.mark.req("REG-02")
def test_a_person_comes_with_name_birth_date_sex_and_address(outside):
    kari = outside.population().look_up(KARI)

    assert (kari.name, kari.birth_on, kari.sex) == ("Kari Granlid", date(1957, 5, 17), Sex.FEMALE)
    assert kari.number_kind == "national"
    assert kari.address
    assert len(kari.municipality) == 4


@pytest.mark.req("REG-01")
def test_a_d_number_is_told_from_a_national_one(outside):
    assert outside.population().look_up(AMINA).number_kind == "d_number"


@pytest.mark.req("REG-02")
@pytest.mark.parametrize(
    ("family_name", "level"), [("Tangerud", "confidential"), ("Nordskog", "strictly_confidential")]
)
def test_a_protected_address_is_dropped_at_the_door(outside, family_name, level):
    found = outside.population().look_up(outside.person(family_name).number)

    assert (found.protection, found.address, found.municipality) == (level, "", "")


@pytest.mark.req("REG-02")
def test_the_day_of_death_is_the_register_s(outside):
    gunnar = outside.person("Selje")

    assert outside.population().look_up(gunnar.number).died_on == date.fromisoformat(gunnar.died_on)


def test_nobody_has_an_unused_number(outside):
    assert outside.population().look_up(NOBODY) is None


@pytest.mark.req("GEN-04")
def test_the_number_stands_in_no_address(outside):
    outside.population().look_up(KARI)

    assert not [sent for sent in outside.line.sent if KARI in sent.url]


def test_one_token_serves_until_it_is_old(outside):
    population = outside.population()
    population.look_up(KARI)
    population.look_up(AMINA)
    outside.clock.move(timedelta(minutes=2))
    population.look_up(NORA)

    # Once without the nonce, once with it, and once when the token was old.
    assert len([sent for sent in outside.line.sent if sent.url.endswith("/connect/token")]) == 3


def test_a_token_refused_is_fetched_anew(outside):
    population = outside.population()
    population.look_up(KARI)
    outside.browser.post("/reset")

    assert population.look_up(KARI) is not None


@pytest.mark.parametrize("kind", ["500", "503", "429", "malformed", "lost_reply"])
def test_a_register_that_fails_is_unavailable(outside, kind):
    population = outside.population()
    population.look_up(KARI)
    outside.fail("population", kind)

    with pytest.raises(OutsideUnavailable) as caught:
        population.look_up(KARI)
    assert KARI not in repr(caught.value)
    assert population.look_up(KARI) is not None


@pytest.mark.parametrize("standin", ["helseid", "population"])
def test_a_register_out_of_reach_is_unavailable(outside, standin):
    outside.fail(standin, "503", times=3)

    with pytest.raises(OutsideUnavailable):
        outside.population().look_up(KARI)


def test_a_cut_line_is_unavailable(outside):
    outside.line.is_down = True

    with pytest.raises(OutsideUnavailable):
        outside.population().look_up(KARI)


def test_a_client_without_the_scope_gets_nothing(outside):
    with pytest.raises(OutsideUnavailable):
        outside.population(service="eprom").look_up(KARI)
