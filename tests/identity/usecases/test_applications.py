"""Applications: from the form to the first password."""

from __future__ import annotations

import re

import pytest

from services.identity.domain.errors import FormRefused, NotFound, RuleBroken
from services.identity.domain.roles import Place, RoleCode
from services.identity.queries.queue import Queue
from services.identity.usecases.apply_for_user import apply_for_access, apply_for_user
from services.identity.usecases.decide_application import approve_application, reject_application
from services.identity.usecases.warn_owners import warn_owners
from shared.contracts.identity import UserApproved
from tests.identity.world import APPLICATION, HERE, NATIONAL, THERE, acting


def apply(identity, **fields):
    return apply_for_user({**APPLICATION, **fields}, language="nb", seals=identity.seals, uow=identity.uow)


def approve(identity, application_id, by, role=RoleCode.LU, **more):
    return approve_application(
        application_id, role, by=by, messages=identity.messages, hasher=identity.hasher, uow=identity.uow, **more
    )


def reject(identity, application_id, by, reason="Ukjent ved avdelingen"):
    reject_application(application_id, reason, by=by, messages=identity.messages, uow=identity.uow)


def queue(identity, by):
    return Queue(identity.database, identity.seals, identity.clock).waiting(by)


@pytest.fixture
def coordinator(identity):
    return acting(identity.add("lise", (HERE, RoleCode.LC)))


@pytest.mark.req("IDN-02", "IDN-03")
def test_an_approved_applicant_gets_a_first_password_by_sms(identity, coordinator):
    application_id = apply(identity)
    assert [line.full_name for line in queue(identity, coordinator)] == ["Nina Ny"]

    user_id = approve(identity, application_id, coordinator)

    (mobile, text), (address, told) = sorted(identity.sent())
    assert mobile == "+4740000099"
    assert (address, "role=LU" in told, "user_name=nina.ny" in told) == ("nina.ny@vest.example.no", True, True)
    password = re.search(r"password=(\S+)", text).group(1)
    assert identity.confirm(identity.start("Nina.Ny ", password), identity.code()).user_id == user_id
    assert identity.events()[-1] == UserApproved(user_id=user_id, registry="smertereg", organisation=10, role="LU")
    assert queue(identity, coordinator) == []


@pytest.mark.req("IDN-02")
def test_the_decision_is_logged_and_the_applicant_forgotten(identity, coordinator):
    application_id = apply(identity)
    user_id = approve(identity, application_id, coordinator)

    actor, what, _, change = identity.log()[-1]
    assert (actor, what) == (coordinator.actor, f"application:{application_id}")
    assert change == {"state": ["waiting", "approved"], "role": [None, "LU"], "user": [None, user_id]}
    with identity.uow() as store:
        row = store.applications.get(application_id)
        assert (row.details, row.user_name_hash, row.mobile_hash, row.email_hash) == (None, None, None, None)


@pytest.mark.req("IDN-02")
def test_a_rejected_applicant_is_told_why(identity, coordinator):
    application_id = apply(identity)

    reject(identity, application_id, coordinator)

    ((address, told),) = identity.sent()
    assert (address, "reason=Ukjent ved avdelingen" in told) == ("nina.ny@vest.example.no", True)
    with pytest.raises(RuleBroken, match="application_is_decided"):
        approve(identity, application_id, coordinator)
    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        identity.start("nina.ny", "Hva-som-helst-77")


@pytest.mark.req("IDN-02", "IDN-07")
def test_a_foreign_application_does_not_exist_for_a_local_coordinator(identity, coordinator):
    application_id = apply(identity, applied_organisation="20")

    assert queue(identity, coordinator) == []
    for act in (approve, reject):
        with pytest.raises(NotFound):
            act(identity, application_id, coordinator)
        with pytest.raises(NotFound):
            act(identity, "0" * 32, coordinator)


@pytest.mark.req("IDN-02")
def test_the_national_coordinator_sees_and_decides_all_of_the_registry(identity, coordinator):
    national = acting(identity.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)
    here, there = apply(identity), apply(identity, user_name="ole", applied_organisation="20")

    assert {line.application_id for line in queue(identity, national)} == {here, there}
    approve(identity, here, national, RoleCode.LC)
    reject(identity, there, national)
    assert queue(identity, national) == []


