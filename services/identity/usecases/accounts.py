"""What approving and adding a user have in common: the account, its first password, its role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.identity.domain.account import Status
from services.identity.domain.application import Details
from services.identity.domain.deadlines import ROLE_END_TOLD_BEFORE
from services.identity.domain.password import FIRST_LIVES
from services.identity.domain.roles import Place, RoleCode
from services.identity.store.store import Store
from services.identity.store.tables import RoleRow, UserRow
from services.identity.store.users import place_of
from services.identity.usecases.messages import Messages
from services.identity.usecases.sessions import end_all
from shared.contracts.identity import RoleChanged, UserApproved

END_JOB, TELL_END_JOB = "end_role", "tell_role_end"
NO_ROLE = "none"


@dataclass(frozen=True, kw_only=True)
class Hashed:
    """A password and its hash, made before the transaction since hashing is slow."""

    password: str
    stored: str
    is_first: bool

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Hashed(...)"


@dataclass(frozen=True, kw_only=True)
class WorkPlace:
    """Where a user works and which language messages are written in."""

    position: str
    department: int | None
    language: str


def open_account(store: Store, details: Details, work: WorkPlace, secret: Hashed, messages: Messages) -> UserRow:
    """Store a new account."""
    row = UserRow(
        position=work.position,
        department=work.department,
        language=work.language,
        status=Status.ACTIVE.value,
        created_at=store.now,
    )
    messages.seals.write_user(row, details)
    set_password(store, row, secret)
    store.users.add(row)
    return row


def set_password(store: Store, row: UserRow, secret: Hashed) -> None:
    """Put a password into an account."""
    row.password_hash, row.password_is_first = secret.stored, secret.is_first
    row.password_is_used, row.password_set_at = False, store.now


def old_password_counter(messages: Messages, user_id: int) -> str:
    """The counter of old passwords typed wrong by somebody who is logged in."""
    return messages.seals.counter_hash("old_password", str(user_id))


def send_first_password(store: Store, row: UserRow, secret: Hashed, messages: Messages) -> None:
    """Send the first password by SMS."""
    messages.send_sms(
        store,
        messages.seals.details_of(row),
        "message.first_password",
        language=row.language,
        useful_for=FIRST_LIVES,
        password=secret.password,
    )


def grant(
    store: Store, user_id: int, role: RoleCode, place: Place, *, by: int | None, ends_at: datetime | None = None
) -> RoleRow:
    """Give a role and tell the other services; of one that is held already only the end is changed."""
    store.users.get(user_id)  # of two who give it at once, the second finds it held
    held = store.users.held(user_id, role, place)
    if held is not None:
        if held.ends_at != ends_at:
            held.ends_at, held.end_told_at = ends_at, None
            plan_end(store, held)
        return held
    row = store.users.grant(user_id, role, place, by=by, ends_at=ends_at)
    plan_end(store, row)
    # 0 is the registry as a whole, as in its own RESH list.
    told = {"registry": place.registry, "organisation": place.organisation or 0, "role": role.value}
    store.emit(UserApproved(user_id=user_id, **told))  # type: ignore[arg-type]
    return row


def withdraw(store: Store, row: RoleRow, *, by: int | None, role: str = NO_ROLE) -> None:
    """Take a role away and tell the other services, with the one that replaces it; the user's log-ins end."""
    store.users.end_role(row, by=by)
    store.emit(RoleChanged(user_id=row.user_id, registry=row.registry_key, organisation=row.organisation, role=role))
    end_all(store, row.user_id)


def replace_role(store: Store, row: RoleRow, role: RoleCode, *, by: int | None, ends_at: datetime | None) -> None:
    """Put another role in the place of one; the user's log-ins end."""
    place = place_of(row)
    withdraw(store, row, by=by, role=role.value)
    if not store.users.holds(row.user_id, role, place):
        plan_end(store, store.users.grant(row.user_id, role, place, by=by, ends_at=ends_at))


def given(role: RoleCode, ends_at: datetime | None) -> dict[str, Any]:
    """What the change log says of a role that is given."""
    ends = {"ends_at": [None, ends_at.isoformat()]} if ends_at is not None else {}
    return {"role": [None, role.value], **ends}


def plan_end(store: Store, row: RoleRow) -> None:
    """Have a role with an end taken away when its time is over, and have people told before."""
    if row.ends_at is None:
        return
    # The moment is part of the key: when the end is moved, the jobs of the old one find nothing to do.
    key = f"role:{row.role_id}:{row.ends_at.isoformat()}"
    store.enqueue(END_JOB, key=f"{key}:end", due_at=row.ends_at, role_id=row.role_id)
    told_at = row.ends_at - ROLE_END_TOLD_BEFORE
    if told_at > store.now:
        store.enqueue(TELL_END_JOB, key=f"{key}:tell", due_at=told_at, role_id=row.role_id)
