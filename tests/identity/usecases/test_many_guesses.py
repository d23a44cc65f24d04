"""Two hundred guesses at once: exactly the bound is looked at, whoever sends them and from wherever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.identity.usecases.test_throttle import count, guess
from tests.identity.world import PASSWORD

pytestmark = pytest.mark.req("IDN-11")
MANY, AT_ONCE = 200, 20
ACCOUNT_BOUND, ADDRESS_BOUND = 5, 31


def at_once(identity, tries):
    """All tries, twenty beginning at the same moment; how many were looked at, by answer and by hashes reckoned."""
    hasher, start = count(identity), Barrier(AT_ONCE)

    def one(given):
        number, (name, visitor) = given
        if number < AT_ONCE:
            start.wait()
        return guess(identity, name, **visitor)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(one, enumerate(tries)))
    return answers.count("wrong_name_or_password"), hasher.asked


@pytest.mark.parametrize("name", ["kari", "finnes.ikke"], ids=["a known name", "an unknown name"])
@pytest.mark.parametrize("addresses", [1, MANY], ids=["one address", "many addresses"])
def test_guesses_on_one_account(identity, name, addresses):
    identity.add("kari")
    tries = [(name, {"address": f"198.51.100.{number % addresses}"}) for number in range(MANY)]

    assert at_once(identity, tries) == (ACCOUNT_BOUND, ACCOUNT_BOUND)


def test_guesses_on_many_accounts_from_one_address(identity):
    for number in range(5):
        identity.add(f"navn{number}")
    tries = [(f"navn{number}", {"address": "198.51.100.7"}) for number in range(MANY)]

    assert at_once(identity, tries) == (ADDRESS_BOUND, ADDRESS_BOUND)


def test_guesses_from_the_owners_own_device(identity):
    identity.add("kari")
    device = identity.log_in("kari").device
    tries = [("kari", {"address": f"198.51.100.{number}", "device": device}) for number in range(MANY)]

    assert at_once(identity, tries) == (ACCOUNT_BOUND, ACCOUNT_BOUND)


def test_a_device_made_up_for_each_guess_gives_no_further_ones(identity):
    identity.add("kari")
    tries = [("kari", {"address": f"198.51.100.{number}", "device": f"made up {number}"}) for number in range(MANY)]

    assert at_once(identity, tries) == (ACCOUNT_BOUND, ACCOUNT_BOUND)


def test_a_right_password_among_them_opens_the_account_once_at_most(lite):
    """Right ones count as tries until they are known to be right, so they give the wrong ones no room."""
    lite.add("kari")
    hasher, typed = count(lite), ["feil"] * 19 + [PASSWORD]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda number: guess(lite, typed=typed[number % 20]), range(MANY)))

    assert hasher.asked == answers.count("wrong_name_or_password") + answers.count("in")
    assert answers.count("wrong_name_or_password") <= ACCOUNT_BOUND * (answers.count("in") + 1)
