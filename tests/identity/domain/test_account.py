"""Accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.account import Account, Status, checked_reason, deactivated, reactivated
from services.identity.domain.errors import RuleBroken
from services.identity.domain.password import PasswordState

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ACCOUNT = Account(status=Status.ACTIVE, password=PasswordState(is_first=False, set_at=NOW), has_role=True)


@pytest.mark.req("IDN-08")
def test_only_a_working_account_with_a_role_lets_its_owner_in():
    first = PasswordState(is_first=True, set_at=NOW - timedelta(days=8))

    assert ACCOUNT.may_log_in(NOW)
    assert not replace(ACCOUNT, has_role=False).may_log_in(NOW)
    assert not replace(ACCOUNT, password=first).may_log_in(NOW)
    assert not deactivated(ACCOUNT, is_own=False).may_log_in(NOW)


@pytest.mark.req("IDN-08")
def test_accounts_are_switched_off_and_on_by_somebody_else():
    off = deactivated(ACCOUNT, is_own=False)

    assert reactivated(off, is_own=False).status is Status.ACTIVE
    with pytest.raises(RuleBroken, match="own_access"):
        deactivated(ACCOUNT, is_own=True)
    with pytest.raises(RuleBroken, match="user_is_deactivated"):
        deactivated(off, is_own=False)
    with pytest.raises(RuleBroken, match="user_is_active"):
        reactivated(ACCOUNT, is_own=False)
    with pytest.raises(RuleBroken, match="own_access"):
        reactivated(off, is_own=True)


@pytest.mark.req("IDN-08")
def test_every_act_has_a_reason():
    assert checked_reason("  har  sluttet ") == "har sluttet"
    with pytest.raises(RuleBroken, match="reason_missing"):
        checked_reason("  ")
    with pytest.raises(RuleBroken, match="reason_too_long"):
        checked_reason("x" * 501)
