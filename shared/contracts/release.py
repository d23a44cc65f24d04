"""Events: what release tells."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from shared.contracts.event import Event


@dataclass(frozen=True, kw_only=True)
class ExtractRequested(Event):
    """An approved project needs an extract."""

    NAME: ClassVar[str] = "release.extract_requested.v1"
    AGGREGATE: ClassVar[str] = "extract"
    AGGREGATE_FIELD: ClassVar[str] = "extract_id"
    extract_id: str
    delivery_id: str
    project_id: str
    registry: str
    variables: tuple[str, ...]
    from_on: date
    to_on: date
    organisations: tuple[int, ...]
    recipient_key: str


@dataclass(frozen=True, kw_only=True)
class Delivered(Event):
    """A delivery was downloaded by its recipient."""

    NAME: ClassVar[str] = "release.delivered.v1"
    AGGREGATE: ClassVar[str] = "delivery"
    AGGREGATE_FIELD: ClassVar[str] = "delivery_id"
    delivery_id: str
    project_id: str
    extract_id: str
    delivered_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessExpired(Event):
    """The right to use a delivery is over."""

    NAME: ClassVar[str] = "release.access_expired.v1"
    AGGREGATE: ClassVar[str] = "delivery"
    AGGREGATE_FIELD: ClassVar[str] = "delivery_id"
    delivery_id: str
    project_id: str


@dataclass(frozen=True, kw_only=True)
class ProjectPublished(Event):
    """A project's summary is public."""

    NAME: ClassVar[str] = "release.project_published.v1"
    AGGREGATE: ClassVar[str] = "project"
    AGGREGATE_FIELD: ClassVar[str] = "project_id"
    project_id: str


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """Nothing undelivered holds the person any more; `projects` hold earlier deliveries."""

    NAME: ClassVar[str] = "release.person_erased.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
    projects: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AccessPartReady(Event):
    """Release's part of an access answer can be fetched."""

    NAME: ClassVar[str] = "release.access_part_ready.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
