"""Who ended treatment less than a year before the demo begins is asked when the year is over, and only then."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from deploy.demo.courses import Clerk
from deploy.demo.history import Desk
from deploy.demo.plan import Stage
from deploy.demo.users import HOSPITALS, NORPAIN
from services.eprom.handlers import HANDLERS
from services.eprom.store.tables import Base, OrderRow
from services.eprom.store.tables import CourseRow as Known
from services.registration.gateways.registry import load_registries
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.forms.catalogue import registry
from shared.testing.laid_tables import lay_tables
from tests.deploy.test_plan import DAY, norpain
from tests.eprom.usecases.world import World

OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('eprom')}/eprom.sqlite")
    lay_tables(engine, Base.metadata)
    yield Database(engine, Base.metadata)
    engine.dispose()


@pytest.mark.req("EPR-11", "GEN-01")
def test_the_form_a_year_after_waits_for_its_day_and_nothing_else_is_sent(database):
    world, plans = World(database), [plan for plan in norpain() if plan.stage is Stage.ENDED]
    desk = Desk(registry(NORPAIN), {hospital: {"locations": [1], "wards": [2]} for hospital in HOSPITALS}, DAY)
    clerk = Clerk(load_registries()[NORPAIN], desk, {plan.person.id: plan.number + 1 for plan in plans})
    for plan in plans:
        row = clerk.course(plan, list(desk.history(plan)))
        row.course_id = plan.number
        for event in clerk.events(plan, row):
            HANDLERS[type(event)](event, world.uow)

    ended = {p.number: p.ended_on for p in plans if p.ended_on > DAY - timedelta(days=365) and not p.person.died_on}
    with database.reading() as session:
        rows = session.scalars(select(OrderRow)).all()
        days = {row.course_id: row.due_at.astimezone(OSLO).date() for row in rows}
        assert {row.form for row in rows} == {"followup"}
        assert {row.course_id: row.opened_on for row in session.scalars(select(Known))}.keys() == days.keys()
    waiting = {number: day for number, day in days.items() if number in ended}
    assert waiting == {number: ended_on + timedelta(days=365) for number, ended_on in ended.items()}
    assert len(waiting) > 5
    assert set(days.values()) - set(waiting.values()) <= {DAY}
