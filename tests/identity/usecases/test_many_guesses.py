"""Many guesses at once: exactly the bound is looked at, whoever sends them and from wherever; in full: `make soak`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.identity.guessing import ADDRESS_FREE, FREE, at_one_account, flat, from_one_address, patient
from tests.identity.usecases.test_throttle import count, guess
from tests.identity.world import PASSWORD

pytestmark = pytest.mark.req("IDN-11")
MANY, AT_ONCE = 40, 20


@pytest.mark.parametrize(
    ("name", "addresses"), [("kari", 1), ("finnes.ikke", MANY)], ids=["one address", "many addresses, an unknown name"]
)
def test_guesses_on_one_account(identity, name, addresses):
    identity.add("kari")
    found = flat(identity, at_one_account(MANY, addresses, name), bound=FREE + 1, at_once=AT_ONCE)

    assert found.holds, found.line()


def test_guesses_on_many_accounts_from_one_address(identity):
    found = flat(identity, from_one_address(MANY), bound=ADDRESS_FREE + 1, at_once=AT_ONCE)

    assert found.holds, found.line()


def test_guesses_from_the_owners_own_device(lite):
    lite.add("kari")
    tries = at_one_account(MANY, MANY, device=lite.log_in("kari").device)
    found = flat(lite, tries, bound=FREE + 1, at_once=AT_ONCE)

    assert found.holds, found.line()


def test_a_device_made_up_for_each_guess_gives_no_further_ones(lite):
    lite.add("kari")
    tries = [("kari", {**visitor, "device": f"made up {n}"}) for n, (_, visitor) in enumerate(at_one_account(MANY, 1))]
    found = flat(lite, tries, bound=FREE + 1, at_once=AT_ONCE)

    assert found.holds, found.line()


def test_bursts_after_each_wait_are_looked_at_once_each_while_the_owner_comes_and_goes(identity):
    found = patient(identity, bursts=8, at_once=6, addresses=40)

    assert found.holds, found.line()


def test_a_right_password_among_them_opens_the_account_once_at_most(lite):
    """Right ones count as tries until they are known to be right, so they give the wrong ones no room."""
    lite.add("kari")
    hasher, typed = count(lite), ["feil"] * 19 + [PASSWORD]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda number: guess(lite, typed=typed[number % 20]), range(MANY)))

    assert hasher.asked == answers.count("wrong_name_or_password") + answers.count("in")
    assert answers.count("wrong_name_or_password") <= (FREE + 1) * (answers.count("in") + 1)
