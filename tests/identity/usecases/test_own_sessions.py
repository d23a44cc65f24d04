"""Own log-ins: seen, and ended one by one."""

from __future__ import annotations

import pytest

from services.identity.domain.browsers import Browser
from services.identity.domain.roles import RoleCode
from services.identity.domain.tokens import token_hash
from services.identity.queries.own_sessions import own_sessions
from services.identity.usecases.choose_role import choose_role
from services.identity.usecases.clean_up import remove_what_is_over
from services.identity.usecases.end_sessions import end_other_sessions, end_own_session
from tests.identity.world import HERE, THERE, acting

FIREFOX = Browser(name="Firefox", system="Windows")


@pytest.fixture
def kari(identity):
    return identity.add("kari", (HERE, RoleCode.LU), (THERE, RoleCode.LU))


def listed(identity, user_id, sid=""):
    return own_sessions(user_id, sid, database=identity.database, clock=identity.clock)


def visited(identity, done, *clients):
    """The log-in was used at these services."""
    with identity.uow() as store:
        for client in clients:
            store.grants.note_client(done.sid, client)


@pytest.mark.req("IDN-08", "IDN-15")
def test_a_log_in_is_listed_with_browser_factors_and_moments(identity, kari):
    done = identity.log_in("kari", browser=FIREFOX)
    identity.move(minutes=5)
    with identity.uow() as store:
        store.log_ins.sign_on(done.sid).role_id = store.users.roles_of(kari)[0].role_id
        store.facts(done.sid, identity.seals)

    [line] = listed(identity, kari, done.sid)

    assert (line.is_this, line.is_live, line.browser, line.system) == (True, True, "Firefox", "Windows")
    assert line.amr == ["pwd", "sms", "mfa"]
    assert (line.used_at - line.begun_at).total_seconds() == 300
    assert done.sid not in repr(line)


@pytest.mark.req("IDN-08", "IDN-15")
def test_one_is_ended_with_its_services_and_the_others_go_on(identity, kari):
    mine, other = identity.log_in("kari"), identity.log_in("kari")
    for done in (mine, other):
        visited(identity, done, "registration", "eprom")

    end_own_session(kari, token_hash(other.sid), by=acting(kari, RoleCode.LU), uow=identity.uow)

    assert {line.is_this: line.is_live for line in listed(identity, kari, mine.sid)} == {True: True, False: False}
    assert len(identity.jobs("tell_client")) == 2
    assert identity.log()[-1][1:] == (f"user:{kari}/sessions", "own", {"ended": 1})


@pytest.mark.req("IDN-08", "IDN-15")
def test_all_others_are_ended_but_this_one(identity, kari):
    mine = identity.log_in("kari")
    for _ in range(3):
        visited(identity, identity.log_in("kari"), "registration")

    end_other_sessions(kari, mine.sid, by=acting(kari, RoleCode.LU), uow=identity.uow)

    assert [line.is_this for line in listed(identity, kari, mine.sid) if line.is_live] == [True]
    assert len(identity.jobs("tell_client")) == 3


@pytest.mark.req("IDN-08", "IDN-15")
def test_nobody_ends_or_sees_the_log_in_of_another(identity, kari):
    ola = identity.add("ola")
    his = identity.log_in("ola")

    for handle in (token_hash(his.sid), his.sid, "", "x" * 64):
        end_own_session(kari, handle, by=acting(kari, RoleCode.LU), uow=identity.uow)

    assert [line.is_live for line in listed(identity, ola)] == [True]
    assert listed(identity, kari) == []
    assert identity.log()[-1][1] == f"user:{ola}"


@pytest.mark.req("IDN-06", "IDN-08", "IDN-15")
def test_a_log_in_that_goes_on_in_another_role_is_listed_once(identity, kari):
    done = identity.log_in("kari", browser=FIREFOX)
    with identity.uow() as store:
        roles = [row.role_id for row in store.users.roles_of(kari)]
    choose_role(done.sid, roles[0], uow=identity.uow)

    moved = choose_role(done.sid, roles[1], uow=identity.uow)

    [line] = listed(identity, kari, moved)
    assert (line.is_this, line.is_live, line.browser) == (True, True, "Firefox")


@pytest.mark.req("IDN-08", "IDN-11", "IDN-15")
def test_twelve_hours_end_a_log_in_and_its_services_hear_it(identity, kari):
    done = identity.log_in("kari")
    visited(identity, done, "registration")
    identity.move(hours=12)
    [line] = listed(identity, kari)
    assert (line.ended_at - line.begun_at).total_seconds() == 12 * 3600
    with identity.uow() as store:
        assert store.log_ins.count_live(kari) == 0

    identity.move(minutes=17)
    remove_what_is_over(uow=identity.uow)
    remove_what_is_over(uow=identity.uow)

    assert listed(identity, kari)[0].ended_at == line.ended_at
    assert len(identity.jobs("tell_client")) == 1


@pytest.mark.req("IDN-08", "IDN-15")
def test_what_ended_is_listed_for_ninety_days_and_then_deleted(identity, kari):
    identity.log_in("kari")
    identity.move(days=90, seconds=-1)
    remove_what_is_over(uow=identity.uow)
    assert len(listed(identity, kari)) == 1

    identity.move(seconds=1)
    assert listed(identity, kari) == []
    assert remove_what_is_over(uow=identity.uow) > 0
    identity.move(days=-1)
    assert listed(identity, kari) == []
