"""The yearly review of who has access, from the day it opens to the day unconfirmed roles are lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.identity.domain.access_review import Verdict
from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.roles import Place, RoleCode
from services.identity.queries.reviews import YearlyReviews
from services.identity.usecases.access_jobs import REVIEW_JOB
from services.identity.usecases.decide_review import decide_review
from shared.contracts.identity import RoleChanged
from tests.identity.world import HERE, NATIONAL, THERE, acting

YEAR = 365


@pytest.fixture
def people(identity):
    """A coordinator with two users, one of them working elsewhere too, and the registry's national coordinator."""
    return {
        "lise": identity.add("lise", (HERE, RoleCode.LC)),
        "kari": identity.add("kari", (HERE, RoleCode.LU)),
        "mona": identity.add("mona", (HERE, RoleCode.LU), (THERE, RoleCode.LU)),
        "siri": identity.add("siri", (NATIONAL, RoleCode.SC)),
    }


@pytest.fixture
def lise(people):
    return acting(people["lise"])


@pytest.fixture
def siri(people):
    return acting(people["siri"], RoleCode.SC, NATIONAL)


@pytest.fixture
def opened(identity, people, calendar):
    """The calendar on the morning when the reviews have opened; the e-mails of it are still there."""
    calendar.let_pass(days=YEAR)
    return calendar


def reviews(identity):
    return YearlyReviews(identity.database, identity.seals, identity.clock)


def standing(identity, by, name="Vestsykehuset"):
    (found,) = [found for found in reviews(identity).standings(by) if found.organisation_name == name]
    return found


def role_id(identity, user_id, place=HERE):
    with identity.uow() as store:
        return next(row.role_id for row in store.users.roles_of(user_id) if row.organisation == place.organisation)


def decide(identity, by, verdicts):
    decide_review(standing(identity, by).review_id, verdicts, by=by, uow=identity.uow)


def mails(identity, key):
    return sorted(address.partition("@")[0] for address, text in identity.sent("email") if f"message.{key}." in text)


@pytest.mark.req("IDN-14")
def test_a_year_after_the_first_role_a_review_opens_once_for_those_who_may_decide(identity, people, calendar, lise):
    calendar.let_pass(days=YEAR - 1)
    assert standing(identity, lise).review_id is None
    assert mails(identity, "review_opened") == []

    calendar.let_pass(days=1)
    calendar.again(REVIEW_JOB)

    # Nobody else may decide on the only local coordinator, and Fjordsykehuset has none.
    assert mails(identity, "review_opened") == ["lise", "siri", "siri"]
    assert standing(identity, lise).counts.open == 3
    calendar.let_pass(days=1)
    assert mails(identity, "review_opened") == []


@pytest.mark.req("IDN-14")
def test_confirmed_roles_stay_removed_ones_end_at_once_and_each_is_logged(identity, people, opened, lise, siri):
    kari, mona = role_id(identity, people["kari"]), role_id(identity, people["mona"])

    decide(identity, lise, {kari: Verdict.CONFIRMED, mona: Verdict.REMOVED})

    told = [event for event in identity.events() if isinstance(event, RoleChanged)]
    assert told == [RoleChanged(user_id=people["mona"], registry="smertereg", organisation=10, role="none")]
    review_id = standing(identity, lise).review_id
    assert identity.log()[-2:] == [
        (lise.actor, f"user:{people['kari']}/role", f"review:{review_id}", {"review": [None, "confirmed"]}),
        (
            lise.actor,
            f"user:{people['mona']}/role",
            f"review:{review_id}",
            {"review": [None, "removed"], "role": ["LU", None]},
        ),
    ]
    decide(identity, siri, {role_id(identity, people["lise"]): Verdict.CONFIRMED})
    assert standing(identity, lise).closed_at is not None
    with pytest.raises(RuleBroken, match="review_is_closed"):
        decide(identity, lise, {kari: Verdict.REMOVED})


@pytest.mark.req("IDN-14")
def test_reviewers_are_reminded_after_two_and_four_weeks_and_nobody_twice(identity, opened):
    identity.sent()
    told = []
    for _ in range(5 * 7 - 1):
        opened.let_pass(days=1)
        opened.again(REVIEW_JOB)
        told.append(mails(identity, "review_reminder"))

    days = {day: names for day, names in enumerate(told, 1) if names}
    assert days == {14: ["lise", "siri", "siri"], 28: ["lise", "siri", "siri"]}


