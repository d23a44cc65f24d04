"""Ask for a fresh second factor in a log-in that goes on."""

from __future__ import annotations

from services.identity.domain.codes import Purpose
from services.identity.domain.errors import RuleBroken
from services.identity.store.store import Store
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import Begun, Code, begin
from services.identity.usecases.ports import PasswordHasher
from shared.outbox.unit_of_work import UnitOfWork


def begin_step_up(sid: str, *, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]) -> Begun:
    """Begin a step-up in a log-in that is live."""
    code = Code.new(hasher)
    with uow() as store:
        row = store.log_ins.sign_on(sid)
        if row is None or row.ended_at is not None:
            raise RuleBroken("log_in_over")
        return begin(store, store.users.get(row.user_id), Purpose.STEP_UP, code, messages)
