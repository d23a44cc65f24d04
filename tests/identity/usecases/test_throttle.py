"""Guessing passwords: the number of guesses looked at is exact, also when many come at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event

from services.identity.domain.errors import MustWait, RuleBroken
from services.identity.gateways.argon2_hasher import Argon2Hasher
from services.identity.usecases.confirm_code import confirm_log_in
from services.identity.usecases.proofs import SmsCode
from services.identity.usecases.visitor import Visitor
from tests.identity.lost_password import NEW, proof_of, replace
from tests.identity.world import PASSWORD


class CountingHasher:
    """The real hasher, counting what it was asked."""

    def __init__(self, hasher):
        self._hasher, self._lock, self.asked = hasher, threading.Lock(), 0

    def hash(self, secret):
        return self._hasher.hash(secret)

    def verify(self, stored, typed):
        with self._lock:
            self.asked += 1
        return self._hasher.verify(stored, typed)


def guess(identity, name="kari", typed="feil", **visitor):
    try:
        identity.start(name, typed, **visitor)
    except MustWait as wait:
        return wait.until if wait.code == "too_many_tries" else wait.code
    except RuleBroken as broken:
        return broken.code
    return "in"


def count(identity):
    identity.hasher = CountingHasher(identity.hasher)
    return identity.hasher


@pytest.mark.req("IDN-11")
@pytest.mark.parametrize("name", ["kari", "finnes.ikke"])
def test_the_fifth_wrong_password_begins_the_waits_for_known_and_unknown_names(identity, name):
    identity.add("kari")
    answers = [guess(identity, name) for _ in range(5)]
    assert answers == ["wrong_name_or_password"] * 5

    assert (guess(identity, name) - identity.clock.now()).total_seconds() == 30
    identity.move(seconds=30)
    assert guess(identity, name) == "wrong_name_or_password"
    assert (guess(identity, name, PASSWORD) - identity.clock.now()).total_seconds() == 60


@pytest.mark.req("IDN-11")
def test_many_guesses_at_once_from_many_addresses_are_looked_at_five_times(identity):
    identity.add("kari")
    hasher = count(identity)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: guess(identity, address=f"198.51.100.{n}"), range(60)))

    assert answers.count("wrong_name_or_password") == 5
    assert hasher.asked == 5


@pytest.mark.req("IDN-11")
def test_after_a_hundred_wrong_passwords_in_a_row_only_a_known_device_or_a_new_password_helps(lite):
    lite.add("kari")
    device, hasher = lite.log_in("kari").device, count(lite)
    for number in range(140):
        guess(lite, address=f"198.51.100.{number}")
        lite.move(hours=1)
    assert hasher.asked == 100
    lite.move(days=30)
    assert guess(lite, typed=PASSWORD) == "no_more_tries"
    assert guess(lite, typed=PASSWORD, device=device) == "in"
    assert guess(lite, typed=PASSWORD) == "no_more_tries"

    replace(lite, proof_of(lite))

    assert guess(lite, typed=NEW) == "in"


@pytest.mark.req("IDN-11")
def test_one_address_trying_many_names_is_slowed_down(lite):
    hasher = count(lite)
    for number in range(200):
        guess(lite, f"navn{number}")

    assert hasher.asked == 31
    assert guess(lite, "annet", address="203.0.113.9") == "wrong_name_or_password"


@pytest.mark.req("IDN-11")
def test_a_log_in_of_ones_own_does_not_wipe_out_the_address(lite):
    lite.add("angriper")
    for number in range(30):
        guess(lite, f"navn{number}")
    assert guess(lite, "angriper", PASSWORD) == "in"

    assert guess(lite, "navn30") == "wrong_name_or_password"
    assert guess(lite, "navn31") != "wrong_name_or_password"


@pytest.mark.req("IDN-11")
def test_the_owner_gets_in_from_a_known_device_while_others_guess(identity):
    identity.add("kari")
    device = identity.log_in("kari").device
    for number in range(8):
        guess(identity, address=f"198.51.100.{number}")
    assert guess(identity, typed=PASSWORD) != "in"

    assert guess(identity, typed=PASSWORD, device=device) == "in"


@pytest.mark.req("IDN-11")
def test_a_device_planted_by_somebody_else_is_not_known(lite):
    lite.add("kari")
    lite.log_in("kari", device="planted")

    for _ in range(5):
        guess(lite, device="planted")
    with lite.uow() as store:
        assert store.log_ins.tries(lite.seals.counter_hash("account", lite.seals.user_name_hash("kari"))).failures == 5


@pytest.mark.req("IDN-04", "IDN-11")
def test_many_codes_at_once_are_looked_at_five_times(identity):
    identity.add("kari")
    begun, code = identity.start("kari"), identity.code()
    hasher = count(identity)
    codes = [f"{(int(code) + n) % 10**6:06d}" for n in range(1, 41)]

    def type_in(typed):
        try:
            confirm_log_in(
                begun.attempt,
                SmsCode(typed, hasher),
                visitor=Visitor(address="192.0.2.1"),
                messages=identity.messages,
                uow=identity.uow,
            )
        except RuleBroken as broken:
            return broken.code
        return "in"

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(type_in, codes))
    assert (answers.count("wrong_code"), answers.count("in"), hasher.asked) == (5, 0, 5)


@pytest.mark.req("IDN-04")
def test_the_right_code_typed_twice_at_once_logs_in_once(identity):
    identity.add("kari")
    begun, code = identity.start("kari"), identity.code()

    def type_in(_):
        try:
            return identity.confirm(begun, code).sid
        except RuleBroken:
            return None

    with ThreadPoolExecutor(4) as pool:
        sids = [sid for sid in pool.map(type_in, range(4)) if sid]
    assert len(sids) == 1


@pytest.mark.req("IDN-11")
def test_known_and_unknown_names_take_the_same_work(lite, monkeypatch):
    """What takes time is counted: hashes reckoned, and statements sent."""
    reckoned, statements, done, verify = [], [], {}, PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: reckoned.append(given) or verify(*given))
    lite.hasher = Argon2Hasher(time_cost=1, memory_kib=64, parallelism=1)
    lite.add("kari")
    event.listen(lite.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for name in ("kari", "ukjent"):
        guess(lite, name, address="198.51.100.7")
        done[name] = (len(reckoned), len(statements))
        lite.move(hours=1)
        reckoned.clear()
        statements.clear()

    assert done["kari"] == done["ukjent"]
    assert done["kari"][0] == 1
