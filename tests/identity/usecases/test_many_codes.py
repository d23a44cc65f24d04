"""Guessing one-time codes with a password that is known: twenty guesses an account, whatever else happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.identity.domain.roles import RoleCode
from services.identity.usecases.reset_password import reset_password
from tests.identity.guessing import CODES_BOUND, Guesses, by_chance, codes, messages, most_within, type_in
from tests.identity.usecases.test_throttle import guess
from tests.identity.world import HERE, NOW, PASSWORD, acting

pytestmark = pytest.mark.req("IDN-04", "IDN-11")


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_all_open_log_ins_at_once_give_twenty_guesses(identity):
    found = codes(identity, accounts=1, at_once=40)

    assert found.holds, found.line()


def test_log_ins_of_the_owner_give_somebody_else_no_further_guesses(identity):
    identity.add("kari")
    for number in range(CODES_BOUND // 4):
        begun = identity.start("kari")
        code = identity.code()
        assert [type_in(identity, begun, wrong(code)) for _ in range(4)] == ["wrong_code"] * 4
        if number % 2 == 0 and number < 4:
            own = identity.start("kari")
            own_code = identity.code()
            assert type_in(identity, own, wrong(own_code)) == "wrong_code"
            assert type_in(identity, own, own_code) == "in"
        identity.move(hours=1)

    assert guess(identity, typed=PASSWORD) == "account_locked"


def test_a_closed_account_is_opened_by_an_administrator(lite):
    user_id, lise = lite.add("kari"), lite.add("lise", (HERE, RoleCode.LC))
    for _ in range(4):
        begun, code = lite.start("kari"), lite.code()
        [type_in(lite, begun, wrong(code)) for _ in range(5)]
    assert guess(lite, typed=PASSWORD) == "account_locked"
    given = {"messages": lite.messages, "hasher": lite.hasher, "uow": lite.uow}
    reset_password(user_id, reason="ringte", by=acting(lise), **given)
    secret = lite.sent("sms")[-1][1].split("password=")[1].split()[0]

    assert guess(lite, typed=secret) == "in"


def test_asking_for_codes_again_and_again_sends_five_an_hour_and_twenty_a_day(lite):
    found = messages(lite, hours=24, step=timedelta(minutes=40), at_once=2)

    assert found.holds, found.line()
    assert found.attempted > 2 * found.evaluated


def test_asking_for_many_codes_at_once_sends_five(identity):
    found = messages(identity, hours=1, step=timedelta(hours=1), at_once=20)

    assert (found.evaluated, found.faults) == (5, [])


def test_a_hundred_thousand_guesses_hit_as_seldom_as_chance_has_it():
    found = by_chance(accounts=5000)

    assert (found.holds, found.attempted) == (True, 100_000), found.line()


@pytest.mark.parametrize(("evaluated", "hits"), [(21, 0), (19, 0)])
def test_a_bound_that_is_passed_or_not_reached_is_told(evaluated, hits):
    found = Guesses(bar="S9", place="", attempted=100, evaluated=evaluated, bound=20)

    assert not found.holds
    assert found.line().endswith("BROKEN")


def test_moments_are_held_together_in_windows_that_slide():
    moments = [NOW + timedelta(minutes=minutes) for minutes in (0, 50, 70, 100, 111)]

    assert most_within(moments, timedelta(hours=1)) == 3
