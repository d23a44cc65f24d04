"""The states of a form and who may move it from one to the next."""

from __future__ import annotations

from enum import IntEnum

from services.registration.domain.errors import RuleBroken
from services.registration.domain.reason import given_reason

_MAY_REOPEN = frozenset({"LC", "SC"})


class FormState(IntEnum):
    """As the work list shows it; the numbers are kept in the course's row."""

    CLOSED = 0  # not open in this course type
    NEW = 1
    IN_PROGRESS = 2
    FINALISED = 3


def state_after_save(state: FormState) -> FormState:
    """The state after answers were saved; a locked or closed form takes none."""
    if state is FormState.FINALISED:
        raise RuleBroken("form_is_locked")
    if state is FormState.CLOSED:
        raise RuleBroken("form_is_closed")
    return FormState.IN_PROGRESS


def state_after_finalise(state: FormState, *, missing: int) -> FormState:
    """Locked, when nothing is missing."""
    state_after_save(state)
    if missing:
        raise RuleBroken("form_is_incomplete", missing=missing)
    return FormState.FINALISED


def state_after_reopen(state: FormState, *, role: str | None, reason: str) -> FormState:
    """Open again for changes; only a coordinator may, and says why."""
    if role not in _MAY_REOPEN:
        raise RuleBroken("only_coordinator_reopens")
    if state is not FormState.FINALISED:
        raise RuleBroken("form_is_not_locked")
    given_reason(reason)
    return FormState.IN_PROGRESS


def shown_state(stored: FormState, *, is_open: bool) -> FormState:
    """The state the work list shows. A course type may close a form; what was written stays as it was."""
    if is_open or stored is FormState.FINALISED:
        return stored
    return FormState.CLOSED
