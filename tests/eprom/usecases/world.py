"""A small outside world for eprom: registration, the contact register and two channels."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from sqlalchemy import select, update

from services.eprom.domain.course import CourseName
from services.eprom.domain.order import Waits
from services.eprom.domain.schedule import Schedule
from services.eprom.store.store import Store
from services.eprom.store.tables import KIT, AttemptRow, OrderRow
from services.eprom.usecases.messages import FIRST
from services.eprom.usecases.place_order import place_order
from services.eprom.usecases.ports import Contact, OutsideUnavailable, Recipient, RecipientGone
from services.eprom.usecases.send_form import Post, Words, send_form
from shared.contracts.event import load
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
DISPATCH = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


SCHEDULE = Schedule(
    at=time(16, 30),
    rules=(),
    waits=Waits(reminder_days=3, lock_days=3),
    channels=("helsenorge", "digipost"),
    not_answered_reason=7,
    died_reason=3,
    forms_of_type={},
)


CONTACT = Contact("nb", "line@example.test", "+4790000001")


def course_name(course_id=1, pid=5):
    return CourseName(course_id=course_id, pid=pid, registry="smertereg", organisation=100082)


class Recipients:
    def __init__(self):
        self.gone, self.is_protected, self.is_down = False, False, False

    def look_up(self, pid, course_id):
        if self.gone:
            raise RecipientGone
        if self.is_down:
            raise OutsideUnavailable
        return Recipient("03851598730", self.is_protected)


class Contacts:
    def __init__(self):
        self.calls, self.is_down = [], False
        self.contact = CONTACT

    def look_up(self, recipient):
        return self.look_up_all([recipient])[0]

    def look_up_all(self, recipients):
        self.calls.append(len(recipients))
        if self.is_down:
            raise OutsideUnavailable
        return [self.contact] * len(recipients)


class Channel:
    """Takes letters and, like a real channel, drops repeats of the same message id."""

    def __init__(self, name, *, reaches=True):
        self.name, self.reaches, self.is_down = name, reaches, False
        self.letters, self.attempts = {}, 0
        self.fault_for = {}
        self.fault, self.down_for, self.then = None, 0, lambda: None

    def send(self, recipient, contact, letter):
        self.attempts += 1
        if fault := self.fault_for.get(letter.message_id, self.fault):
            raise fault
        if self.is_down or self.attempts <= self.down_for:
            raise OutsideUnavailable
        self.then()
        if self.reaches:
            self.letters[letter.message_id] = letter
        return self.reaches


class World:
    def __init__(self, database, *, first_reaches=True):
        self.database, self.clock = database, FixedClock(NOON)
        self.uow = UnitOfWork(database, Store, KIT, clock=self.clock)
        self.recipients, self.contacts = Recipients(), Contacts()
        self.channels = [Channel("helsenorge", reaches=first_reaches), Channel("digipost")]
        self.schedules = {"smertereg": SCHEDULE}
        self.post = Post(
            recipients=self.recipients,
            contacts=self.contacts,
            channels={channel.name: channel for channel in self.channels},
            link_key=b"k" * 32,
            link_url=lambda token: f"https://eprom.example.test/l/{token}",
            words=lambda kind, language: Words(f"{kind}-{language}", "You have a form to answer.", "Open"),
            schedule=lambda registry: self.schedules[registry],
        )

    def contact(self, **facts):
        """What the contact register says from now on."""
        self.contacts.contact = replace(CONTACT, **facts)

    def order(self, course_id=1, form="pasreg", pid=5):
        return place_order(course_name(course_id, pid), form, due_at=DISPATCH, uow=self.uow)

    def send_all(self):
        """Send every waiting order, whatever its time."""
        with self.database.reading() as session:
            waiting = session.scalars(select(OrderRow.order_id).where(OrderRow.state == "waiting")).all()
        for order_id in waiting:
            send_form(order_id, FIRST, post=self.post, uow=self.uow)

    def row(self, order_id):
        with self.database.reading() as session:
            return session.get(OrderRow, order_id)

    def attempts(self):
        """The reach ledger: channel, outcome, code of each attempt."""
        with self.database.reading() as session:
            rows = session.scalars(select(AttemptRow).order_by(AttemptRow.attempt_id)).all()
        return [(row.channel, row.outcome, row.code) for row in rows]

    def events(self):
        outbox = KIT.outbox.outbox
        with self.database.reading() as session:
            rows = session.execute(select(outbox.c.name, outbox.c.body).order_by(outbox.c.position)).all()
        return [load(row.name, row.body) for row in rows]

    def event_names(self):
        return [type(event).__name__ for event in self.events()]

    def jobs(self):
        job = KIT.scheduling.job
        with self.database.reading() as session:
            return [row.arguments for row in session.execute(select(job)).all()]

    def take_jobs(self):
        """What is to be done now; each job is taken once."""
        job = KIT.scheduling.job
        with self.database.transaction() as session:
            done = update(job).where(job.c.finished_at.is_(None), job.c.due_at <= self.clock.now())
            rows = session.execute(done.values(finished_at=self.clock.now()).returning(job.c.arguments)).all()
        return [row.arguments for row in rows]
