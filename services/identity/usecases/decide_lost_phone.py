"""Confirm or reject another mobile number for a user who has lost the phone."""

from __future__ import annotations

from dataclasses import replace

from services.identity.domain.account import Status, checked_reason
from services.identity.domain.errors import RuleBroken
from services.identity.domain.lost_phone import confirm, reject
from services.identity.domain.roles import ADMINISTRATORS
from services.identity.store.lost_phone_tables import LostPhoneRow
from services.identity.store.lost_phones import lost_phone_of
from services.identity.store.store import Store, taken
from services.identity.usecases.accounts import Hashed
from services.identity.usecases.acting import administrator, check_whole_account, log_act
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import PasswordHasher
from services.identity.usecases.reset_password import new_first, start_anew
from shared.auth.principal import Principal
from shared.db.errors import ConstraintBroken
from shared.outbox.unit_of_work import UnitOfWork


def confirm_lost_phone(
    matter_id: str, *, by: Principal, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]
) -> None:
    """Replace the number as the second person; the user begins anew with a first password on the new phone.

    All log-ins end, and so do the second factors there were. Raises NotFound or RuleBroken.
    """
    secret = new_first(hasher)
    try:
        with uow() as store:
            row = store.lost_phones.get(matter_id)
            admin = administrator(store, by)
            check_whole_account(store, admin, row.user_id)
            confirm(lost_phone_of(row), by=admin.user_id, now=store.now)
            _check_first_person(store, row)
            _replace(store, row, secret, messages)
            change = {"lost_phone": "confirmed", "mobile": "replaced", "begun_by": row.begun_by}
            log_act(store, by, f"user:{row.user_id}/mobile", reason=row.reason, change=change)
    except ConstraintBroken as error:
        raise taken(error) or error from error


def reject_lost_phone(
    matter_id: str, reason: str, *, by: Principal, messages: Messages, uow: UnitOfWork[Store]
) -> None:
    """Leave the number as it is, and tell the user so; raises NotFound or RuleBroken."""
    reason = checked_reason(reason)
    with uow() as store:
        row = store.lost_phones.get(matter_id)
        admin = administrator(store, by)
        check_whole_account(store, admin, row.user_id)
        reject(lost_phone_of(row), by=admin.user_id, now=store.now)
        user = store.users.get(row.user_id)
        store.lost_phones.remove(row)
        details = messages.seals.details_of(user)
        messages.send_mail(store, details, "message.lost_phone_rejected", language=user.language)
        log_act(store, by, f"user:{row.user_id}/mobile", reason=reason, change={"lost_phone": "rejected"})


def _check_first_person(store: Store, row: LostPhoneRow) -> None:
    """Raise RuleBroken if whoever began it is no coordinator any more: nobody answers for the check."""
    first = store.users.get(row.begun_by)
    is_coordinator = any(held.role in ADMINISTRATORS for held in store.users.roles_of(row.begun_by))
    if first.status != Status.ACTIVE or not is_coordinator:
        raise RuleBroken("first_person_gone")


def _replace(store: Store, row: LostPhoneRow, secret: Hashed, messages: Messages) -> None:
    user = store.users.get(row.user_id)
    if user.status != Status.ACTIVE:
        raise RuleBroken("user_is_deactivated")
    old = messages.seals.details_of(user)
    mobile = messages.seals.open_wanted(row.mobile, row.user_id, "mobile")
    messages.seals.write_user(user, replace(old, mobile=mobile))
    store.lost_phones.remove(row)
    start_anew(store, user, secret, messages)
    # The old phone too: who has it still, and knows of nothing, can say so.
    messages.send_sms(store, old, "message.contact_changed.mobile", language=user.language)
    messages.send_mail(store, old, "message.lost_phone_done", language=user.language)
