"""Who acts: the administrator behind a request, checked again in the transaction, and what the log says of the act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.roles import ADMINISTRATORS, Administrator, Place, RoleCode, see
from services.identity.store.store import Store
from services.identity.store.tables import RoleRow
from services.identity.store.users import place_of
from shared.audit.log import Access
from shared.auth.principal import Kind, Principal

# Acts when a deadline is over.
CALENDAR = Principal(kind=Kind.SERVICE, subject="calendar")


def administrator(store: Store, by: Principal) -> Administrator:
    """The administrator who acts; raises NotFound if the role was taken away since the page was opened."""
    if by.user_id is None or by.role not in ADMINISTRATORS or by.registry is None:
        raise NotFound
    role, place = RoleCode(by.role), Place(registry=by.registry, organisation=by.organisation)
    if not store.users.holds(by.user_id, role, place):
        raise NotFound
    return Administrator(user_id=by.user_id, role=role, place=place)


def visible_roles(store: Store, admin: Administrator, user_id: int) -> list[RoleRow]:
    """The roles of a user in what the administrator looks after; raises NotFound if there is none."""
    found = [row for row in store.users.roles_of(user_id) if _is_seen(admin, row)]
    if not found:
        raise NotFound
    return found


def check_whole_account(store: Store, admin: Administrator, user_id: int) -> None:
    """Raise unless every role of the user lies in what the administrator looks after."""
    seen = visible_roles(store, admin, user_id)
    if len(seen) != len(store.users.roles_of(user_id)):
        raise RuleBroken("user_has_roles_elsewhere")


def log_act(store: Store, by: Principal, what: str, *, reason: str, change: Mapping[str, Any] | None = None) -> None:
    """Note an act on somebody's access in the change log; values are codes and ids only."""
    store.log_access(
        Access.by(by, registry=by.registry, pid=None, action="write", object=what, reason=reason, change=change or {})
    )


def log_own_act(store: Store, user_id: int, what: str, change: Mapping[str, Any]) -> None:
    """Note what somebody did with the own account, such as "password"."""
    log_act(store, Principal(kind=Kind.USER, subject=str(user_id)), f"user:{user_id}/{what}", reason="", change=change)


def _is_seen(admin: Administrator, row: RoleRow) -> bool:
    try:
        see(admin, place_of(row))
    except NotFound:
        return False
    return True
