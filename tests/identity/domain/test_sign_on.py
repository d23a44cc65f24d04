"""What a log-in is good for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.sign_on import Demand, Need, SignOn, need, token_moment

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
OLD = NOW - timedelta(hours=1)
SIGN_ON = SignOn(begun_at=OLD, authenticated_at=OLD, has_choice=True)
ASKED = Demand(asked_at=NOW)


def asked(**values):
    return Demand(asked_at=NOW, **values)


@pytest.mark.req("IDN-09")
def test_a_live_log_in_with_a_choice_needs_nothing():
    assert need(SIGN_ON, ASKED, NOW) is Need.NOTHING


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize(
    "sign_on",
    [None, replace(SIGN_ON, ended_at=OLD), replace(SIGN_ON, begun_at=NOW - timedelta(hours=12))],
)
def test_without_a_live_log_in_the_user_logs_in(sign_on):
    assert need(sign_on, ASKED, NOW) is Need.LOG_IN


@pytest.mark.req("IDN-03", "IDN-06", "IDN-09")
def test_a_first_password_and_a_missing_choice_come_before_the_answer():
    assert need(replace(SIGN_ON, must_replace_password=True, has_choice=False), ASKED, NOW) is Need.NEW_PASSWORD
    assert need(replace(SIGN_ON, has_choice=False), ASKED, NOW) is Need.CHOICE


@pytest.mark.req("IDN-09")
def test_max_age_asks_for_a_fresh_code_once():
    strict = asked(max_age=timedelta(0))

    assert need(SIGN_ON, strict, NOW) is Need.STEP_UP
    assert need(replace(SIGN_ON, authenticated_at=NOW), strict, NOW + timedelta(seconds=9)) is Need.NOTHING
    assert need(SIGN_ON, asked(max_age=timedelta(hours=2)), NOW) is Need.NOTHING


@pytest.mark.req("IDN-09")
def test_prompt_login_asks_for_a_new_log_in_and_a_fresh_code_is_not_one():
    again = asked(prompts=frozenset({"login"}))

    assert need(SIGN_ON, again, NOW) is Need.LOG_IN
    assert need(replace(SIGN_ON, authenticated_at=NOW), again, NOW) is Need.LOG_IN
    assert need(replace(SIGN_ON, begun_at=NOW, authenticated_at=NOW), again, NOW) is Need.NOTHING


@pytest.mark.req("IDN-06")
def test_prompt_select_account_asks_for_a_new_choice_once():
    assert need(SIGN_ON, asked(prompts=frozenset({"select_account"})), NOW) is Need.CHOICE
    assert need(SIGN_ON, asked(prompts=frozenset({"select_account"}), is_chosen_anew=True), NOW) is Need.NOTHING


@pytest.mark.req("IDN-08")
def test_a_token_made_after_a_revocation_is_younger_than_it():
    moment = NOW.replace(microsecond=700_000)

    assert token_moment(moment, None) == NOW
    assert token_moment(moment, NOW - timedelta(seconds=3)) == NOW
    assert token_moment(moment, NOW.replace(microsecond=500_000)) == NOW + timedelta(seconds=1)
    assert token_moment(moment, NOW) == NOW + timedelta(seconds=1)
