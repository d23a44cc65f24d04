"""A coordinator's own role: asked for, and decided by somebody else."""

from __future__ import annotations

import pytest

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.queries.queue import Queue
from services.identity.usecases.apply_for_own_role import apply_for_own_role
from services.identity.usecases.decide_application import approve_application, reject_application
from shared.contracts.identity import RoleChanged
from tests.identity.world import HERE, NATIONAL, THERE, acting


@pytest.fixture
def lise(identity):
    return acting(identity.add("lise", (HERE, RoleCode.LC)))


@pytest.fixture
def siri(identity):
    return acting(identity.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)


def role_id(identity, user_id):
    with identity.uow() as store:
        return store.users.roles_of(user_id)[0].role_id


def held(identity, user_id):
    with identity.uow() as store:
        return [row.role for row in store.users.roles_of(user_id)]


def ask(identity, by, role=RoleCode.LU):
    return apply_for_own_role(role_id(identity, by.user_id), role, by=by, uow=identity.uow)


def approve(identity, application_id, by, role=RoleCode.LU):
    means = {"messages": identity.messages, "hasher": identity.hasher, "uow": identity.uow}
    return approve_application(application_id, role, by=by, **means)


@pytest.mark.req("IDN-17", "IDN-02")
def test_the_wish_waits_in_the_queue_and_replaces_the_role_when_somebody_else_approves(identity, lise, siri):
    application_id = ask(identity, lise)
    (line,) = Queue(identity.database, identity.seals, identity.clock).waiting(siri)
    assert (line.wished_role, line.held_role, line.is_own) == ("LU", "LC", False)
    assert identity.log()[-1][3] == {"state": [None, "waiting"], "role": ["LC", "LU"]}

    approve(identity, application_id, siri)

    assert held(identity, lise.user_id) == ["LU"]
    told = [event for event in identity.events() if isinstance(event, RoleChanged)]
    assert told == [RoleChanged(user_id=lise.user_id, registry="smertereg", organisation=10, role="LU")]


@pytest.mark.req("IDN-17", "IDN-02")
def test_nobody_decides_the_own_wish_not_even_in_another_role(identity):
    user_id = identity.add("lise", (HERE, RoleCode.LC), (NATIONAL, RoleCode.SC))
    local, national = acting(user_id), acting(user_id, RoleCode.SC, NATIONAL)
    with identity.uow() as store:
        local_role = store.users.held(user_id, RoleCode.LC, HERE).role_id
    application_id = apply_for_own_role(local_role, RoleCode.LU, by=local, uow=identity.uow)

    for by in (local, national):
        with pytest.raises(RuleBroken, match="own_access"):
            approve(identity, application_id, by)
        with pytest.raises(RuleBroken, match="own_access"):
            reject_application(application_id, "nei", by=by, messages=identity.messages, uow=identity.uow)
    other = acting(identity.add("mona", (HERE, RoleCode.LC)))
    reject_application(application_id, "trengs", by=other, messages=identity.messages, uow=identity.uow)
    assert "LC" in held(identity, user_id)


@pytest.mark.req("IDN-17")
def test_only_an_own_local_role_can_be_asked_for_and_one_at_a_time(identity, lise, siri):
    ole = identity.add("ole", (THERE, RoleCode.LU))
    for role_number in (role_id(identity, ole), 999_999):
        with pytest.raises(NotFound):
            apply_for_own_role(role_number, RoleCode.LU, by=lise, uow=identity.uow)
    for by, role, code in (
        (lise, RoleCode.SC, "application_gives_local_roles"),
        (lise, RoleCode.LC, "role_is_held"),
        (siri, RoleCode.LU, "role_needs_organisation"),
    ):
        with pytest.raises(RuleBroken, match=code):
            ask(identity, by, role)
    ask(identity, lise)
    with pytest.raises(RuleBroken, match="application_waits"):
        ask(identity, lise)


@pytest.mark.req("IDN-17")
def test_a_role_lost_in_the_meantime_is_given_anew_and_the_same_one_refused(identity, lise, siri):
    application_id = ask(identity, lise)
    with pytest.raises(RuleBroken, match="role_is_held"):
        approve(identity, application_id, siri, RoleCode.LC)
    with identity.uow() as store:
        store.users.end_role(store.users.roles_of(lise.user_id)[0], by=None)

    approve(identity, application_id, siri)

    assert held(identity, lise.user_id) == ["LU"]