@pytest.mark.req("IDN-02")
def test_somebody_whose_role_was_taken_decides_nothing_more(identity):
    nobody = acting(identity.add("per", (THERE, RoleCode.LC)), RoleCode.LC, HERE)

    with pytest.raises(NotFound):
        approve(identity, apply(identity), nobody)


@pytest.mark.req("IDN-02")
def test_nobody_approves_themselves(identity, coordinator):
    own = apply_for_access(
        coordinator.user_id, {**APPLICATION, "applied_organisation": "10"}, language="nb", uow=identity.uow
    )
    alias = apply(identity, user_name="lise2", email="lise@vest.example.no")

    for application_id in (own, alias):
        with pytest.raises(RuleBroken, match="own_access"):
            approve(identity, application_id, coordinator)


@pytest.mark.req("IDN-06")
def test_a_user_may_hold_several_roles(identity, coordinator):
    user_id = identity.add("mona", (THERE, RoleCode.LU))
    application_id = apply_for_access(user_id, APPLICATION, language="nb", uow=identity.uow)

    assert approve(identity, application_id, coordinator, RoleCode.LC) == user_id

    with identity.uow() as store:
        held = {(row.organisation, row.role) for row in store.users.roles_of(user_id)}
    assert held == {(10, "LC"), (20, "LU")}
    assert not [text for _, text in identity.sent("sms")]


@pytest.mark.req("IDN-01", "IDN-02")
def test_what_is_taken_is_told_to_the_coordinator_and_the_owner_only(identity, coordinator):
    identity.add("nina.ny", (THERE, RoleCode.LU), number="40000099")
    application_id = apply(identity)
    assert identity.sent() == []

    warn_owners(application_id, messages=identity.messages, uow=identity.uow)

    ((address, text),) = identity.sent()
    assert (address, "message.applied_again" in text) == ("nina.ny@vest.example.no", True)
    (line,) = queue(identity, coordinator)
    assert line.conflicts == ["email", "mobile", "user_name"]
    with pytest.raises(RuleBroken, match="email_taken"):
        approve(identity, application_id, coordinator)


@pytest.mark.req("IDN-02")
def test_the_coordinator_may_give_another_user_name_where_the_wished_one_is_taken(identity, coordinator):
    identity.add("nina.ny", (THERE, RoleCode.LU))
    application_id = apply(identity, email="nina2@vest.example.no")
    with pytest.raises(RuleBroken, match="user_name_taken"):
        approve(identity, application_id, coordinator)
    with pytest.raises(FormRefused):
        approve(identity, application_id, coordinator, user_name="?")
    with pytest.raises(RuleBroken, match="user_name_taken"):
        approve(identity, application_id, coordinator, user_name="LISE")

    approve(identity, application_id, coordinator, user_name="nina.ny2")

    assert "user_name=nina.ny2" in identity.sent("email")[0][1]


@pytest.mark.req("IDN-01")
def test_an_application_with_faults_leaves_nothing_behind(identity, coordinator):
    with pytest.raises(FormRefused) as refused:
        apply(identity, mobile="22", department="999")

    assert refused.value.errors == {"mobile": "mobile_malformed", "department": "not_in_list"}
    assert queue(identity, coordinator) == []


@pytest.mark.req("IDN-01")
def test_a_known_and_an_unknown_applicant_leave_the_same_traces(identity):
    identity.add("nina.ny", (THERE, RoleCode.LU), number="40000099")
    apply(identity)
    apply(identity, user_name="ukjent", mobile="40000098", email="ukjent@vest.example.no")

    assert len(identity.jobs("warn_owners")) == 2
    assert identity.sent() == []


@pytest.mark.req("IDN-02")
def test_jobs_and_events_carry_no_name_number_or_password(identity, coordinator):
    approve(identity, apply(identity), coordinator)

    jobs = [set(arguments) for name in ("send_message", "warn_owners") for arguments in identity.jobs(name)]
    assert all(keys <= {"message_id", "application_id"} for keys in jobs)
    assert Place(registry="smertereg", organisation=10) == HERE
    told = repr(identity.events()) + repr(identity.log())
    assert not [word for word in ("Nina", "nina", "+47", "40000099") if word in told]
