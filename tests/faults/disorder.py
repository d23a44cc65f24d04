"""Deliveries come up to five times each and out of order; the end must be as if each had come once and in order."""

from __future__ import annotations

import random
import time

from shared.contracts.registration import CourseDeleted
from shared.outbox.inbox import Inbox
from shared.outbox.relay import Relay
from tests.faults.system import done_at, note, tell, told_by
from tests.faults.verdict import judge
from tests.shared.outbox.kit import KIT, count, make_uow

MOST_TIMES, WINDOW, _BATCH = 5, 100, 100


def run(database, *, seed, deliveries, place):
    chance, began = random.Random(seed), time.monotonic()
    uow, sent = make_uow(database), []
    numbers = range(deliveries * 2 // (1 + MOST_TIMES))
    for start in range(0, len(numbers), _BATCH):
        tell(uow, *numbers[start : start + _BATCH])
    Relay(database, KIT, sent.extend).drain()
    many = shuffled(sent, chance)
    inbox = Inbox(uow, {CourseDeleted: note})
    for start in range(0, len(many), _BATCH):
        inbox.take(many[start : start + _BATCH])
    parked = count(database, KIT.outbox.inbox_parked)
    return judge(
        bar="R12",
        place=place,
        seed=seed,
        attempted=numbers,
        acked=numbers,
        told=told_by(database),
        done=done_at(database),
        raw_duplicates=len(many) - len(sent),
        notes={"deliveries": len(many)},
        faults=[f"{parked} are left parked"] if parked else [],
        seconds=time.monotonic() - began,
    )


def shuffled(sent, chance):
    """Each one to five times, at most a window away from its place."""
    many = [envelope for envelope in sent for _ in range(chance.randint(1, MOST_TIMES))]
    places = {place: place + chance.uniform(0, WINDOW) for place in range(len(many))}
    return [many[place] for place in sorted(places, key=places.get)]
