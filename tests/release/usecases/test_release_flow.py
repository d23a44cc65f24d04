"""From an application to a download, and what a reservation calls back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from services.release.domain.application import Choice
from services.release.domain.errors import NotFound, RuleBroken
from services.release.store.store import Store
from services.release.store.tables import KIT, ApplicationRow, ApprovalRow, Base, DeliveryRow
from services.release.usecases.decide import decide, start_voting, submit, vote
from services.release.usecases.deliver import approve, erase_person, hand_out, order_extract, take_extract
from shared.contracts.event import load
from shared.contracts.release import Delivered, ExtractRequested, PersonErased
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock

NOW, CASE = datetime(2026, 11, 21, 12, tzinfo=UTC), "1a" * 16
ORDER = {
    "variables": ["mce.supervision"],
    "from_on": "2024-01-01",
    "to_on": "2025-12-31",
    "organisations": [100082],
    "recipient_key": "age1q",
}


class World:
    def __init__(self, database):
        self.database = database
        self.uow = UnitOfWork(database, Store, KIT, clock=FixedClock(NOW))

    def draft(self, **values):
        valid = {"application_id": "a1", "registry_key": "smertereg", "applicant": "kari", "kind": "research"}
        valid |= {"state": "draft", "title": "t", "content": {}, "has_rec_approval": True, "is_commercial": False}
        with self.uow() as store:
            store.add(ApplicationRow(**(valid | values), created_at=NOW))

    def approved(self):
        self.draft()
        submit("a1", applicant="kari", uow=self.uow)
        start_voting("a1", uow=self.uow)
        vote("a1", member="m1", choice=Choice.YES, uow=self.uow)
        decide("a1", by="manager", reason="", uow=self.uow)

    def ready(self):
        self.approved()
        delivery_id = order_extract("a1", ORDER, uow=self.uow)
        take_extract(self.events()[-1].extract_id, smallest_cell=8, sha256="6f" * 32, uow=self.uow)
        return delivery_id

    def opened(self):
        delivery_id = self.ready()
        for person in ("manager", "statistician"):
            approve(delivery_id, by=person, threshold=5, accepts_small_cells=False, uow=self.uow)
        return delivery_id

    def rows(self, what):
        with self.database.reading() as session:
            return session.scalars(select(what)).all()

    def events(self):
        outbox = KIT.outbox.outbox
        with self.database.reading() as session:
            rows = session.execute(select(outbox).order_by(outbox.c.position)).all()
        return [load(row.name, row.body) for row in rows]


@pytest.fixture
def world(make_database):
    return World(make_database(Base.metadata))


@pytest.mark.req("REL-02", "REL-04")
def test_an_application_is_submitted_voted_on_and_decided(world):
    world.approved()

    assert world.rows(ApplicationRow.state) == ["approved"]


@pytest.mark.req("REL-02", "REL-03")
def test_research_without_approval_stays_a_draft(world):
    world.draft(has_rec_approval=False)
    with pytest.raises(RuleBroken, match="rec_approval_missing"):
        submit("a1", applicant="kari", uow=world.uow)

    assert world.rows(ApplicationRow.state) == ["draft"]


def test_somebody_elses_application_does_not_exist(world):
    world.draft()
    with pytest.raises(NotFound):
        submit("a1", applicant="ola", uow=world.uow)


@pytest.mark.req("REL-07")
def test_no_extract_without_an_approved_application(world):
    world.draft()
    with pytest.raises(RuleBroken, match="application_is_not_approved"):
        order_extract("a1", ORDER, uow=world.uow)


@pytest.mark.req("REL-07", "BUS-02")
def test_the_extract_is_asked_for_with_what_was_approved(world):
    world.approved()
    order_extract("a1", ORDER, uow=world.uow)
    asked = world.events()[-1]

    assert isinstance(asked, ExtractRequested)
    assert (asked.variables, asked.organisations) == (("mce.supervision",), (100082,))


@pytest.mark.req("REL-07")
def test_two_persons_open_a_delivery_and_the_recipient_downloads_once(world):
    delivery_id = world.opened()
    with pytest.raises(RuleBroken, match="not_found"):
        hand_out(delivery_id, to="ola", uow=world.uow)
    hand_out(delivery_id, to="kari", uow=world.uow)

    with pytest.raises(RuleBroken, match="delivery_is_not_open"):
        hand_out(delivery_id, to="kari", uow=world.uow)
    assert isinstance(world.events()[-1], Delivered)


@pytest.mark.req("RES-05", "REL-07")
def test_an_undelivered_file_is_made_anew_without_the_reserved_person(world):
    world.opened()
    old = world.rows(DeliveryRow.extract_id)[0]
    erase_person(CASE, [old], uow=world.uow)

    asked, receipt = world.events()[-2:]
    assert isinstance(asked, ExtractRequested)
    assert asked.extract_id != old
    assert receipt == PersonErased(case_id=CASE, projects=())
    assert (world.rows(DeliveryRow.state), world.rows(ApprovalRow)) == (["requested"], [])
    with pytest.raises(NotFound):
        take_extract(old, smallest_cell=8, sha256="x", uow=world.uow)


@pytest.mark.req("RES-06")
def test_a_delivered_file_is_named_with_its_project(world):
    delivery_id = world.opened()
    hand_out(delivery_id, to="kari", uow=world.uow)
    erase_person(CASE, world.rows(DeliveryRow.extract_id), uow=world.uow)

    assert world.events()[-1].projects == tuple(world.rows(DeliveryRow.project_id))
