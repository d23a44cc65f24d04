"""Crash points: the process dies at the n-th pass of each named point, for n = 1, 2 ... until a pass is clean."""

from __future__ import annotations

import os
import re
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

from deploy.registryctl.desk import letterbox
from deploy.registryctl.letters import replay
from shared.bus.consumer import BusConsumer
from shared.bus.publisher import BatchPublisher, publish_copy
from shared.bus.topology import connect, dead, inbox
from shared.contracts.registration import CourseDeleted
from shared.outbox.inbox import Inbox
from shared.outbox.relay import Relay
from shared.scheduling.clock import FixedClock
from shared.scheduling.jobs import JobRunner
from tests.faults.system import LISTENER, PROCESSES, database, empty_bus, event, tell, told_by
from tests.faults.verdict import judge
from tests.shared.outbox.kit import EFFECT, KIT, METADATA, NOW, count, make_uow

ROOT = Path(__file__).resolve().parents[2]
POINT = re.compile(r"crash_point\(\"([^\"]+)\"\)")
CRASHED, COMMANDS, PASS_SECONDS = 137, 2, 30
ON_ONE_MACHINE_ONLY = ["bus.before_commit"]
_LONGER_THAN_A_LEASE = timedelta(minutes=10)


def points():
    """Every point that is named in the kit; a service tries its own."""
    files = [path for room in ("shared", "deploy") for path in (ROOT / room).rglob("*.py")]
    return sorted({name for path in files for name in POINT.findall(path.read_text(encoding="utf-8"))})


@dataclass
class Place:
    """Two databases, a bus and the ledger of what was acknowledged; kept over all passes."""

    folder: Path
    urls: dict[str, str]
    passes: int = 0
    crashes: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def prepare(self):
        for name in ("source", "target"):
            part = database(self.urls[name])
            METADATA.create_all(part.engine)
            part.engine.dispose()
        empty_bus(self.urls["bus"])

    def ledger(self, sign):
        path = self.folder / "ledger"
        lines = path.read_text(encoding="utf-8").split() if path.exists() else []
        return [int(line[1:]) for line in lines if line[0] == sign]

    def one_pass(self, crash_at=""):
        """Go through everything once in a process of its own; returns how that ended."""
        self.passes += 1
        process = PROCESSES.Process(target=_in_child, args=(str(self.folder), self.urls, self.passes, crash_at))
        process.start()
        process.join(PASS_SECONDS)
        process.kill()
        process.join()
        return process.exitcode

    def put_unreadable(self):
        with connect(self.urls["bus"]) as connection, connection.channel() as channel:
            if not hasattr(channel, "batch"):
                channel.confirm_select()
            publish_copy(channel, inbox(LISTENER).name, "not json", {}, f"poison-{self.passes}")

    def crash_at_each(self, names):
        """Crash at every pass of the points, each time followed by a pass that must repair everything."""
        for name in names:
            number = 1
            while self._crash(name, number) and not self.faults:
                number += 1
            if self.faults:  # the first says enough, and the next ones would only wait for what is lost
                return
            self.crashes[name] = self.crashes.get(name, 0) + number - 1

    def _crash(self, name, number):
        self.put_unreadable()
        ended = self.one_pass(f"{name}:{number}")
        has_crashed = ended == CRASHED
        if has_crashed:
            ended = self.one_pass()
        verdict, left = self.verdict(), self._left()
        if ended != 0 or not verdict.holds or left:
            self.faults.append(f"{name}:{number} ended with {ended}, left {left}: {verdict.line()}")
        return has_crashed

    def _left(self):
        source, target = database(self.urls["source"]), database(self.urls["target"])
        found = {
            "outbox": count(source, KIT.outbox.outbox),
            "parked": count(target, KIT.outbox.inbox_parked),
            "jobs": _numbers(target, "job") != [n for n in _numbers(target, "effect") if _wants_job(n)],
        }
        with connect(self.urls["bus"]) as connection, connection.channel() as channel:
            found["inbox"] = inbox(LISTENER)(channel).queue_declare(passive=True).message_count
            found["dead letter lost"] = not dead(LISTENER)(channel).purge()
        for part in (source, target):
            part.engine.dispose()
        return {name: value for name, value in found.items() if value}

    def verdict(self, **more):
        source, target = database(self.urls["source"]), database(self.urls["target"])
        done = [(event(number).course_id, number) for number in _numbers(target, "effect")]
        told = told_by(source)
        for part in (source, target):
            part.engine.dispose()
        given = {"bar": "R2", "place": " ", "seed": 0, **more}
        return judge(attempted=self.ledger("+"), acked=self.ledger("="), told=told, done=done, **given)


