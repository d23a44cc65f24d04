"""An application for access ("Ny bruker"): what is filled in, what is wrong with it, and how it is decided."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.identity.domain.contact import email_address, mobile_number
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.domain.organisation import Tree, UnitKind
from services.identity.domain.roles import LOCAL, Place, RoleCode

LONGEST_NAME = 200
LONGEST_REASON = 1000
# Letters, digits and .-_ so that a name can be read out on the phone; it begins with a letter.
_USER_NAME = re.compile(r"[^\W\d_][\w.-]{2,39}")


class Position(StrEnum):
    """Positions in the list of the form."""

    PHYSICIAN = "physician"
    PHYSICIAN_IN_TRAINING = "physician_in_training"
    NURSE = "nurse"
    PHYSIOTHERAPIST = "physiotherapist"
    PSYCHOLOGIST = "psychologist"
    SOCIAL_WORKER = "social_worker"
    SECRETARY = "secretary"
    REGISTRY_COORDINATOR = "registry_coordinator"
    RESEARCHER = "researcher"
    LEADER = "leader"
    OTHER = "other"


class State(StrEnum):
    """An application waits until it is decided."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


class Conflict(StrEnum):
    """What of the application another user already has; shown to the coordinator, never to the applicant."""

    USER_NAME = "user_name"
    MOBILE = "mobile"
    EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class Details:
    """Who applies. Staff data: sealed where it is stored, never logged."""

    user_name: str
    full_name: str
    mobile: str
    email: str

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Details(...)"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Where somebody works and what access is applied for."""

    position: Position
    department: int
    place: Place


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the lists of the form may hold: the tree, and per registry the organisations that take part."""

    tree: Tree
    participants: Mapping[str, Sequence[int]]

    def registries(self, region: int | None) -> list[str]:
        """Registries with an organisation in the region."""
        return [key for key in self.participants if self.organisations_in(key, region)]

    def organisations_in(self, registry: str, region: int | None) -> list[int]:
        """RESH ids of a registry's active organisations in a region."""
        return [
            resh
            for resh in self.participants.get(registry, ())
            if (unit := self.tree.find(resh)) and unit.is_active and self.tree.region_of(resh) == region
        ]


@dataclass(frozen=True, kw_only=True)
class Application:
    """One application on its way; `applicant` is the user who asks for more access, None for a new user."""

    state: State
    place: Place
    applicant: int | None
    conflicts: frozenset[Conflict] = frozenset()
    role: RoleCode | None = None
    reason: str = ""
    decided_at: datetime | None = None
    decided_by: int | None = None


def read_details(fields: Mapping[str, str]) -> Details:
    """The personal part of the form; raises FormRefused with one code a wrong field."""
    name, full_name = fields.get("user_name", "").strip(), " ".join(fields.get("full_name", "").split())
    mobile, email = mobile_number(fields.get("mobile", "")), email_address(fields.get("email", ""))
    wrong = {
        "user_name": "user_name_malformed" if not _USER_NAME.fullmatch(name) else "",
        "full_name": "full_name_missing" if not 2 <= len(full_name) <= LONGEST_NAME else "",  # noqa: PLR2004
        "mobile": "mobile_malformed" if mobile is None else "",
        "email": "email_malformed" if email is None else "",
    }
    errors = {field: "required" if not fields.get(field, "").strip() else code for field, code in wrong.items() if code}
    if errors:
        raise FormRefused(errors)
    return Details(user_name=name, full_name=full_name, mobile=mobile or "", email=email or "")


def read_user_name(typed: str) -> str:
    """A user name a coordinator gives instead of one that is taken; raises FormRefused."""
    name = typed.strip()
    if not _USER_NAME.fullmatch(name):
        raise FormRefused({"user_name": "user_name_malformed"})
    return name


def read_wish(fields: Mapping[str, str], choices: Choices) -> Wish:
    """The work place and the access applied for; each choice must stand in the list the one above it gives."""
    errors = {
        field: "required" if not fields.get(field, "").strip() else "not_in_list"
        for field, allowed in narrowed(fields, choices).items()
        if fields.get(field, "") not in allowed
    }
    if errors:
        raise FormRefused(errors)
    return Wish(
        position=Position(fields["position"]),
        department=int(fields["department"]),
        place=Place(registry=fields["registry"], organisation=int(fields["applied_organisation"])),
    )


def narrowed(fields: Mapping[str, str], choices: Choices) -> dict[str, list[str]]:
    """What each list of the form offers after the choices made so far, in the order of the form."""
    tree = choices.tree
    region = _chosen(fields, "region")
    regions = [str(unit.resh) for unit in tree.of_kind(UnitKind.REGION)]
    organisation, clinic = _chosen(fields, "organisation"), _chosen(fields, "clinic")
    registries = choices.registries(region)
    registry = fields.get("registry", "")
    applied = choices.organisations_in(registry, region) if registry in registries else []
    return {
        "position": [position.value for position in Position],
        "region": regions,
        "organisation": _ids(tree, UnitKind.ORGANISATION, region),
        "clinic": _ids(tree, UnitKind.CLINIC, organisation),
        "department": _ids(tree, UnitKind.DEPARTMENT, clinic),
        "registry": registries,
        "applied_organisation": [str(resh) for resh in applied],
    }


def approved(
    application: Application, role: RoleCode, *, by: int | None, replaced: frozenset[Conflict], now: datetime
) -> Application:
    """The application approved; `replaced` names conflicts the coordinator has solved by giving another value."""
    _check_waiting(application, by)
    if role not in LOCAL:
        raise RuleBroken("application_gives_local_roles")
    open_conflicts = application.conflicts - replaced
    if open_conflicts:
        raise RuleBroken(f"{min(open_conflicts)}_taken")
    return replace(application, state=State.APPROVED, role=role, decided_at=now, decided_by=by)


def rejected(application: Application, reason: str, *, by: int | None, now: datetime) -> Application:
    """The application rejected; the applicant is told the reason."""
    _check_waiting(application, by)
    reason = reason.strip()
    if not reason:
        raise RuleBroken("rejection_needs_reason")
    if len(reason) > LONGEST_REASON:
        raise RuleBroken("reason_too_long")
    return replace(application, state=State.REJECTED, reason=reason, decided_at=now, decided_by=by)


def _check_waiting(application: Application, by: int | None) -> None:
    if application.state is not State.WAITING:
        raise RuleBroken("application_is_decided")
    if by is not None and application.applicant == by:
        raise RuleBroken("own_access")


def _ids(tree: Tree, kind: UnitKind, under: int | None) -> list[str]:
    return [str(unit.resh) for unit in tree.of_kind(kind, under=under)] if under is not None else []


def _chosen(fields: Mapping[str, str], field: str) -> int | None:
    text = fields.get(field, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else None  # noqa: PLR2004
