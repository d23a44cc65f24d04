"""Emergency access: given at once, over by itself, and looked at by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.identity.domain.emergency import Judgement
from services.identity.domain.errors import FormRefused, NotFound, RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.queries.emergencies import emergency_tasks
from services.identity.usecases.deactivate_user import deactivate_user
from services.identity.usecases.give_emergency_access import give_emergency_access
from services.identity.usecases.judge_emergency import judge_emergency
from shared.contracts.identity import RoleChanged, UserApproved
from tests.identity.world import HERE, NATIONAL, THERE, acting

WHY = "Vakt uten tilgang, pasient venter"


@pytest.fixture
def lise(identity):
    return acting(identity.add("lise", (HERE, RoleCode.LC)))


@pytest.fixture
def siri(identity):
    return acting(identity.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)


@pytest.fixture
def ole(identity):
    return identity.add("ole", (THERE, RoleCode.LU))


def give(identity, by, user_name="ole", role=RoleCode.LU, place=HERE, reason=WHY):
    more = {"by": by, "messages": identity.messages, "uow": identity.uow}
    give_emergency_access(user_name, role, place, reason=reason, **more)


def held(identity, user_id):
    with identity.uow() as store:
        return {(row.role, row.organisation) for row in store.users.roles_of(user_id)}


def tasks(identity, by):
    return emergency_tasks(by, seals=identity.seals, database=identity.database)


def judge(identity, by, judgement=Judgement.APPROVED, remark="Nødvendig", number=0):
    judge_emergency(tasks(identity, by)[number].role_id, judgement, remark, by=by, uow=identity.uow)


@pytest.mark.req("IDN-17")
def test_it_lasts_an_hour_and_ends_by_itself(identity, calendar, lise, siri, ole):
    give(identity, lise, " OLE ")
    assert held(identity, ole) == {("LU", 10), ("LU", 20)}
    assert identity.events()[-1] == UserApproved(user_id=ole, registry="smertereg", organisation=10, role="LU")
    actor, what, reason, change = identity.log()[-1]
    assert (actor, what, reason, change["role"]) == (lise.actor, f"user:{ole}/role", WHY, [None, "LU"])

    calendar.go_to(identity.clock.now() + timedelta(minutes=60) - timedelta(seconds=1))
    calendar.run()
    assert ("LU", 10) in held(identity, ole)
    calendar.let_pass(seconds=1)

    assert held(identity, ole) == {("LU", 20)}
    told = [event for event in identity.events() if isinstance(event, RoleChanged)]
    assert told == [RoleChanged(user_id=ole, registry="smertereg", organisation=10, role="none")]


@pytest.mark.req("IDN-17")
def test_the_national_coordinators_are_told_at_once_and_judge_it_once(identity, lise, siri, ole):
    give(identity, lise)
    ((address, text),) = identity.sent("email")
    assert (address, WHY in text, "name=Ole" in text) == ("siri@vest.example.no", True, True)
    (task,) = tasks(identity, siri)
    assert (task.full_name, task.given_by, task.reason, task.is_mine) == ("Ole", "Lise", WHY, False)
    with pytest.raises(RuleBroken, match="reason_missing"):
        judge(identity, siri, remark=" ")

    judge(identity, siri)

    assert tasks(identity, siri) == []
    assert ("LU", 10) in held(identity, ole)
    expected = {"emergency": [task.role_id, "approved"]}
    assert identity.log()[-1] == (siri.actor, f"user:{ole}/role", "Nødvendig", expected)
    with pytest.raises(RuleBroken, match="emergency_is_judged"):
        judge_emergency(task.role_id, Judgement.APPROVED, "igjen", by=siri, uow=identity.uow)


@pytest.mark.req("IDN-17")
def test_what_is_not_approved_ends_at_once(identity, lise, siri, ole):
    give(identity, lise)

    judge(identity, siri, Judgement.NOT_APPROVED, "Kunne ventet")

    assert held(identity, ole) == {("LU", 20)}
    assert identity.log()[-1][3]["role"] == ["LU", None]


@pytest.mark.req("IDN-17")
def test_nobody_judges_what_they_gave_or_got(identity, siri, ole):
    give(identity, siri)
    assert identity.sent("email") == []
    with pytest.raises(RuleBroken, match="own_access"):
        judge(identity, siri)
    other = acting(identity.add("svein", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)
    give(identity, other, "siri")
    with pytest.raises(RuleBroken, match="own_access"):
        judge(identity, siri, number=1)

    judge(identity, other)

    assert [task.is_mine for task in tasks(identity, siri)] == [True]


@pytest.mark.req("IDN-07", "IDN-17")
def test_who_may_give_what_to_whom_is_as_for_other_roles(identity, lise, siri, ole):
    for user_name in ("nobody", ""):
        with pytest.raises(FormRefused) as refused:
            give(identity, lise, user_name)
        assert refused.value.errors == {"user_name": "user_name_unknown"}
    for more, code in (
        ({"user_name": "lise"}, "own_access"),
        ({"role": RoleCode.SC}, "emergency_gives_local_roles"),
        ({"reason": " "}, "reason_missing"),
    ):
        with pytest.raises(RuleBroken, match=code):
            give(identity, lise, **more)
    with pytest.raises(NotFound):
        give(identity, lise, place=THERE)
    with pytest.raises(RuleBroken, match="role_is_held"):
        give(identity, siri, place=THERE)
    with pytest.raises(RuleBroken, match="role_needs_organisation"):
        give(identity, siri, place=NATIONAL)
    deactivate_user(ole, reason="sluttet", by=siri, uow=identity.uow)
    with pytest.raises(FormRefused):
        give(identity, lise)


@pytest.mark.req("IDN-07", "IDN-17")
def test_a_local_coordinator_judges_nothing(identity, lise, siri, ole):
    give(identity, siri)
    (task,) = tasks(identity, siri)

    for role_id in (task.role_id, 999_999):
        with pytest.raises(NotFound):
            judge_emergency(role_id, Judgement.APPROVED, "ok", by=lise, uow=identity.uow)