def run(folder, urls, *, names, repeats=1, place):
    """Every point, `repeats` times; the verdict counts each crash as a kill that bit."""
    at, began = Place(folder, urls), time.monotonic()
    at.prepare()
    for _ in range(repeats):
        at.crash_at_each(names)
    missed, total = [name for name, crashes in at.crashes.items() if not crashes], sum(at.crashes.values())
    notes = {"points": len(names) - len(missed), "passes": at.passes}
    more = {"kills": total, "bit": total, "faults": at.faults, "notes": notes}
    return at.verdict(place=place, seconds=time.monotonic() - began, **more), missed


def _numbers(target, kind):
    with target.reading() as session:
        texts = session.scalars(select(EFFECT.c.what).where(EFFECT.c.what.startswith(kind)).order_by(EFFECT.c.number))
        return [int(text.split()[1]) for text in texts]


def _in_child(folder, urls, number, crash_at):
    os.environ["CRASH_AT"] = crash_at
    Pass(Path(folder), urls, number).go(is_replayed="replay" in crash_at)
    os._exit(0)  # without the long farewell of an interpreter


class Pass:
    """Commands, relay, consumer, jobs: one after the other in one process."""

    def __init__(self, folder, urls, number):
        clock = FixedClock(NOW + number * _LONGER_THAN_A_LEASE)
        self._ledger, self._bus, self._first = folder / "ledger", urls["bus"], number * COMMANDS
        self._source, self._target = (make_uow(database(urls[name]), clock) for name in ("source", "target"))

    def go(self, *, is_replayed):
        self._tell()
        publisher = BatchPublisher(self._bus)
        Relay(self._source.database, KIT, publisher.publish).drain()
        publisher.close()
        self._consume()
        if is_replayed:
            with letterbox(self._bus, LISTENER) as box:
                for letter in box.read():
                    replay(box, letter)
            self._consume()
        jobs = {"remember": self._remember}
        JobRunner(self._target.database, KIT.scheduling, self._target.clock, jobs).run_due()

    def _tell(self):
        numbers = range(self._first, self._first + COMMANDS)
        with self._ledger.open("a", encoding="utf-8", buffering=1) as ledger:
            ledger.write("".join(f"+{number}\n" for number in numbers))
            tell(self._source, *numbers)
            ledger.write("".join(f"={number}\n" for number in numbers))

    def _consume(self):
        take = Inbox(self._target, {CourseDeleted: _note}).take
        BusConsumer(self._bus, LISTENER, take, self._target.clock.now).run(_UntilAllIsTaken(self))

    def _remember(self, given):
        """As the outside does: it knows the key of what it has done."""
        what = f"job {given['number']}"
        with self._target() as store:
            if not store.session.execute(select(EFFECT).where(EFFECT.c.what == what)).first():
                store.session.execute(insert(EFFECT).values(what=what))

    def is_taken(self):
        log, ids = KIT.outbox.event_log.c.event_id, KIT.outbox.inbox.c.event_id
        with self._source.database.reading() as session:
            told = set(session.scalars(select(log)))
        with self._target.database.reading() as session:
            return told <= set(session.scalars(select(ids)))


def _note(told, uow):
    with uow() as store:
        store.session.execute(insert(EFFECT).values(what=f"effect {told.pid}"))
        if _wants_job(told.pid):
            store.enqueue("remember", key=f"remember:{told.pid}", number=told.pid)


def _wants_job(number):
    return number % COMMANDS == 0


class _UntilAllIsTaken(threading.Event):
    """Set as soon as the listener knows every event that was told and the unreadable one is set aside."""

    def __init__(self, one_pass):
        super().__init__()
        self._pass = one_pass

    def is_set(self):
        return self._pass.is_taken() and self._is_set_aside()

    def _is_set_aside(self):
        with connect(self._pass._bus) as connection, connection.channel() as channel:
            return dead(LISTENER)(channel).queue_declare(passive=True).message_count > 0
