"""Events: what reservation tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.event import Event


@dataclass(frozen=True, kw_only=True)
class Registered(Event):
    """A person has reserved; the keyed hash means nothing without its key."""

    NAME: ClassVar[str] = "reservation.registered.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
    registry: str
    person_hash: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Event):
    """A person has taken the reservation back."""

    NAME: ClassVar[str] = "reservation.withdrawn.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
    registry: str
    person_hash: str


@dataclass(frozen=True, kw_only=True)
class AccessRequested(Event):
    """A person asks what the suite holds."""

    NAME: ClassVar[str] = "reservation.access_requested.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
    registry: str
    person_hash: str


@dataclass(frozen=True, kw_only=True)
class CorrectionProposed(Event):
    """A person proposes a correction."""

    NAME: ClassVar[str] = "reservation.correction_proposed.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
    registry: str
    person_hash: str
