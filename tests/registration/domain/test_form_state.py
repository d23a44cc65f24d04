"""States of a form."""

from __future__ import annotations

import pytest

from services.registration.domain.errors import RuleBroken
from services.registration.domain.form_state import (
    FormState,
    shown_state,
    state_after_finalise,
    state_after_reopen,
    state_after_save,
)


@pytest.mark.req("REG-12")
def test_saving_puts_a_new_form_in_progress():
    assert state_after_save(FormState.NEW) is FormState.IN_PROGRESS


@pytest.mark.req("REG-12")
@pytest.mark.parametrize(
    ("state", "code"), [(FormState.FINALISED, "form_is_locked"), (FormState.CLOSED, "form_is_closed")]
)
def test_a_locked_or_closed_form_takes_no_answers(state, code):
    with pytest.raises(RuleBroken, match=code):
        state_after_save(state)


@pytest.mark.req("REG-12")
def test_a_form_with_missing_answers_is_not_locked():
    with pytest.raises(RuleBroken, match="form_is_incomplete"):
        state_after_finalise(FormState.IN_PROGRESS, missing=2)


@pytest.mark.req("REG-12")
def test_only_a_coordinator_with_a_reason_reopens():
    with pytest.raises(RuleBroken, match="only_coordinator_reopens"):
        state_after_reopen(FormState.FINALISED, role="LU", reason="feil dato ført")
    with pytest.raises(RuleBroken, match="reason_missing"):
        state_after_reopen(FormState.FINALISED, role="LC", reason=" ")

    assert state_after_reopen(FormState.FINALISED, role="LC", reason="feil dato ført") is FormState.IN_PROGRESS


@pytest.mark.req("REG-06")
def test_closing_a_form_hides_it_and_opening_shows_it_as_it_was():
    assert shown_state(FormState.FINALISED, is_open=False) is FormState.FINALISED
    assert shown_state(FormState.IN_PROGRESS, is_open=False) is FormState.CLOSED
    assert shown_state(FormState.IN_PROGRESS, is_open=True) is FormState.IN_PROGRESS
