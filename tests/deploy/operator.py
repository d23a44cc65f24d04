"""What tests of the operators' tool need: a small service at a desk, and commands as an operator types them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic, sleep

from sqlalchemy import insert

from deploy.registryctl import __main__ as registryctl
from deploy.registryctl.desk import Desk
from shared.bus.aside import Aside, Delivery
from shared.bus.consumer import BusConsumer
from shared.bus.topology import RETRY_SECONDS, connect, dead, declare, inbox, retry
from shared.bus.worker import Alarm, Worker
from shared.contracts.registration import CourseDeleted
from shared.outbox.inbox import Inbox
from shared.outbox.relay import Relay
from shared.scheduling.clock import FixedClock
from shared.scheduling.jobs import JobRunner
from tests.shared.outbox.kit import EFFECT, KIT, NOW, count, effects, make_uow

SERVICE, PATIENCE_SECONDS = "eprom", 10.0


class Settings:
    """What a desk asks of a service's settings."""

    def __init__(self, keys_dir):
        self.keys_dir = keys_dir


class Office:
    """A service that listens to itself, and its operator."""

    def __init__(self, database, bus_url, folder):
        self.database, self.bus_url, self.folder = database, bus_url, folder
        self.clock = FixedClock(NOW)
        self.uow = make_uow(database, self.clock)
        self.jobs = {}
        runner = JobRunner(database, KIT.scheduling, self.clock, self.jobs)
        self.worker = Worker(SERVICE, bus_url, self.uow, {CourseDeleted: note}, runner, Alarm())
        with connect(bus_url) as connection:
            declare(connection)
            with connection.channel() as channel:
                for queue in (inbox(SERVICE), dead(SERVICE), *(retry(SERVICE, s) for s in RETRY_SECONDS)):
                    queue(channel).purge()

    def type(self, *arguments):
        """Run one command at this service's desk; returns the exit code."""

        return self._type(self.worker, *arguments)

    def replay_from_registration(self, *arguments):
        """The same database as that of another service, which tells this one again."""
        teller = replace(self.worker, service="registration")
        return self._type(teller, "outbox", "replay", "--to", SERVICE, *arguments)

    def _type(self, worker, *arguments):
        given = registryctl.parser().parse_args([worker.service, "--by", "kari", *arguments])
        return registryctl.run(given, lambda: Desk(worker, Settings(self.folder), given.by, given.why))

    def told(self, *course_ids):
        """The envelopes of events that were told about courses, by version."""
        sent = []
        for course_id in course_ids:
            with self.uow() as store:
                store.emit(CourseDeleted(course_id=course_id, pid=1))
        Relay(self.database, KIT, sent.extend).drain()
        return sent

    def bury(self, *envelopes, reason="ValueError", at=NOW):
        self.bury_deliveries(*map(Delivery.of_envelope, envelopes), reason=reason, at=at)

    def bury_deliveries(self, *deliveries, reason="ValueError", at=NOW):
        aside = Aside(self.bus_url, SERVICE, lambda: at)
        for delivery in deliveries:
            aside.bury(delivery, reason)
        aside.close()

    def take(self, *envelopes):
        return [outcome.result for outcome in Inbox(self.uow, {CourseDeleted: note}).take(envelopes)]

    def consume(self):
        """Take everything that lies in the inbox now."""
        box = Inbox(self.uow, {CourseDeleted: note})
        BusConsumer(self.bus_url, SERVICE, box.take, self.clock.now).run(_UntilEmpty(self.bus_url))

    def entries(self):
        """(object, reason, change) of the log, in order."""
        with self.database.reading() as session:
            rows = session.execute(KIT.audit.log.select().order_by(KIT.audit.log.c.sequence)).all()
        return [(row.actor, row.object, row.reason, row.change) for row in rows]

    def size(self, queue, awaited=0):
        """How many messages lie in a queue; what was only looked at comes back to it a moment later."""
        deadline = monotonic() + PATIENCE_SECONDS
        with connect(self.bus_url) as connection, connection.channel() as channel:
            while (found := queue(SERVICE)(channel).queue_declare(passive=True).message_count) < awaited:
                if monotonic() > deadline:
                    break
                sleep(0.02)
        return found

    def parked(self):
        return count(self.database, KIT.outbox.inbox_parked)

    def effects(self):
        return effects(self.database)


def note(told, uow):
    with uow() as store:
        store.session.execute(insert(EFFECT).values(what=f"{told.course_id}"))


def later(**by):
    return NOW + timedelta(**by)


def text_of(moment: datetime):
    return moment.isoformat()


class _UntilEmpty:
    """Set when nothing was left for two looks in a row: what was taken before is acknowledged then."""

    def __init__(self, bus_url):
        self._bus_url, self._quiet = bus_url, 0

    def is_set(self):
        with connect(self._bus_url) as connection, connection.channel() as channel:
            is_empty = inbox(SERVICE)(channel).queue_declare(passive=True).message_count == 0
        self._quiet = self._quiet + 1 if is_empty else 0
        return self._quiet > 2

    def wait(self, _seconds):
        return False
