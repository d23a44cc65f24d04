"""Ask for another mobile number for a user who has lost the phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from services.identity.domain.account import Status
from services.identity.domain.application import Conflict
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.domain.lost_phone import Wish, read_wish
from services.identity.store.applications import new_id
from services.identity.store.lost_phone_tables import LostPhoneRow
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.acting import administrator, check_whole_account, log_act
from services.identity.usecases.messages import Messages
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def begin_lost_phone(
    user_id: int, fields: Mapping[str, str], *, by: Principal, messages: Messages, uow: UnitOfWork[Store]
) -> str:
    """Store the matter, tell the user by e-mail, and return its id; nothing changes before a second person confirms.

    Raises FormRefused, NotFound or RuleBroken; the number opens all of an account, so all of it must be looked after.
    """
    wish = read_wish(fields)
    with uow() as store:
        admin = administrator(store, by)
        check_whole_account(store, admin, user_id)
        if admin.user_id is None or admin.user_id == user_id:
            raise RuleBroken("own_access")
        user = store.users.get(user_id)
        _check(store, user, wish, messages)
        row = LostPhoneRow(
            matter_id=new_id(),
            user_id=user_id,
            mobile=messages.seals.seal_wanted(wish.mobile, user_id, "mobile"),
            checked_how=wish.checked_how.value,
            reason=wish.reason,
            begun_by=admin.user_id,
            begun_at=store.now,
        )
        store.lost_phones.add(row)
        details = messages.seals.details_of(user)
        messages.send_mail(store, details, "message.lost_phone_begun", language=user.language)
        change = {"lost_phone": "begun", "checked": wish.checked_how.value}
        log_act(store, by, f"user:{user_id}/mobile", reason=wish.reason, change=change)
        return row.matter_id


def _check(store: Store, user: UserRow, wish: Wish, messages: Messages) -> None:
    if user.status != Status.ACTIVE:
        raise RuleBroken("user_is_deactivated")
    details = messages.seals.details_of(user)
    if wish.mobile == details.mobile:
        raise FormRefused({"mobile": "mobile_unchanged"})
    owners = store.users.owners(messages.seals.fingerprints(replace(details, mobile=wish.mobile)))
    if owners.get(Conflict.MOBILE, user.user_id) != user.user_id:
        raise FormRefused({"mobile": "mobile_taken"})
