"""Relays with much to do: side by side, and when an event with a low position is committed last."""

from __future__ import annotations

import random
import threading
import time

import psutil
from sqlalchemy import func, select

from shared.outbox.relay import Relay
from tests.faults.system import database, event, tell, told_by
from tests.faults.verdict import judge
from tests.shared.outbox.kit import KIT, METADATA, make_uow

MOST_MEGABYTES, LEAST_SHARE = 200, 0.7
_BATCH, _DRAIN_SECONDS = 500, 300


class Bus:
    """Takes what relays publish, in the order in which it came."""

    def __init__(self):
        self.taken, self._guard = [], threading.Lock()

    def publish(self, envelopes):
        with self._guard:
            self.taken += [(e.event.course_id, e.event.pid) for e in envelopes]


def fill(source, first, events):
    uow = make_uow(source)
    for start in range(first, first + events, _BATCH):
        tell(uow, *range(start, min(start + _BATCH, first + events)))


def side_by_side(url, *, seed, events, relays, place):
    """Several relays, each with connections of its own, publish one backlog."""
    began, source, bus = time.monotonic(), database(url), Bus()
    METADATA.create_all(source.engine)
    fill(source, 0, events)
    stop, before = threading.Event(), psutil.Process().memory_info().rss
    parts = [database(url) for _ in range(relays)]
    threads = [threading.Thread(target=_relay, args=(part, bus, stop), daemon=True) for part in parts]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    while _waiting(source) and time.monotonic() - started < _DRAIN_SECONDS:
        time.sleep(0.02)
    rate = events / (time.monotonic() - started)
    stop.set()
    for thread in threads:
        thread.join(10)
    megabytes = round((psutil.Process().memory_info().rss - before) / 2**20)
    notes = {"relays": relays, "per_second": round(rate), "megabytes": megabytes}
    verdict = _verdict(source, bus, place, seed=seed, notes=notes, seconds=time.monotonic() - began)
    for part in (*parts, source):
        part.engine.dispose()
    return verdict


def judge_size(verdict, few):
    """Add to the faults what a large backlog may not cost."""
    if verdict.notes["megabytes"] > MOST_MEGABYTES:
        verdict.faults.append(f"more than {MOST_MEGABYTES} MB")
    if verdict.notes["per_second"] < LEAST_SHARE * few.notes["per_second"]:
        verdict.faults.append(f"less than {LEAST_SHARE} of the rate with few events")
    return verdict


def lowest_last(url, *, seed, trials, place):
    """Two transactions; the one that took its position first commits last, with a relay at work before and after."""
    began, source, bus = time.monotonic(), database(url), Bus()
    METADATA.create_all(source.engine)
    chance, uow = random.Random(seed), make_uow(source)
    relay = Relay(source, KIT, bus.publish)
    for trial in range(trials):
        written, may_commit = threading.Event(), threading.Event()
        slow = threading.Thread(target=_tell_slowly, args=(uow, 2 * trial, written, may_commit))
        slow.start()
        written.wait(10)
        tell(uow, 2 * trial + 1)
        for _ in range(chance.randint(0, 2)):
            relay.drain()
        may_commit.set()
        slow.join(10)
    relay.drain()
    notes = {"trials": trials, "skipped": _waiting(source)}
    verdict = _verdict(source, bus, place, seed=seed, notes=notes, seconds=time.monotonic() - began)
    source.engine.dispose()
    return verdict


def _waiting(source):
    with source.reading() as session:
        return session.scalar(select(func.count()).select_from(KIT.outbox.outbox))


def _relay(part, bus, stop):
    Relay(part, KIT, bus.publish).run_forever(stop, threading.Event(), sweep=0.005)


def _tell_slowly(uow, number, written, may_commit):
    with uow() as store:
        store.emit(event(number))
        store.pending.write(store.session, KIT, store.now)
        written.set()
        may_commit.wait(10)


def _verdict(source, bus, place, **more):
    told = told_by(source)
    numbers = [number for _, number in told]
    return judge(bar="R16", place=place, attempted=numbers, acked=numbers, told=told, done=bus.taken, **more)
