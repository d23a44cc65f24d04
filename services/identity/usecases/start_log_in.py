"""The first half of a log-in: user name and password. Known and unknown names are treated alike to the millisecond."""

from __future__ import annotations

from services.identity.domain.codes import Purpose
from services.identity.domain.errors import RuleBroken
from services.identity.domain.throttle import Tries, take_back
from services.identity.store.store import Store
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import Begun, Code, begin
from services.identity.usecases.ports import PasswordHasher
from services.identity.usecases.visitor import Counters, Visitor, counters
from shared.outbox.unit_of_work import UnitOfWork


def start_log_in(
    user_name: str,
    password: str,
    *,
    visitor: Visitor,
    messages: Messages,
    hasher: PasswordHasher,
    uow: UnitOfWork[Store],
) -> Begun:
    """Check name and password and go on to the second factor; raises MustWait, or RuleBroken for whatever is wrong."""
    seals = messages.seals
    name_hash = seals.user_name_hash(user_name)
    with uow() as store:
        row = store.users.find(name_hash)
        user_id, stored = (row.user_id, row.password_hash) if row is not None else (None, None)
        counted = counters(store, visitor, user_name_hash=name_hash, user_id=user_id, seals=seals)
        store.log_ins.reserve(counted.all)
    if not hasher.verify(stored, password) or user_id is None or stored is None:
        raise RuleBroken("wrong_name_or_password")
    code = Code.new(hasher)
    with uow() as store:
        return _go_on(store, user_id, stored, counted, code, messages)


def _go_on(store: Store, user_id: int, checked: str, counted: Counters, code: Code, messages: Messages) -> Begun:
    user = store.users.get(user_id)
    if user.password_hash != checked or not store.users.account(user).may_log_in(store.now):
        raise RuleBroken("wrong_name_or_password")
    begun = begin(store, user, Purpose.LOG_IN, code, messages)
    store.log_ins.take_back(counted.own[0], lambda _: Tries())
    if counted.address is not None:
        store.log_ins.take_back(counted.address[0], take_back)
    return begun
