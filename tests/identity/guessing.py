"""Attackers who guess passwords and codes, many at once: what was looked at is counted and held against the bound."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from threading import Barrier

from services.identity.domain.codes import MOST_TRIES, new_code
from services.identity.domain.errors import MustWait, RuleBroken
from services.identity.usecases.one_time_code import send_again
from shared.db.errors import DatabaseUnavailable
from tests.identity.usecases.test_throttle import count, guess
from tests.identity.world import PASSWORD

WRONG, CAP, FREE, ADDRESS_FREE = "wrong_name_or_password", 100, 4, 30
CODES_BOUND, LOG_INS, SMS_AN_HOUR, SMS_A_DAY = 20, 5, 5, 20
OWNER_COMES = 20  # bursts: often enough, and within what SMS allow
MOST_HITS = 1  # of 10,000 guesses one in a million each, two hits are seen once in 20,000 runs


@dataclass(kw_only=True)
class Guesses:
    """How many of the attempted guesses were looked at, and how many may be."""

    bar: str
    place: str
    attempted: int
    evaluated: int
    bound: int
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)

    @property
    def holds(self):
        """The bound is reached and not passed: fewer would mean that the attack was none."""
        return self.evaluated == self.bound and not self.faults

    def line(self):
        """The verdict as one line."""
        counted = {"attempted": self.attempted, "evaluated": self.evaluated, "bound": self.bound, **self.notes}
        told = " ".join(f"{name}={value}" for name, value in {**counted, "seconds": round(self.seconds, 1)}.items())
        faults = f" faults={'; '.join(self.faults)}" if self.faults else ""
        return f"{self.bar} {self.place} {told}{faults} {'holds' if self.holds else 'BROKEN'}"


def burst(act, tries, at_once):
    """The answers of all tries, as many as told begun at the same moment; those turned away at the door are None."""
    at_once = min(at_once, len(tries))
    start = Barrier(at_once)

    def one(given):
        number, what = given
        if number < at_once:
            start.wait()
        try:
            return act(what)
        except DatabaseUnavailable:  # all connections were in use for too long: nothing was looked at
            return None

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, enumerate(tries)))


def flat(identity, tries, *, bound, at_once, place=""):
    """Guesses of passwords, (name, visitor) each, while the clock stands still."""
    hasher, begun = count(identity), time.monotonic()
    answers = burst(lambda what: guess(identity, what[0], **what[1]), tries, at_once)
    found = Guesses(bar="S8", place=place, attempted=len(tries), evaluated=hasher.asked, bound=bound)
    if answers.count(WRONG) != hasher.asked:
        found.faults.append("answered otherwise than looked at")
    found.seconds = time.monotonic() - begun
    return found


def at_one_account(many, addresses, name="kari", **visitor):
    return [(name, {"address": f"address {number % addresses}", **visitor}) for number in range(many)]


def from_one_address(many):
    return [(f"navn{number}", {"address": "the same"}) for number in range(many)]


def patient(identity, *, bursts, at_once, addresses, place=""):
    """Bursts at one account, each begun the moment the wait of the last is over; the owner logs in all the while."""
    identity.add("kari")
    device, hasher, begun = identity.log_in("kari").device, count(identity), time.monotonic()
    found = Guesses(bar="S8", place=place, attempted=bursts * (at_once + 1), evaluated=0, bound=min(CAP, FREE + bursts))
    for number in range(bursts):
        wanted = min(FREE + 1 if number == 0 else 1, CAP - found.evaluated)
        before, tries = hasher.asked, at_one_account(at_once, addresses)
        answers = burst(lambda what: guess(identity, what[0], **what[1]), tries, at_once)
        found.evaluated += hasher.asked - before
        wait = _wait(found.evaluated)
        told = identity.clock.now() + wait if found.evaluated < CAP else "no_more_tries"
        if hasher.asked - before != wanted or set(answers) - {WRONG, None} != {told}:
            found.faults.append(f"{hasher.asked - before} looked at in burst {number}")
        identity.clock.move(wait - timedelta(seconds=1))
        _try_early(identity, hasher, found)
        if number % OWNER_COMES == 0 and guess(identity, typed=PASSWORD, device=device) != "in":
            found.faults.append(f"the owner was kept out in burst {number}")
        identity.move(seconds=1)
    found.seconds = time.monotonic() - begun
    return found


def _wait(failures):
    """The wait after so many failures, in the words of the bar: 30 s from the fifth on, doubling to 1 h."""
    return timedelta(seconds=min(30 * 2 ** (failures - FREE - 1), 3600))


def _try_early(identity, hasher, found):
    asked = hasher.asked
    guess(identity, typed=PASSWORD)
    if hasher.asked != asked:
        found.faults.append("one was looked at a second too early")


def codes(identity, *, accounts, at_once, place=""):
    """Whoever knows a password opens five log-ins and guesses all their codes at the same moment, until closed."""
    begun, hits = time.monotonic(), 0
    found = Guesses(bar="S9", place=place, attempted=0, evaluated=0, bound=CODES_BOUND * accounts)
    for number in range(accounts):
        name = f"konto{number}"
        identity.add(name)
        opened = [identity.start(name) for _ in range(LOG_INS)]
        tries = [(opened[n % LOG_INS], f"{n:06d}") for n in range(at_once)]
        answers = burst(lambda what: type_in(identity, *what), tries, at_once)
        found.attempted += len(answers)
        found.evaluated += answers.count("wrong_code") + answers.count("in")
        hits += answers.count("in")
        if "in" not in answers and guess(identity, name, PASSWORD, address=name) != "account_locked":
            found.faults.append(f"account {number} is still open")
    found.notes["hits"], found.seconds = hits, time.monotonic() - begun
    if hits > MOST_HITS:
        found.faults.append("codes are guessed more often than by chance")
    return found


def by_chance(*, accounts, place="codes alone", seed=20261121):
    """Twenty guesses an account, five at each of four codes, by somebody who knows nothing of them."""
    attacker, hits, begun, tries = Random(seed), 0, time.monotonic(), accounts * CODES_BOUND
    for _ in range(tries // MOST_TRIES):
        hits += (int(new_code()) - attacker.randrange(10**6)) % 10**6 < MOST_TRIES
    expected = tries / 10**6
    found = Guesses(bar="S9", place=place, attempted=tries, evaluated=tries, bound=tries)
    found.notes = {"hits": hits, "expected": round(expected, 1)}
    found.seconds = time.monotonic() - begun
    # Five standard deviations, and three for rare hits: chance alone goes beyond it once in 100,000 runs.
    if hits > expected + 5 * expected**0.5 + 3:
        found.faults.append("codes are guessed more often than by chance")
    return found


def type_in(identity, begun, code):
    try:
        identity.confirm(begun, code)
    except RuleBroken as broken:
        return broken.code
    return "in"


def messages(identity, *, hours, step, at_once, place=""):
    """Whoever knows a password asks for codes again and again; the moments at which one was sent are held together."""
    identity.add("kari")
    identity.sent()
    begun, sent, found = time.monotonic(), [], Guesses(bar="S9", place=place, attempted=0, evaluated=0, bound=0)
    for _ in range(int(timedelta(hours=hours) / step)):
        opened = [started for started in (_start(identity) for _ in range(2)) if started is not None]
        if opened:
            burst(lambda started: _ask(identity, started), opened * (at_once // 2), at_once)
        found.attempted += 2 + len(opened) * (at_once // 2)
        sent += [identity.clock.now()] * len(identity.sent("sms"))
        identity.clock.move(step)
    found.evaluated, found.bound = len(sent), SMS_A_DAY * (hours // 24)
    for window, most in ((timedelta(hours=1), SMS_AN_HOUR), (timedelta(days=1), SMS_A_DAY)):
        if most_within(sent, window) > most:
            found.faults.append(f"more than {most} within {window}")
    found.seconds = time.monotonic() - begun
    return found


def most_within(moments, window):
    """The most of the moments that lie within any one window."""
    return max((sum(one <= other < one + window for other in moments) for one in moments), default=0)


def _start(identity):
    try:
        return identity.start("kari")
    except (MustWait, RuleBroken):
        return None


def _ask(identity, begun):
    try:
        send_again(begun.attempt, messages=identity.messages, hasher=identity.hasher, uow=identity.uow)
    except RuleBroken:
        return "refused"
    return "sent"
