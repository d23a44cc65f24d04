"""Give, change and take roles."""

from __future__ import annotations

from datetime import datetime

from services.identity.domain.account import checked_reason
from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.roles import Place, RoleCode, check_end, check_place, give, see
from services.identity.store.store import Store
from services.identity.store.tables import RoleRow
from services.identity.store.users import place_of
from services.identity.usecases.accounts import given, grant, replace_role, withdraw
from services.identity.usecases.acting import administrator, log_act, visible_roles
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def give_role(
    user_id: int,
    role: RoleCode,
    place: Place,
    *,
    reason: str,
    ends_at: datetime | None = None,
    by: Principal,
    uow: UnitOfWork[Store],
) -> None:
    """Give a user of the own organisation or registry one more role, with `ends_at` to a substitute until then."""
    reason = checked_reason(reason)
    with uow() as store:
        admin = administrator(store, by)
        visible_roles(store, admin, user_id)
        see(admin, place)
        give(admin, role, to=user_id)
        check_place(role, place)
        if place.organisation is not None and not store.units.takes_part(place.registry, place.organisation):
            raise RuleBroken("role_needs_organisation")
        check_end(ends_at, store.now)
        grant(store, user_id, role, place, by=admin.user_id, ends_at=ends_at)
        log_act(store, by, f"user:{user_id}/role", reason=reason, change=given(role, ends_at))


def change_role(role_id: int, role: RoleCode, *, reason: str, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Replace a role by another in the same place; the user's log-ins end, so that it takes effect at once."""
    reason = checked_reason(reason)
    with uow() as store:
        row = _held(store, role_id, role, by)
        if row.role == role:
            raise RuleBroken("role_is_held")
        check_place(role, place_of(row))
        replace_role(store, row, role, by=by.user_id, ends_at=row.ends_at)
        log_act(store, by, f"user:{row.user_id}/role", reason=reason, change={"role": [row.role, role.value]})


def take_role(role_id: int, *, reason: str, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Take a role away; the last one gone, the account opens nothing any more."""
    reason = checked_reason(reason)
    with uow() as store:
        row = _held(store, role_id, None, by)
        withdraw(store, row, by=by.user_id)
        log_act(store, by, f"user:{row.user_id}/role", reason=reason, change={"role": [row.role, None]})


def _held(store: Store, role_id: int, new: RoleCode | None, by: Principal) -> RoleRow:
    admin = administrator(store, by)
    row = store.users.role(role_id)
    if row is None:
        raise NotFound
    see(admin, place_of(row))
    give(admin, new or RoleCode(row.role), to=row.user_id)
    give(admin, RoleCode(row.role), to=row.user_id)
    return row
