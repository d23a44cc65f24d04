"""A reservation reaches registration and eprom over the bus, and their receipts come back."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest
from sqlalchemy import select

from services.eprom.handlers import HANDLERS as EPROM_HANDLERS
from services.eprom.store.tables import Base as EpromBase
from services.eprom.store.tables import OrderRow
from services.registration.domain.errors import RuleBroken
from services.registration.handlers import HANDLERS as REGISTRATION_HANDLERS
from services.registration.store.tables import Base as RegistrationBase
from services.registration.store.tables import CourseRow
from services.registration.usecases.block_person import confirm_erasure, erase_health_data
from services.registration.usecases.open_course import open_course
from services.reservation.domain.case import Channel
from services.reservation.handlers import HANDLERS as RESERVATION_HANDLERS
from services.reservation.store.store import Store as ReservationStore
from services.reservation.store.tables import KIT as RESERVATION_KIT
from services.reservation.store.tables import Base as ReservationBase
from services.reservation.store.tables import ReceiptRow
from services.reservation.usecases.reserve import reserve
from shared.bus.worker import Alarm, Worker
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock
from shared.scheduling.jobs import JobRunner
from tests.eprom.usecases.world import World as EpromWorld
from tests.registration.usecases.desk import LINE, NOW, NURSE
from tests.registration.usecases.desk import World as RegistrationWorld

ERASED_BY = {"registration", "eprom"}


def make(folder, name, metadata):
    database = Database(make_engine(f"sqlite:///{folder}/{name}.sqlite"), metadata)
    metadata.create_all(database.engine)
    return database


class Suite:
    """Three services with their workers on one bus; release and identity are down."""

    def __init__(self, folder, bus_url):
        self.registration = RegistrationWorld(make(folder, "registration", RegistrationBase.metadata))
        self.eprom = EpromWorld(make(folder, "eprom", EpromBase.metadata))
        database = make(folder, "reservation", ReservationBase.metadata)
        self.uow = UnitOfWork(database, ReservationStore, RESERVATION_KIT, clock=FixedClock(NOW))
        self.bus_url, self.stop, self.workers = bus_url, threading.Event(), []

    def jobs(self):
        persons, uow = self.registration.persons, self.registration.uow
        return {
            "erase_health_data": lambda a: erase_health_data(**a, persons=persons, typed_tables=(), uow=uow),
            "confirm_erasure": lambda a: confirm_erasure(**a, persons=persons, uow=uow),
        }

    def start(self, service, uow, handlers, jobs):
        runner = JobRunner(uow.database, uow.kit.scheduling, uow.clock, jobs)
        worker = Worker(service, self.bus_url, uow, handlers, runner, Alarm())
        worker.start(self.stop)
        self.workers.append(worker)

    def start_all(self):
        self.start("registration", self.registration.uow, REGISTRATION_HANDLERS, self.jobs())
        self.start("eprom", self.eprom.uow, EPROM_HANDLERS, {})
        self.start("reservation", self.uow, RESERVATION_HANDLERS, {})

    def receipts(self):
        with self.uow.database.reading() as session:
            return set(session.scalars(select(ReceiptRow.service)))

    def wait_for_receipts(self, wanted, seconds=30.0):
        deadline = time.monotonic() + seconds
        while self.receipts() != wanted and time.monotonic() < deadline:
            time.sleep(0.05)

    def end(self):
        self.stop.set()
        for worker in self.workers:
            worker.join()


@pytest.fixture
def suite(tmp_path, bus_url):
    suite = Suite(tmp_path, bus_url)
    yield suite
    suite.end()


def register(suite):
    world = suite.registration
    return open_course(LINE, started_on=date(2026, 11, 20), by=NURSE, desk=world.desk, uow=world.uow)


@pytest.mark.journey
@pytest.mark.rabbitmq
@pytest.mark.req("RES-05", "REG-04", "EPR-10", "BUS-05")
def test_a_reservation_erases_everywhere_and_the_receipts_come_back(suite):
    course_id = register(suite)
    pid = suite.registration.persons.find(LINE)
    suite.eprom.order(course_id=course_id, pid=pid)
    person_hash = suite.registration.persons.block_hash(LINE)

    reserve("smertereg", person_hash, channel=Channel.CITIZEN_PAGE, uow=suite.uow)
    suite.start_all()
    suite.wait_for_receipts(ERASED_BY)

    assert suite.receipts() == ERASED_BY
    assert suite.registration.rows(CourseRow) == []
    assert suite.registration.persons.find(LINE) is None
    with suite.eprom.database.reading() as session:
        assert session.scalars(select(OrderRow)).all() == []
    with pytest.raises(RuleBroken, match="person_has_reserved"):
        register(suite)
