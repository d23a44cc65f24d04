"""A reservation reaches every service over the bus, and the case closes with the last receipt."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest
from sqlalchemy import select

from services.eprom.handlers import HANDLERS as EPROM_HANDLERS
from services.eprom.store.tables import Base as EpromBase
from services.eprom.store.tables import OrderRow
from services.identity.handlers import HANDLERS as IDENTITY_HANDLERS
from services.identity.store.store import Store as IdentityStore
from services.identity.store.tables import KIT as IDENTITY_KIT
from services.identity.store.tables import Base as IdentityBase
from services.registration.domain.errors import RuleBroken
from services.registration.gateways.extract_files import FolderOfExtracts
from services.registration.handlers import HANDLERS as REGISTRATION_HANDLERS
from services.registration.store.tables import Base as RegistrationBase
from services.registration.store.tables import CourseRow
from services.registration.usecases.block_person import confirm_erasure, erase_health_data
from services.registration.usecases.open_course import open_course
from services.release.handlers import HANDLERS as RELEASE_HANDLERS
from services.release.store.store import Store as ReleaseStore
from services.release.store.tables import KIT as RELEASE_KIT
from services.release.store.tables import Base as ReleaseBase
from services.reservation.domain.case import RECEIPTS_OF_ERASURE, Channel
from services.reservation.handlers import HANDLERS as RESERVATION_HANDLERS
from services.reservation.store.store import Store as ReservationStore
from services.reservation.store.tables import KIT as RESERVATION_KIT
from services.reservation.store.tables import Base as ReservationBase
from services.reservation.store.tables import CaseRow, ReceiptRow
from services.reservation.usecases.numbers import Numbers
from services.reservation.usecases.reserve import reserve
from shared.bus.worker import Alarm, Worker
from shared.db.database import Database
from shared.db.encryption import Cipher
from shared.db.engine import make_engine
from shared.db.keys import KeyRing
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock
from shared.scheduling.jobs import JobRunner
from shared.testing.web import a_citizen
from tests.eprom.usecases.world import World as EpromWorld
from tests.registration.usecases.desk import LINE, NOW, NURSE
from tests.registration.usecases.desk import World as RegistrationWorld


def make(folder, name, metadata):
    database = Database(make_engine(f"sqlite:///{folder}/{name}.sqlite"), metadata)
    metadata.create_all(database.engine)
    return database


class Suite:
    """Five services with their workers on one bus."""

    def __init__(self, folder, bus_url):
        self.folder = folder
        self.registration = RegistrationWorld(make(folder, "registration", RegistrationBase.metadata))
        self.eprom = EpromWorld(make(folder, "eprom", EpromBase.metadata))
        database = make(folder, "reservation", ReservationBase.metadata)
        self.uow = UnitOfWork(database, ReservationStore, RESERVATION_KIT, clock=FixedClock(NOW))
        self.bus_url, self.stop, self.workers = bus_url, threading.Event(), []

    def reserve(self, number):
        numbers = Numbers(self.registration.persons.block, Cipher(KeyRing("k1", {"k1": bytes(32)}), "numbers"))
        facts = {"channel": Channel.CITIZEN_PAGE, "language": "nb", "by": a_citizen()}
        return reserve("smertereg", number, **facts, numbers=numbers, uow=self.uow)

    def jobs(self):
        given = {"persons": self.registration.persons, "uow": self.registration.uow}
        return {
            "erase_health_data": lambda a: erase_health_data(**a, **given),
            "confirm_erasure": lambda a: confirm_erasure(**a, files=FolderOfExtracts(self.folder), **given),
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
        self.start("release", self.plain("release", ReleaseBase, ReleaseStore, RELEASE_KIT), RELEASE_HANDLERS, {})

    def start_identity(self):
        self.start("identity", self.plain("identity", IdentityBase, IdentityStore, IDENTITY_KIT), IDENTITY_HANDLERS, {})

    def plain(self, name, base, store, kit):
        return UnitOfWork(make(self.folder, name, base.metadata), store, kit, clock=FixedClock(NOW))

    def receipts(self):
        with self.uow.database.reading() as session:
            return set(session.scalars(select(ReceiptRow.service)))

    def case_state(self):
        with self.uow.database.reading() as session:
            return session.scalar(select(CaseRow.state))

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

    suite.reserve(LINE)
    suite.start_all()
    suite.wait_for_receipts(RECEIPTS_OF_ERASURE - {"identity"})

    assert suite.receipts() == RECEIPTS_OF_ERASURE - {"identity"}
    assert suite.case_state() == "waiting"
    assert suite.registration.rows(CourseRow) == []
    assert suite.registration.persons.find(LINE) is None
    with suite.eprom.database.reading() as session:
        assert session.scalars(select(OrderRow)).all() == []
    with pytest.raises(RuleBroken, match="person_has_reserved"):
        register(suite)


@pytest.mark.journey
@pytest.mark.rabbitmq
@pytest.mark.req("RES-05", "BUS-05")
def test_a_service_that_was_down_confirms_when_it_is_back_and_the_case_closes(suite):
    suite.reserve("01888912345")
    suite.start_all()
    suite.wait_for_receipts(RECEIPTS_OF_ERASURE - {"identity"})
    assert suite.case_state() == "waiting"

    suite.start_identity()
    suite.wait_for_receipts(RECEIPTS_OF_ERASURE)

    assert suite.receipts() == RECEIPTS_OF_ERASURE
    assert suite.case_state() == "closed"
