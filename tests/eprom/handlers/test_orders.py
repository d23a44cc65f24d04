"""Which events of registration order which forms, by the rules of SmerteReg."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from services.eprom.handlers import HANDLERS
from services.eprom.store.tables import Base, CourseRow, OrderRow
from shared.contracts.registration import (
    ConsentRecorded,
    ConsentWithdrawn,
    CourseDeleted,
    FormFinalised,
    FormReopened,
    InclusionDecided,
    PaperFormEntered,
    PersonDied,
    PersonErased,
    PromOrdered,
    PromStopped,
)
from tests.eprom.usecases.world import DISPATCH, World

WHERE = {"course_id": 1, "pid": 5, "registry": "smertereg", "organisation": 100082}
ENDED_ON = date(2026, 11, 21)


@pytest.fixture
def world(make_database):
    return World(make_database(Base.metadata))


def tell(world, *events):
    for event in events:
        HANDLERS[type(event)](event, world.uow)


def inclusion(included=True, basis="reservation", course_type=3):
    return InclusionDecided(**WHERE, included=included, basis=basis, course_type=course_type)


def consent(consented=True):
    return ConsentRecorded(**WHERE, consented=consented, reason=None, consented_on=None)


def finalised(form="b22", ended_on=ENDED_ON):
    return FormFinalised(**WHERE, form=form, definition_version=1, ended_on=ended_on)


REOPENED = FormReopened(course_id=1, pid=5, form="b22")
STOPPED = PromStopped(course_id=1, pid=5, reason=4)
PAPER = PaperFormEntered(course_id=1, pid=5, form="pasreg")


def rows(world):
    with world.database.reading() as session:
        return session.scalars(select(OrderRow).order_by(OrderRow.due_at, OrderRow.form)).all()


def waiting(world):
    return [row.form for row in rows(world) if row.state == "waiting"]


@pytest.mark.req("EPR-02", "EPR-03")
def test_inclusion_orders_two_forms_for_one_dispatch_two_minutes_apart(world):
    tell(world, inclusion())

    assert [(row.form, row.due_at) for row in rows(world)] == [
        ("pasreg", DISPATCH),
        ("hads", DISPATCH + timedelta(minutes=2)),
    ]


@pytest.mark.req("EPR-03")
def test_after_the_dispatch_of_today_it_is_tomorrow(world):
    world.clock.move(DISPATCH - world.clock.now() + timedelta(seconds=1))
    tell(world, inclusion())

    assert rows(world)[0].due_at == DISPATCH + timedelta(days=1)


@pytest.mark.req("EPR-03")
def test_the_dispatch_keeps_its_hour_in_oslo_over_summer_time(world):
    world.clock.move(datetime(2027, 3, 27, 20, tzinfo=UTC) - world.clock.now())
    tell(world, inclusion())

    assert rows(world)[0].due_at == datetime(2027, 3, 28, 14, 30, tzinfo=UTC)


@pytest.mark.req("EPR-02")
def test_where_the_basis_is_consent_a_consent_is_needed(world):
    tell(world, inclusion(basis="consent"))
    assert waiting(world) == []

    tell(world, consent(consented=False))
    assert waiting(world) == []

    tell(world, consent())
    assert waiting(world) == ["pasreg", "hads"]


@pytest.mark.req("EPR-02")
def test_the_same_told_twice_is_one_order(world):
    tell(world, inclusion(), inclusion(), consent(), inclusion())

    assert [row.form for row in rows(world)] == ["pasreg", "hads"]


@pytest.mark.req("EPR-02")
@pytest.mark.parametrize("told", [inclusion(included=None), inclusion(included=False, course_type=2)])
def test_inclusion_that_falls_away_stops_what_waits_and_its_return_orders_again(world, told):
    tell(world, inclusion(), told)
    assert waiting(world) == []

    tell(world, inclusion())
    assert waiting(world) == ["pasreg", "hads"]


@pytest.mark.req("EPR-02", "EPR-10")
@pytest.mark.parametrize(
    "told", [inclusion(included=False), ConsentWithdrawn(course_id=1, pid=5, withdrawn_on=ENDED_ON)]
)
def test_a_ground_that_is_gone_for_good_closes_open_links_too(world, told):
    tell(world, inclusion())
    world.send_all()
    tell(world, told)

    assert {(row.state, row.link_hash) for row in rows(world)} == {("stopped", None)}


@pytest.mark.req("EPR-02")
def test_what_is_only_undecided_leaves_a_sent_form_open(world):
    tell(world, inclusion())
    world.send_all()
    tell(world, inclusion(included=None))

    assert {row.state for row in rows(world)} == {"sent"}


@pytest.mark.req("EPR-02")
def test_eval_follows_b22_and_opioid_its_end_date(world):
    tell(world, inclusion(), finalised())

    due = {row.form: row.due_at for row in rows(world)}
    assert due["eval"] == DISPATCH
    assert due["opioid"] == datetime(2026, 12, 19, 15, 30, tzinfo=UTC)


@pytest.mark.req("EPR-02")
def test_a_course_that_is_not_included_gets_no_eval(world):
    tell(world, inclusion(included=False, course_type=2), finalised())

    assert rows(world) == []


@pytest.mark.req("EPR-02")
def test_opioid_is_due_from_the_new_end_date_when_b22_is_opened_again(world):
    tell(world, inclusion(), finalised(), REOPENED)
    assert waiting(world) == ["pasreg", "hads"]

    tell(world, finalised(ended_on=ENDED_ON + timedelta(days=1)))
    assert [row.due_at.day for row in rows(world) if (row.form, row.state) == ("opioid", "waiting")] == [20]


@pytest.mark.req("EPR-02")
def test_a_form_that_was_sent_is_not_ordered_again_when_b22_is_finalised_anew(world):
    tell(world, inclusion(), finalised())
    world.send_all()
    tell(world, REOPENED, finalised())

    assert [row.state for row in rows(world)] == ["sent"] * 4


@pytest.mark.req("EPR-06")
def test_what_a_clinician_has_stopped_stays_stopped(world):
    tell(world, inclusion(), STOPPED, inclusion(included=None), inclusion(), finalised())

    assert [(row.state, row.reason) for row in rows(world)] == [("stopped", 4), ("stopped", 4)]


@pytest.mark.req("EPR-06", "EPR-07")
def test_by_hand_a_form_is_sent_now_even_after_a_stop(world):
    tell(world, inclusion(), STOPPED, PromOrdered(**WHERE, form="pasreg", channel="email_sms"))

    (row,) = [row for row in rows(world) if row.state == "waiting"]
    assert (row.form, row.due_at, row.asked_channel) == ("pasreg", world.clock.now(), "email_sms")
    assert world.jobs() == [{"order_id": row.order_id, "kind": "first"}]


@pytest.mark.req("EPR-07")
def test_by_hand_a_form_that_waits_is_sent_now(world):
    order = PromOrdered(**WHERE, form="pasreg", channel="secure")
    tell(world, inclusion(), order, order)

    assert len(rows(world)) == 2
    assert len(world.jobs()) == 1


@pytest.mark.req("EPR-07")
def test_nothing_is_sent_by_hand_to_who_has_not_consented(world):
    tell(world, inclusion(basis="consent"), consent(consented=False), PromOrdered(**WHERE, form="hads", channel=""))

    assert rows(world) == []


@pytest.mark.req("EPR-02")
def test_a_form_on_paper_is_not_asked_for(world):
    tell(world, inclusion(), PAPER, inclusion())

    assert waiting(world) == ["hads"]


@pytest.mark.req("EPR-10")
@pytest.mark.parametrize("told", [PersonDied(pid=5, died_on=ENDED_ON), CourseDeleted(course_id=1, pid=5)])
def test_after_the_end_nothing_more_is_ordered(world, told):
    tell(world, inclusion(), told, finalised())

    assert {row.state for row in rows(world)} == {"stopped"}


@pytest.mark.req("EPR-10", "RES-05", "GEN-01")
def test_who_is_erased_in_one_registry_stays_in_the_other(world):
    tell(world, inclusion(), PersonErased(case_id="1a" * 16, registry="norpain", pid=5, extracts=()))

    assert [row.state for row in rows(world)] == ["waiting", "waiting"]


@pytest.mark.req("EPR-10", "RES-05")
def test_an_erased_person_leaves_no_facts(world):
    tell(world, inclusion(), PersonErased(case_id="1a" * 16, registry="smertereg", pid=5, extracts=()))

    with world.database.reading() as session:
        assert session.scalars(select(CourseRow)).all() == []
