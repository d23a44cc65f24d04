"""Events: what the log-in service tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.event import Event


@dataclass(frozen=True, kw_only=True)
class UserApproved(Event):
    """A user was approved for a role in an organisation."""

    NAME: ClassVar[str] = "identity.user_approved.v1"
    AGGREGATE: ClassVar[str] = "user"
    AGGREGATE_FIELD: ClassVar[str] = "user_id"
    user_id: int
    registry: str
    organisation: int
    role: str


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(Event):
    """A user may no longer log in."""

    NAME: ClassVar[str] = "identity.user_deactivated.v1"
    AGGREGATE: ClassVar[str] = "user"
    AGGREGATE_FIELD: ClassVar[str] = "user_id"
    user_id: int


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """A user's role in an organisation was changed."""

    NAME: ClassVar[str] = "identity.role_changed.v1"
    AGGREGATE: ClassVar[str] = "user"
    AGGREGATE_FIELD: ClassVar[str] = "user_id"
    user_id: int
    registry: str
    organisation: int
    role: str


@dataclass(frozen=True, kw_only=True)
class SessionsRevoked(Event):
    """Log-ins of a user made before a moment no longer count."""

    NAME: ClassVar[str] = "identity.sessions_revoked.v1"
    AGGREGATE: ClassVar[str] = "user"
    AGGREGATE_FIELD: ClassVar[str] = "user_id"
    user_id: int
    not_before: datetime


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    """Name or place of an organisation was changed."""

    NAME: ClassVar[str] = "identity.organisation_changed.v1"
    AGGREGATE: ClassVar[str] = "organisation"
    AGGREGATE_FIELD: ClassVar[str] = "organisation"
    organisation: int


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """Identity holds nothing on the person of this case."""

    NAME: ClassVar[str] = "identity.person_erased.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
