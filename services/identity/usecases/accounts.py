"""What approving and adding a user have in common: the account, its first password, its role."""

from __future__ import annotations

from dataclasses import dataclass

from services.identity.domain.account import Status
from services.identity.domain.application import Details
from services.identity.domain.password import FIRST_LIVES
from services.identity.domain.roles import Place, RoleCode
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.messages import Messages
from shared.contracts.identity import UserApproved


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


def grant(store: Store, user_id: int, role: RoleCode, place: Place, *, by: int | None) -> None:
    """Give a role and tell the other services; one that is held already is left as it is."""
    if store.users.holds(user_id, role, place):
        return
    store.users.grant(user_id, role, place, by=by)
    # 0 is the registry as a whole, as in its own RESH list.
    told = {"registry": place.registry, "organisation": place.organisation or 0, "role": role.value}
    store.emit(UserApproved(user_id=user_id, **told))  # type: ignore[arg-type]
