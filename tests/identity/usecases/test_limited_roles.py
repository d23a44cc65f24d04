"""Roles with an end: given to substitutes, told of before, and over by themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.identity.domain.errors import RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.queries.users import ManagedUsers
from services.identity.usecases.apply_for_user import apply_for_user
from services.identity.usecases.change_role import change_role, give_role
from services.identity.usecases.decide_application import approve_application
from shared.contracts.identity import RoleChanged
from shared.scheduling.clock import end_of_day
from tests.identity.world import APPLICATION, HERE, NATIONAL, THERE, acting

LAST_DAY = date(2026, 12, 24)
END = end_of_day(LAST_DAY)
WEEK = timedelta(days=7)


@pytest.fixture
def coordinator(identity):
    return acting(identity.add("lise", (HERE, RoleCode.LC)))


@pytest.fixture
def kari(identity):
    """Somebody with a role elsewhere as well, so that the account opens something when the substitute's role ends."""
    return identity.add("kari", (HERE, RoleCode.LU), (THERE, RoleCode.LU))


def give(identity, user_id, by, ends_at=END, role=RoleCode.LC):
    give_role(user_id, role, HERE, reason="vikar", ends_at=ends_at, by=by, uow=identity.uow)


def held(identity, user_id, place=HERE):
    with identity.uow() as store:
        return {row.role for row in store.users.roles_of(user_id) if row.organisation == place.organisation}


@pytest.mark.req("IDN-17")
def test_a_substitute_has_the_role_until_the_oslo_day_is_over(identity, calendar, coordinator, kari):
    give(identity, kari, coordinator)
    done = identity.log_in("kari")

    calendar.go_to(END - timedelta(seconds=1))
    calendar.run()
    assert held(identity, kari) == {"LU", "LC"}
    calendar.go_to(END)
    assert held(identity, kari) == {"LU"}
    calendar.run()
    calendar.run()

    told = [event for event in identity.events() if isinstance(event, RoleChanged)]
    assert told == [RoleChanged(user_id=kari, registry="smertereg", organisation=10, role="none")]
    assert identity.log()[-1] == ("service:calendar", f"user:{kari}/role", "its time is over", {"role": ["LC", None]})
    with identity.uow() as store:
        assert store.log_ins.sign_on(done.sid).ended_at is not None


@pytest.mark.req("IDN-17")
def test_user_and_coordinators_are_told_a_week_before_and_once(identity, calendar, coordinator, kari):
    give(identity, kari, coordinator)
    identity.sent()

    calendar.go_to(END - WEEK - timedelta(seconds=1))
    calendar.run()
    assert identity.sent() == []
    calendar.go_to(END - WEEK)
    calendar.run()
    calendar.again("tell_role_end")

    told = dict(identity.sent("email"))
    assert set(told) == {"kari@vest.example.no", "lise@vest.example.no"}
    assert "message.role_ends.text" in told["kari@vest.example.no"]
    assert all("day=24.12.2026" in text and "role=LC" in text for text in told.values())


@pytest.mark.req("IDN-17")
def test_the_national_coordinator_is_told_where_there_is_no_local_one(identity, calendar, kari):
    national = acting(identity.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)
    give(identity, kari, national)
    identity.sent()

    calendar.go_to(END - WEEK)
    calendar.run()

    assert {address for address, _ in identity.sent("email")} == {"kari@vest.example.no", "siri@vest.example.no"}


@pytest.mark.req("IDN-17")
def test_a_role_given_anew_ends_at_the_new_day_and_without_one_never(identity, calendar, coordinator, kari):
    give(identity, kari, coordinator)
    give(identity, kari, coordinator, END + WEEK)
    calendar.go_to(END)
    calendar.run()
    assert held(identity, kari) == {"LU", "LC"}

    give(identity, kari, coordinator, None)
    calendar.go_to(END + 2 * WEEK)
    calendar.run()

    assert held(identity, kari) == {"LU", "LC"}


@pytest.mark.req("IDN-17")
def test_a_role_that_is_over_can_be_given_before_the_job_has_run(identity, calendar, coordinator, kari):
    give(identity, kari, coordinator)
    calendar.go_to(END + timedelta(seconds=1))
    give(identity, kari, coordinator, None)
    calendar.run()

    assert held(identity, kari) == {"LU", "LC"}


@pytest.mark.req("IDN-17")
def test_a_changed_role_ends_when_the_old_one_would_have(identity, calendar, coordinator, kari):
    with identity.uow() as store:
        store.users.end_role(store.users.roles_of(kari)[0], by=None)
    give_role(kari, RoleCode.LU, HERE, reason="vikar", ends_at=END, by=national(identity), uow=identity.uow)
    with identity.uow() as store:
        role_id = store.users.held(kari, RoleCode.LU, HERE).role_id
    change_role(role_id, RoleCode.LC, reason="ny oppgave", by=coordinator, uow=identity.uow)

    calendar.go_to(END)
    calendar.run()

    assert held(identity, kari) == set()


def national(identity):
    return acting(identity.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)


@pytest.mark.req("IDN-02", "IDN-17")
def test_an_application_may_be_approved_for_a_substitute(identity, calendar, coordinator):
    application_id = apply_for_user(APPLICATION, language="nb", seals=identity.seals, uow=identity.uow)
    more = {"by": coordinator, "messages": identity.messages, "hasher": identity.hasher, "uow": identity.uow}
    with pytest.raises(RuleBroken, match="role_end_is_past"):
        approve_application(application_id, RoleCode.LU, ends_at=identity.clock.now(), **more)

    user_id = approve_application(application_id, RoleCode.LU, ends_at=END, **more)

    assert identity.log()[-1][3]["ends_at"] == [None, END.isoformat()]
    users = ManagedUsers(identity.database, identity.seals, identity.clock).all(coordinator)
    assert [role.ends_at for user in users for role in user.roles if user.user_id == user_id] == [END]
    calendar.go_to(END)
    calendar.run()
    assert held(identity, user_id) == set()


@pytest.mark.req("IDN-17")
@pytest.mark.parametrize(
    ("ends_in", "code"), [(timedelta(0), "role_end_is_past"), (timedelta(days=367), "role_end_too_far")]
)
def test_a_last_day_lies_ahead_and_within_a_year(identity, calendar, coordinator, kari, ends_in, code):
    with pytest.raises(RuleBroken, match=code):
        give(identity, kari, coordinator, identity.clock.now() + ends_in)