@pytest.mark.req("IDN-14")
def test_the_unconfirmed_are_warned_a_week_before_and_lose_the_role_after_six_weeks(identity, people, opened, lise):
    decide(identity, lise, {role_id(identity, people["kari"]): Verdict.CONFIRMED})
    identity.sent()
    warned = []
    for _ in range(6 * 7 - 1):
        opened.let_pass(days=1)
        warned.append(mails(identity, "review_warning"))
    assert {day: names for day, names in enumerate(warned, 1) if names} == {35: ["lise", "mona", "mona"]}
    assert standing(identity, lise).counts.open == 2

    opened.let_pass(days=1)
    opened.again(REVIEW_JOB)

    gone = [event.user_id for event in identity.events() if isinstance(event, RoleChanged)]
    assert sorted(gone) == sorted([people["mona"], people["mona"], people["lise"]])
    with identity.uow() as store:
        assert [row.role for row in store.users.roles_of(people["kari"])] == ["LU"]
        assert store.users.roles_of(people["mona"]) == []


@pytest.mark.req("IDN-14")
def test_after_a_long_break_everybody_is_still_warned_a_week_before(identity, people, opened):
    identity.sent()
    opened.let_pass(weeks=10)
    assert mails(identity, "review_warning") == ["kari", "lise", "mona", "mona"]
    opened.let_pass(days=6)
    with identity.uow() as store:
        assert store.users.roles_of(people["kari"])

    opened.let_pass(days=1)

    with identity.uow() as store:
        assert store.users.roles_of(people["kari"]) == []


@pytest.mark.req("IDN-14")
def test_nobody_confirms_themselves_or_another_place(identity, people, opened, lise, siri):
    with pytest.raises(RuleBroken, match="own_access"):
        decide(identity, lise, {role_id(identity, people["lise"]): Verdict.CONFIRMED})
    there = standing(identity, siri, "Fjordsykehuset").review_id
    mona = role_id(identity, people["mona"], THERE)
    for review_id in (there, 999_999):
        with pytest.raises(NotFound):
            decide_review(review_id, {mona: Verdict.CONFIRMED}, by=lise, uow=identity.uow)
        with pytest.raises(NotFound):
            reviews(identity).one(review_id, lise)
    with pytest.raises(NotFound):
        decide(identity, lise, {mona: Verdict.CONFIRMED})
    assert [found.organisation_name for found in reviews(identity).standings(lise)] == ["Vestsykehuset"]


@pytest.mark.req("IDN-14")
def test_of_two_reviewers_at_once_the_second_hears_of_the_first(identity, people, opened, lise, siri):
    kari = role_id(identity, people["kari"])
    decide(identity, siri, {kari: Verdict.CONFIRMED})

    decide(identity, lise, {kari: Verdict.CONFIRMED})
    with pytest.raises(RuleBroken, match="review_role_is_decided"):
        decide(identity, lise, {kari: Verdict.REMOVED})
    with pytest.raises(RuleBroken, match="review_nothing_chosen"):
        decide(identity, lise, {})


@pytest.mark.req("IDN-14")
def test_the_next_review_opens_a_year_after_the_last(identity, people, opened, lise, siri):
    first = standing(identity, lise)
    for name, by in (("kari", lise), ("mona", lise), ("lise", siri)):
        decide(identity, by, {role_id(identity, people[name]): Verdict.CONFIRMED})
    opened.go_to(first.opens_at + timedelta(days=YEAR))
    opened.run()
    opened.let_pass(days=1)

    second = standing(identity, lise)
    assert (second.review_id != first.review_id, second.counts.open) == (True, 3)


@pytest.mark.req("IDN-14")
def test_a_role_at_a_place_nobody_knows_stops_no_review(identity, people, calendar, lise, siri):
    nowhere = Place(registry="smertereg", organisation=999)
    identity.add("nils", (nowhere, RoleCode.LU))

    calendar.let_pass(days=YEAR)

    found = [found.organisation_name for found in reviews(identity).standings(siri) if found.review_id is not None]
    assert found == ["Fjordsykehuset", "Vestsykehuset"]
