"""Accounts nobody uses are warned and locked, and opened again as others are."""

from __future__ import annotations

import pytest

from services.identity.domain.errors import RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.queries.users import ManagedUsers
from services.identity.usecases.access_jobs import IDLE_JOB
from services.identity.usecases.reset_password import reactivate_user
from shared.contracts.identity import UserDeactivated
from tests.identity.world import HERE, NATIONAL, acting

BEFORE = 300


@pytest.fixture
def kari(identity):
    return identity.add("kari", (HERE, RoleCode.LU))


def told(identity):
    return [text.split("day=")[1].strip() for _, text in identity.sent("email") if "message.idle.text" in text]


def managed(identity, user_id, by):
    return ManagedUsers(identity.database, identity.seals, identity.clock).one(user_id, by)


def pass_days(identity, calendar, days, first=1):
    """What the owner is told, by the day on which it came; every job runs twice each day."""
    found = {}
    for day in range(first, days + 1):
        calendar.let_pass(days=1)
        calendar.again(IDLE_JOB)
        if mails := told(identity):
            found[day] = mails
    return found


@pytest.mark.req("IDN-17")
def test_an_account_not_used_for_a_year_is_warned_twice_and_locked(identity, calendar, kari):
    calendar.let_pass(days=BEFORE)
    days = pass_days(identity, calendar, 364, first=BEFORE + 1)
    assert days == {335: ["22.11.2027"], 358: ["22.11.2027"]}
    assert [event for event in identity.events() if isinstance(event, UserDeactivated)] == []

    calendar.let_pass(days=1)
    calendar.again(IDLE_JOB)

    by = acting(identity.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)
    shown = managed(identity, kari, by)
    assert (shown.status, shown.closed_because) == ("deactivated", "inactive")
    assert [event for event in identity.events() if isinstance(event, UserDeactivated)] == [
        UserDeactivated(user_id=kari)
    ]
    why = ("service:calendar", f"user:{kari}", "not used for a year", {"status": ["active", "deactivated"]})
    assert why in identity.log()
    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        identity.start("kari")


@pytest.mark.req("IDN-17")
def test_whoever_logs_in_is_not_locked_and_warned_anew_a_year_later(identity, calendar, kari):
    calendar.let_pass(days=BEFORE)
    assert list(pass_days(identity, calendar, 340, first=BEFORE + 1)) == [335]
    identity.log_in("kari")

    calendar.let_pass(days=334)
    assert told(identity) == []
    calendar.let_pass(days=1)

    assert len(told(identity)) == 1


@pytest.mark.req("IDN-17")
def test_a_locked_account_is_opened_as_others_and_stays_open(identity, calendar, kari):
    for days in (335, 23, 7):
        calendar.let_pass(days=days)
    by = acting(identity.add("lise", (HERE, RoleCode.LC)))
    assert managed(identity, kari, by).status == "deactivated"

    means = {"messages": identity.messages, "hasher": identity.hasher, "uow": identity.uow}
    reactivate_user(kari, reason="er tilbake", by=by, **means)
    calendar.let_pass(days=1)

    shown = managed(identity, kari, by)
    assert (shown.status, shown.closed_because) == ("active", None)
