"""Which events of registration order which forms, by the rules of NorPain: before, during, one year after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from services.eprom.handlers import HANDLERS
from services.eprom.store.tables import Base, OrderRow
from shared.contracts.registration import FormFinalised, FormReopened, InclusionDecided
from tests.eprom.usecases.world import DISPATCH, World

pytestmark = [pytest.mark.req("EPR-11")]
WHERE = {"course_id": 1, "pid": 5, "registry": "norpain", "organisation": 100320}
INCLUDED = InclusionDecided(**WHERE, included=True, basis="reservation", course_type=3)
ENDED_ON = date(2026, 11, 21)
IN_THREE_MONTHS = DISPATCH + timedelta(days=91)
IN_A_YEAR = datetime(2027, 11, 21, 15, 30, tzinfo=UTC)


@pytest.fixture
def world(make_database):
    return World(make_database(Base.metadata))


def tell(world, *events):
    for event in events:
        HANDLERS[type(event)](event, world.uow)


def finalised(form, ended_on=None):
    return FormFinalised(**WHERE, form=form, definition_version=1, ended_on=ended_on)


def orders(world, state="waiting"):
    with world.database.reading() as session:
        found = session.scalars(select(OrderRow).order_by(OrderRow.due_at))
        return {row.form: row.due_at for row in found if row.state == state}


def test_the_right_to_health_care_orders_the_form_before_the_first_visit(world):
    tell(world, INCLUDED)
    assert orders(world) == {"baseline": DISPATCH}


def test_without_the_right_nothing_is_sent(world):
    tell(world, InclusionDecided(**WHERE, included=False, basis="reservation", course_type=2))
    assert orders(world) == {}


def test_the_assessment_orders_the_form_during_treatment(world):
    tell(world, INCLUDED, finalised("assessment"))
    assert orders(world) == {"baseline": DISPATCH, "midway": IN_THREE_MONTHS}


def test_who_has_ended_is_not_asked_how_treatment_goes_and_is_asked_a_year_later(world):
    tell(world, INCLUDED, finalised("assessment"), finalised("closing", ENDED_ON))
    assert orders(world) == {"baseline": DISPATCH, "followup": IN_A_YEAR}
    assert set(orders(world, "stopped")) == {"midway"}


def test_a_course_that_goes_on_after_all_is_asked_during_treatment_again(world):
    tell(world, INCLUDED, finalised("assessment"), finalised("closing", ENDED_ON))
    tell(world, FormReopened(course_id=1, pid=5, form="closing"))
    assert orders(world) == {"baseline": DISPATCH, "midway": IN_THREE_MONTHS}
