"""Factors that must not outlive what they belong to: after a reset, a deactivation, and when their time is over."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from services.identity.domain.roles import RoleCode
from services.identity.store.factor_tables import AppRow, ChallengeRow, PasskeyRow, RecoveryCodeRow
from services.identity.usecases.clean_up import remove_what_is_over
from services.identity.usecases.deactivate_user import deactivate_user
from services.identity.usecases.enrol_app import begin_app
from services.identity.usecases.reset_password import reset_password
from tests.identity.factors import (
    alone,
    asked_any,
    confirm,
    factors_of,
    heard,
    told,
    typed,
    with_app,
    with_codes,
    with_passkey,
)
from tests.identity.world import HERE, acting

pytestmark = pytest.mark.req("IDN-13")
TABLES = (AppRow, PasskeyRow, RecoveryCodeRow, ChallengeRow)


@pytest.fixture
def kari(identity):
    identity.user_id = identity.add("kari")
    identity.done = identity.log_in("kari")
    identity.device = with_passkey(identity, identity.done)
    identity.codes = with_codes(identity, identity.done)
    with_app(identity, identity.done)
    identity.lise = acting(identity.add("lise", (HERE, RoleCode.LC)))
    identity.sent()
    return identity


def rows(identity):
    with identity.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


@pytest.mark.req("IDN-08")
def test_a_reset_removes_every_factor_but_sms(kari):
    asked, begun = asked_any(kari), kari.start("kari")

    reset_password(
        kari.user_id, reason="mistet alt", by=kari.lise, messages=kari.messages, hasher=kari.hasher, uow=kari.uow
    )

    assert rows(kari)[:3] == [0, 0, 0]
    assert heard(alone, kari, asked.value, kari.device.get(asked.options)) == "passkey_refused"
    assert heard(confirm, kari, begun, typed(kari, "recovery", kari.codes[0])) == "wrong_code"
    first = kari.sent("sms")[0][1].split("password=")[1]
    assert kari.log_in("kari", first)


@pytest.mark.req("IDN-08")
def test_a_deactivation_removes_them_too(kari):
    deactivate_user(kari.user_id, reason="har sluttet", by=kari.lise, uow=kari.uow)

    assert rows(kari)[:3] == [0, 0, 0]


def test_an_account_that_may_not_log_in_is_shut_to_its_passkey(kari):
    with kari.uow() as store:
        for row in store.users.roles_of(kari.user_id):
            store.users.end_role(row, by=None)
    asked = asked_any(kari)

    assert heard(alone, kari, asked.value, kari.device.get(asked.options)) == "passkey_refused"


def test_what_is_over_is_deleted_and_what_counts_stays(identity):
    identity.add("ola")
    ola = identity.log_in("ola")
    identity.add("kari")
    with_app(identity, identity.log_in("kari"))
    begin_app(ola.sid, **told(identity))
    asked_any(identity)

    for minutes, left in ((0, [2, 0, 0, 1]), (5, [2, 0, 0, 0]), (25, [1, 0, 0, 0])):
        identity.move(minutes=minutes)
        remove_what_is_over(uow=identity.uow)
        assert rows(identity) == left
    assert factors_of(identity, ola.user_id).begun_app is None
