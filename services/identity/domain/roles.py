"""Roles, where they are held, and who may give them to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.identity.domain.deadlines import LONGEST_LIMITED_ROLE
from services.identity.domain.errors import NotFound, RuleBroken


class RoleCode(StrEnum):
    """What somebody is in a registry."""

    LU = "LU"  # local user
    LC = "LC"  # local coordinator
    SC = "SC"  # national (system) coordinator
    SECRETARIAT = "SECRETARIAT"
    MANAGER = "MANAGER"  # daglig leder
    COUNCIL = "COUNCIL"  # fagråd
    PVO = "PVO"  # data protection officer
    STATISTICIAN = "STATISTICIAN"


LOCAL = frozenset({RoleCode.LU, RoleCode.LC})
ADMINISTRATORS = frozenset({RoleCode.LC, RoleCode.SC})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a role counts: a registry and, of it, one organisation by RESH id (None: the whole registry)."""

    registry: str
    organisation: int | None


@dataclass(frozen=True, kw_only=True)
class Administrator:
    """Somebody who decides about users: who, as what, where. `user_id` is None for the operator's own tool."""

    user_id: int | None
    role: RoleCode
    place: Place


def see(admin: Administrator, place: Place) -> None:
    """Raise NotFound unless the place is one the administrator looks after; a foreign place does not exist for them."""
    if not looks_after(admin.role, admin.place, place):
        raise NotFound


def looks_after(role: str | None, at: Place, place: Place) -> bool:
    """Tell whether a role held at one place looks after another: LC the own organisation, SC the own registry."""
    if role not in ADMINISTRATORS or at.registry != place.registry:
        return False
    return role != RoleCode.LC or at.organisation == place.organisation


def give(admin: Administrator, role: RoleCode, *, to: int | None) -> None:
    """Raise unless the administrator may give the role: LC gives local roles, SC all, and nobody to themselves."""
    if admin.user_id is not None and admin.user_id == to:
        raise RuleBroken("own_access")
    if admin.role is RoleCode.LC and role not in LOCAL:
        raise RuleBroken("role_not_yours_to_give")


def grantable(role: RoleCode) -> tuple[RoleCode, ...]:
    """The roles an administrator of the given role may give, in the order of the manual."""
    return tuple(code for code in RoleCode if role is RoleCode.SC or code in LOCAL)


def check_place(role: RoleCode, place: Place) -> None:
    """Raise unless the role fits the place: a local role is held in one organisation."""
    if role in LOCAL and place.organisation is None:
        raise RuleBroken("role_needs_organisation")


def check_end(ends_at: datetime | None, now: datetime) -> None:
    """Raise unless the moment at which a role is to end by itself lies ahead, and within a year; None is no end."""
    if ends_at is None:
        return
    if ends_at <= now:
        raise RuleBroken("role_end_is_past")
    if ends_at - now > LONGEST_LIMITED_ROLE:
        raise RuleBroken("role_end_too_far")
