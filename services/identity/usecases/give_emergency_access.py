"""Let somebody in at once, for an hour, without an application."""

from __future__ import annotations

from services.identity.domain.account import Status, checked_reason
from services.identity.domain.deadlines import EMERGENCY_LASTS
from services.identity.domain.emergency import check_emergency_role
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.domain.roles import Place, RoleCode, check_place, give, see
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.accounts import given, grant
from services.identity.usecases.acting import administrator, log_act
from services.identity.usecases.coordinators import national_coordinators
from services.identity.usecases.messages import Messages
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def give_emergency_access(
    user_name: str,
    role: RoleCode,
    place: Place,
    *,
    reason: str,
    by: Principal,
    messages: Messages,
    uow: UnitOfWork[Store],
) -> None:
    """Give a known user a local role that ends by itself; the national coordinators are told at once."""
    reason = checked_reason(reason)
    check_emergency_role(role)
    check_place(role, place)
    with uow() as store:
        admin = administrator(store, by)
        see(admin, place)
        _check_takes_part(store, place)
        user = _known(store, user_name, messages)
        give(admin, role, to=user.user_id)
        if store.users.holds(user.user_id, role, place):
            raise RuleBroken("role_is_held")
        ends_at = store.now + EMERGENCY_LASTS
        role_id = grant(store, user.user_id, role, place, by=admin.user_id, ends_at=ends_at).role_id
        store.emergencies.add(role_id, reason)
        change = {**given(role, ends_at), "emergency": [None, role_id]}
        log_act(store, by, f"user:{user.user_id}/role", reason=reason, change=change)
        _tell(store, user, role, place, reason, by, messages)


def _check_takes_part(store: Store, place: Place) -> None:
    if not store.units.takes_part(place.registry, place.organisation):
        raise FormRefused({"at": "not_in_list"})


def _known(store: Store, user_name: str, messages: Messages) -> UserRow:
    user = store.users.find(messages.seals.user_name_hash(user_name))
    if user is None or user.status != Status.ACTIVE:
        raise FormRefused({"user_name": "user_name_unknown"})
    return store.users.get(user.user_id)


def _tell(
    store: Store, user: UserRow, role: RoleCode, place: Place, reason: str, by: Principal, messages: Messages
) -> None:
    for other in national_coordinators(store, place.registry, but=by.user_id):
        messages.send_mail(
            store,
            messages.seals.details_of(other),
            "message.emergency",
            language=other.language,
            name=messages.seals.name_of(user),
            role=role.value,
            organisation=store.units.name(place.organisation or 0),
            reason=reason,
        )
