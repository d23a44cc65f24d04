"""Reserving, taking it back, and the receipts that close a case."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from services.reservation.domain.case import RECEIPTS_OF_ERASURE, Channel
from services.reservation.domain.errors import RuleBroken
from services.reservation.store.store import Store
from services.reservation.store.tables import KIT, Base, CaseRow, ReceiptRow, ReservedRow
from services.reservation.usecases.confirm import confirm
from services.reservation.usecases.numbers import Numbers
from services.reservation.usecases.reserve import reserve, take_back
from shared.contracts.event import load
from shared.db.encryption import Cipher
from shared.db.keyed_hash import KeyedHash
from shared.db.keys import KeyRing
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock
from shared.testing.web import a_citizen

NUMBER, NOW = "01888912345", datetime(2027, 1, 31, 12, tzinfo=UTC)
KEY = bytes(32)
NUMBERS = Numbers(KeyedHash(KEY, "block-list"), Cipher(KeyRing("k1", {"k1": KEY}), "reservation-number"))
PERSON, KARI = NUMBERS.hash_of(NUMBER), a_citizen("kari")


class World:
    def __init__(self, database):
        self.database = database
        self.uow = UnitOfWork(database, Store, KIT, clock=FixedClock(NOW))

    def reserve(self):
        facts = {"channel": Channel.CITIZEN_PAGE, "language": "nb", "by": KARI}
        return reserve("smertereg", NUMBER, **facts, numbers=NUMBERS, uow=self.uow)

    def take_back(self):
        return take_back("smertereg", PERSON, channel=Channel.CITIZEN_PAGE, by=KARI, uow=self.uow)

    def rows(self, what):
        with self.database.reading() as session:
            return session.scalars(select(what)).all()

    def events(self):
        with self.database.reading() as session:
            return [load(r.name, r.body) for r in session.execute(select(KIT.outbox.outbox)).all()]


@pytest.fixture
def world(make_database):
    return World(make_database(Base.metadata))


@pytest.mark.req("RES-03", "RES-05")
def test_a_reservation_blocks_at_once_and_is_told(world):
    case_id = world.reserve()

    assert world.rows(ReservedRow.person_hash) == [PERSON]
    assert [(e.case_id, e.person_hash) for e in world.events()] == [(case_id, PERSON)]


@pytest.mark.req("RES-04")
def test_a_case_gets_its_deadline_from_the_day_it_came(world):
    world.reserve()

    assert world.rows(CaseRow.due_on) == [date(2027, 2, 28)]


def test_nobody_reserves_twice(world):
    world.reserve()
    with pytest.raises(RuleBroken, match="already_reserved"):
        world.reserve()

    assert len(world.rows(CaseRow)) == 1


@pytest.mark.req("RES-05")
def test_the_last_receipt_closes_the_case_and_orders_one_letter(world):
    case_id = world.reserve()
    for service in sorted(RECEIPTS_OF_ERASURE):
        assert world.rows(CaseRow.state) == ["waiting"]
        confirm(case_id, service, uow=world.uow)
    confirm(case_id, "registration", uow=world.uow)

    assert world.rows(CaseRow.state) == ["closed"]
    assert world.rows(KIT.scheduling.job.c.key) == [f"letter:{case_id}"]


@pytest.mark.req("RES-06")
def test_deliveries_that_cannot_be_called_back_are_kept_with_the_receipt(world):
    case_id = world.reserve()
    confirm(case_id, "release", projects=("p1", "p2"), uow=world.uow)

    assert world.rows(ReceiptRow.projects) == ["p1 p2"]


@pytest.mark.req("RES-07")
def test_a_reservation_taken_back_leaves_the_block_list(world):
    world.reserve()
    world.take_back()

    assert world.rows(ReservedRow) == []
    assert world.rows(CaseRow.kind) == ["reservation", "withdrawal"]
    with pytest.raises(RuleBroken, match="not_reserved"):
        world.take_back()


@pytest.mark.req("RES-03", "GEN-04")
def test_the_number_is_kept_closed_until_the_letter_is_out(world):
    case_id = world.reserve()
    (sealed,) = world.rows(CaseRow.sealed_number)

    assert NUMBER.encode() not in sealed
    assert NUMBERS.open(sealed, place=f"case:{case_id}") == NUMBER
