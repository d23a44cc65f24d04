"""Events that cannot be handled, among many that can: set aside after the last attempt, nobody else with them."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from datetime import UTC, datetime
from statistics import quantiles

import orjson
from sqlalchemy import insert

from deploy.registryctl.desk import letterbox
from shared.bus.consumer import BusConsumer
from shared.bus.publisher import BatchPublisher, publish_copy
from shared.bus.topology import MOST_ATTEMPTS, RETRY_SECONDS, connect, dead, inbox
from shared.contracts.envelope import Envelope, to_cloudevent
from shared.contracts.registration import CourseDeleted
from shared.outbox.inbox import Inbox, Result
from shared.scheduling.clock import SystemClock
from tests.faults.system import COURSES, LISTENER, database, done_at, empty_bus, event
from tests.faults.verdict import judge
from tests.shared.outbox.kit import EFFECT, KIT, METADATA, count, make_uow

BUG, ORPHAN = 9_000_001, 9_000_002  # courses of their own, so that nobody waits behind them but whoever is meant to
IDENTITY = "01817012345 Kari Nordmann"  # what a careless handler puts into its error; synthetic
# What will never become readable is set aside at once, the rest after its last attempt.
WANTED = {("JSONDecodeError", 1): 1, ("UnknownEvent", 1): 2}
WANTED |= {(error, MOST_ATTEMPTS): 1 for error in ("ZeroDivisionError", "LookupError")}
LATEST_SECONDS, HURRIED = 5.0, (1, 1, 1, 1)
_WAIT_SECONDS, _CHUNK = 120, 100


class Listener:
    """Notes effects and when; fails as bad code and missing rows do."""

    def __init__(self, url, target, pauses):
        self._uow = make_uow(target, SystemClock())
        self._inbox = Inbox(self._uow, {CourseDeleted: self._handle})
        self._url, self._pauses, self.done_at, self.failed = url, pauses, {}, Counter()

    def run(self, stop):
        BusConsumer(self._url, LISTENER, self._take, self._uow.clock.now, pauses=self._pauses).run(stop)

    def _take(self, envelopes):
        outcomes = self._inbox.take(envelopes)
        for envelope, outcome in zip(envelopes, outcomes, strict=True):
            self.failed[envelope.event.course_id] += outcome.result is Result.FAILED
        return outcomes

    def _handle(self, told, uow):
        if told.course_id == BUG:
            raise ZeroDivisionError(IDENTITY)
        if told.course_id == ORPHAN:
            raise LookupError(IDENTITY)
        with uow() as store:
            store.session.execute(insert(EFFECT).values(what=f"{told.course_id} {told.pid}"))
        self.done_at[told.pid] = time.monotonic()


def run(urls, *, seed, good, place, is_hurried):
    """Good and bad events, and a while without a place for dead letters; returns the verdict and the letters."""
    began, target, told_at = time.monotonic(), database(urls["target"]), {}
    METADATA.create_all(target.engine)
    empty_bus(urls["bus"])
    listener, stop = Listener(urls["bus"], target, HURRIED if is_hurried else RETRY_SECONDS), threading.Event()
    thread = threading.Thread(target=listener.run, args=(stop,), daemon=True)
    thread.start()
    _tell(urls["bus"], good, told_at, listener)
    letters = _wait_for_letters(urls["bus"])
    stop.set()
    thread.join(10)
    late = [listener.done_at[n] - told_at[n] for n in told_at if n in listener.done_at]
    numbers = sorted(told_at)
    verdict = judge(
        bar="R14",
        place=place,
        seed=seed,
        attempted=numbers,
        acked=numbers,
        told=[(event(number).course_id, number) for number in numbers],
        done=done_at(target),
        notes={"dead": len(letters), "parked": count(target, KIT.outbox.inbox_parked), "p99": _p99(late)},
        seconds=time.monotonic() - began,
    )
    target.engine.dispose()
    return verdict, letters, listener.failed


def judge_speed(verdict):
    """Add what is too slow to the faults of a long run."""
    if verdict.notes["p99"] > LATEST_SECONDS:
        verdict.faults.append(f"good events waited more than {LATEST_SECONDS} s")
    return verdict


def faults_of(letters, failed):
    """What is not as it should be with the letters, in words."""
    found = []
    if (kinds := Counter((letter.reason, letter.attempts) for letter in letters)) != WANTED:
        found.append(f"set aside: {dict(kinds)}")
    found += [f"{course} failed {failed[course]} times" for course in (BUG, ORPHAN) if failed[course] != MOST_ATTEMPTS]
    for letter in letters:
        if not letter.first or letter.last < letter.first:
            found.append(f"{letter.reason} does not tell when")
        if IDENTITY.split(maxsplit=1)[0] in f"{letter}{letter.body}":
            found.append(f"{letter.reason} tells who")
    return found


def _tell(url, good, told_at, listener):
    publisher, bad = BatchPublisher(url), _bad()
    chunks = [range(start, min(start + _CHUNK, good)) for start in range(0, good, _CHUNK)]
    for place, numbers in enumerate(chunks):
        if place == 1:
            _until(lambda: listener.done_at)
            _drop_dead_letters(url)  # the first of the bad ones has no place to go to until somebody makes it again
        for body in bad[place - 1 :: len(chunks) - 1] if place else ():
            _put(url, body)
        told_at |= dict.fromkeys(numbers, time.monotonic())
        publisher.publish([_envelope(event(number).course_id, number, 1 + number // COURSES) for number in numbers])
    publisher.close()


def _bad():
    """Five kinds; the last is no poison itself but waits behind the bug."""
    known = to_cloudevent(_envelope(1, 1, 1))
    bodies = ["not json", {**known, "type": "registration.no_such.v1"}, {**known, "type": f"{known['type'][:-1]}9"}]
    bodies += [to_cloudevent(_envelope(course, 0, 1)) for course in (BUG, ORPHAN)]
    bodies.append(to_cloudevent(_envelope(BUG, 1, 2)))
    return [body if isinstance(body, str) else orjson.dumps(body).decode() for body in bodies]


def _envelope(course, number, version):
    told = CourseDeleted(course_id=course, pid=number)
    return Envelope(id=str(uuid.uuid4()), event=told, version=version, time=datetime.now(UTC), correlation_id="c")


def _put(url, body):
    with connect(url) as connection, connection.channel() as channel:
        if not hasattr(channel, "batch"):
            channel.confirm_select()
        publish_copy(channel, inbox(LISTENER).name, body, {}, None)


def _drop_dead_letters(url):
    with connect(url) as connection, connection.channel() as channel:
        dead(LISTENER)(channel).delete()


def _wait_for_letters(url):
    letters = {}

    def has_all():
        with letterbox(url, LISTENER) as box:  # a letter may lie there twice; that is no harm
            letters.update((letter.body, letter) for letter in box.read())
        return len(letters) >= sum(WANTED.values())

    _until(has_all)
    return list(letters.values())


def _until(is_so):
    deadline = time.monotonic() + _WAIT_SECONDS
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.2)


def _p99(values):
    return round(quantiles(values, n=100)[-1], 2)
