"""The coordinators' e-mail of the morning."""

from __future__ import annotations

import pytest

from services.identity.domain.roles import RoleCode
from services.identity.usecases.access_jobs import DIGEST_JOB
from services.identity.usecases.apply_for_user import apply_for_access, apply_for_user
from services.identity.usecases.decide_application import reject_application
from tests.identity.world import APPLICATION, HERE, NATIONAL, acting


def apply(identity, **fields):
    return apply_for_user({**APPLICATION, **fields}, language="nb", seals=identity.seals, uow=identity.uow)


def digests(identity):
    """What each coordinator is told: the count and the days of the oldest."""
    told = [(to.partition("@")[0], text) for to, text in identity.sent("email") if "message.digest.text" in text]
    return sorted((name, text.split("count=")[1]) for name, text in told)


@pytest.fixture
def lise(identity):
    return acting(identity.add("lise", (HERE, RoleCode.LC)))


@pytest.fixture
def siri(identity):
    return identity.add("siri", (NATIONAL, RoleCode.SC))


@pytest.mark.req("IDN-02")
def test_applications_are_told_once_a_morning_together(identity, calendar, lise):
    apply(identity)
    assert identity.sent() == []
    calendar.let_pass(days=1)
    apply(identity, user_name="ole")
    assert digests(identity) == [("lise", "1 days=1")]
    calendar.again(DIGEST_JOB)
    calendar.let_pass(hours=12)
    assert digests(identity) == []

    calendar.let_pass(hours=12)
    calendar.again(DIGEST_JOB)

    assert digests(identity) == [("lise", "2 days=2")]


@pytest.mark.req("IDN-02")
def test_it_comes_in_the_morning_of_oslo(identity, calendar, lise):
    apply(identity)

    calendar.let_pass(hours=22, minutes=14)  # 07:14 in Oslo
    assert digests(identity) == []
    calendar.let_pass(minutes=1)

    assert digests(identity) == [("lise", "1 days=1")]


@pytest.mark.req("IDN-02")
def test_nothing_is_sent_when_nothing_waits(identity, calendar, lise, siri):
    application_id = apply(identity)
    reject_application(application_id, "Ukjent", by=lise, messages=identity.messages, uow=identity.uow)
    identity.sent()

    calendar.let_pass(days=1)

    assert digests(identity) == []


@pytest.mark.req("IDN-02")
def test_the_national_coordinator_hears_only_of_what_no_local_one_can_decide(identity, calendar, lise, siri):
    apply(identity)
    apply(identity, user_name="ole", applied_organisation="20")
    apply_for_access(lise.user_id, APPLICATION, language="nb", uow=identity.uow)

    calendar.let_pass(days=1)

    assert digests(identity) == [("lise", "1 days=1"), ("siri", "2 days=1")]
