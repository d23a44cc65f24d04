"""Applications and deliveries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.release.domain.application import (
    Application,
    Choice,
    Kind,
    Reviewer,
    State,
    answer_by,
    decide,
    deliver_by,
    start_voting,
    submit,
    vote,
)
from services.release.domain.delivery import Delivery, DeliveryState, approve, downloaded, made, recalled
from services.release.domain.errors import RuleBroken

TODAY = date(2026, 11, 21)
MANAGER = Reviewer(actor="user:9", name="Eva Prøve")


def make_application(**values):
    valid = {
        "kind": Kind.RESEARCH,
        "state": State.DRAFT,
        "applicant": "a",
        "has_rec_approval": True,
        "is_commercial": False,
    }
    return Application(**(valid | values))


def with_votes(*choices):
    application = start_voting(submit(make_application(), today=TODAY))
    for number, choice in enumerate(choices):
        application = vote(application, by=Reviewer(actor=f"m{number}"), choice=choice)
    return application


@pytest.mark.req("REL-02", "REL-03")
@pytest.mark.parametrize(
    ("values", "code"),
    [({"has_rec_approval": False}, "rec_approval_missing"), ({"is_commercial": True}, "commercial_applicants")],
)
def test_research_without_approval_and_business_are_refused(values, code):
    with pytest.raises(RuleBroken, match=code):
        submit(make_application(**values), today=TODAY)


@pytest.mark.req("REL-02")
def test_aggregated_data_need_no_outside_approval():
    assert submit(make_application(kind=Kind.AGGREGATED, has_rec_approval=False), today=TODAY).state is State.RECEIVED


@pytest.mark.req("REL-04")
@pytest.mark.parametrize(
    ("choices", "state"),
    [
        ((Choice.YES, Choice.YES, Choice.NO), State.APPROVED),
        ((Choice.YES, Choice.NO), State.REJECTED),
        ((Choice.YES, Choice.CONFLICT), State.APPROVED),
    ],
)
def test_a_majority_of_the_votes_given_decides(choices, state):
    assert decide(with_votes(*choices), by=MANAGER, reason="for lite grunnlag", today=TODAY).state is state


@pytest.mark.req("REL-04")
def test_a_rejection_says_why_and_conflicts_alone_decide_nothing():
    with pytest.raises(RuleBroken, match="rejection_needs_reason"):
        decide(with_votes(Choice.NO), by=MANAGER, reason=" ", today=TODAY)
    with pytest.raises(RuleBroken, match="no_votes_yet"):
        decide(with_votes(Choice.CONFLICT), by=MANAGER, reason="x", today=TODAY)


@pytest.mark.req("REL-12")
def test_nobody_votes_or_decides_on_an_own_application():
    with pytest.raises(RuleBroken, match="own_application"):
        vote(with_votes(), by=Reviewer(actor="a"), choice=Choice.YES)
    with pytest.raises(RuleBroken, match="own_application"):
        decide(with_votes(Choice.YES), by=Reviewer(actor="a"), reason="", today=TODAY)


@pytest.mark.req("REL-12")
def test_nobody_votes_on_a_project_that_names_them():
    application = replace(with_votes(), people=frozenset({"eva  prøve"}))
    with pytest.raises(RuleBroken, match="own_application"):
        vote(application, by=MANAGER, choice=Choice.YES)


@pytest.mark.req("REL-05")
def test_the_clocks_are_21_and_60_days():
    assert (answer_by(TODAY), deliver_by(TODAY)) == (date(2026, 12, 12), date(2027, 1, 20))


def ready(**values):
    return made(Delivery(state=DeliveryState.REQUESTED, recipient="a"), **({"smallest_cell": 9} | values))


@pytest.mark.req("REL-07")
def test_two_different_persons_open_a_delivery():
    once = approve(ready(), by="x", threshold=5, accepts_small_cells=False)
    with pytest.raises(RuleBroken, match="second_person"):
        approve(once, by="x", threshold=5, accepts_small_cells=False)

    assert approve(once, by="y", threshold=5, accepts_small_cells=False).state is DeliveryState.APPROVED


@pytest.mark.req("REL-07")
def test_small_cells_need_an_explicit_yes():
    with pytest.raises(RuleBroken, match="small_cells"):
        approve(ready(smallest_cell=4), by="x", threshold=5, accepts_small_cells=False)


@pytest.mark.req("REL-07")
def test_the_recipient_alone_downloads_and_once():
    delivery = Delivery(state=DeliveryState.APPROVED, recipient="a", smallest_cell=9)
    with pytest.raises(RuleBroken, match="not_found"):
        downloaded(delivery, by="b")

    with pytest.raises(RuleBroken, match="delivery_is_not_open"):
        downloaded(downloaded(delivery, by="a"), by="a")


@pytest.mark.req("RES-05")
def test_a_reservation_recalls_what_is_not_downloaded():
    assert recalled(ready()).state is DeliveryState.REQUESTED
    assert recalled(Delivery(state=DeliveryState.DOWNLOADED, recipient="a")).state is DeliveryState.DOWNLOADED
