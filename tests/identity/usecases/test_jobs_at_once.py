"""Several workers at once: nobody is told twice and nothing ends twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.identity.domain.errors import RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.usecases.access_jobs import DIGEST_JOB, IDLE_JOB, REVIEW_JOB
from services.identity.usecases.accounts import END_JOB, TELL_END_JOB
from services.identity.usecases.apply_for_user import apply_for_user
from services.identity.usecases.change_role import give_role
from services.identity.usecases.give_emergency_access import give_emergency_access
from shared.contracts.identity import RoleChanged, UserApproved, UserDeactivated
from tests.identity.world import APPLICATION, HERE, THERE, acting


@pytest.fixture
def lise(identity):
    return acting(identity.add("lise", (HERE, RoleCode.LC)))


@pytest.fixture
def kari(identity):
    return identity.add("kari", (HERE, RoleCode.LU), (THERE, RoleCode.LU))


def told(identity):
    """How many e-mails of each key were sent."""
    return Counter(text.split()[1] for _, text in identity.sent("email"))


def events(identity, kind):
    return len([event for event in identity.events() if isinstance(event, kind)])


@pytest.mark.req("IDN-17")
def test_a_role_ends_once_and_its_end_is_told_once(identity, calendar, lise, kari):
    end = identity.clock.now() + timedelta(days=30)
    give_role(kari, RoleCode.LC, HERE, reason="vikar", ends_at=end, by=lise, uow=identity.uow)
    calendar.go_to(end - timedelta(days=7))
    calendar.at_once(TELL_END_JOB)
    assert told(identity) == {"message.role_ends.text": 1, "message.role_of_other_ends.text": 1}

    calendar.go_to(end)
    calendar.at_once(END_JOB)

    assert events(identity, RoleChanged) == 1


@pytest.mark.req("IDN-14")
def test_a_review_takes_each_step_once(identity, calendar, lise, kari):
    calendar.let_pass(days=364)
    identity.sent()
    calendar.go_to(identity.clock.now() + timedelta(days=1))
    calendar.at_once(REVIEW_JOB)
    assert told(identity)["message.review_opened.text"] == 1
    for weeks, key in ((2, "review_reminder"), (2, "review_reminder"), (1, "review_warning")):
        calendar.go_to(identity.clock.now() + timedelta(weeks=weeks))
        calendar.at_once(REVIEW_JOB)
        assert told(identity) == {f"message.{key}.text": 1 if key == "review_reminder" else 3}
    calendar.go_to(identity.clock.now() + timedelta(weeks=1))
    calendar.at_once(REVIEW_JOB)

    assert events(identity, RoleChanged) == 3


@pytest.mark.req("IDN-17", "IDN-02")
def test_an_idle_account_and_a_digest_are_told_once(identity, calendar, lise, kari):
    apply_for_user(APPLICATION, language="nb", seals=identity.seals, uow=identity.uow)
    calendar.let_pass(days=300)
    identity.sent()
    calendar.go_to(identity.clock.now() + timedelta(days=35))
    calendar.at_once(DIGEST_JOB)
    calendar.at_once(IDLE_JOB)
    assert told(identity) == {"message.digest.text": 1, "message.idle.text": 2}
    for days in (23, 7):
        calendar.go_to(identity.clock.now() + timedelta(days=days))
        calendar.at_once(IDLE_JOB)

    assert events(identity, UserDeactivated) == 2


@pytest.mark.req("IDN-17")
def test_of_two_clicks_at_once_one_gives_emergency_access(identity, lise):
    identity.add("ole", (THERE, RoleCode.LU))
    before = events(identity, UserApproved)

    def click(_):
        more = {"by": lise, "messages": identity.messages, "uow": identity.uow}
        try:
            give_emergency_access("ole", RoleCode.LU, HERE, reason="vakt", **more)
        except RuleBroken as broken:
            return broken.code
        return "given"

    with ThreadPoolExecutor(4) as pool:
        answers = Counter(pool.map(click, range(4)))

    assert (answers, events(identity, UserApproved) - before) == ({"given": 1, "role_is_held": 3}, 1)
