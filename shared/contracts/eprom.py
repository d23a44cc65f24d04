"""Events: what eprom tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.event import Event


@dataclass(frozen=True, kw_only=True)
class FormOrdered(Event):
    """A patient form was ordered."""

    NAME: ClassVar[str] = "eprom.form_ordered.v1"
    AGGREGATE: ClassVar[str] = "order"
    AGGREGATE_FIELD: ClassVar[str] = "order_id"
    order_id: str
    course_id: int
    pid: int
    form: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class FormSent(Event):
    """A patient form was sent."""

    NAME: ClassVar[str] = "eprom.form_sent.v1"
    AGGREGATE: ClassVar[str] = "order"
    AGGREGATE_FIELD: ClassVar[str] = "order_id"
    order_id: str
    course_id: int
    pid: int
    form: str
    channel: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReminderSent(Event):
    """The one reminder was sent."""

    NAME: ClassVar[str] = "eprom.reminder_sent.v1"
    AGGREGATE: ClassVar[str] = "order"
    AGGREGATE_FIELD: ClassVar[str] = "order_id"
    order_id: str
    course_id: int
    pid: int
    form: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class FormAnswered(Event):
    """A patient has submitted; the answers can be fetched."""

    NAME: ClassVar[str] = "eprom.form_answered.v1"
    AGGREGATE: ClassVar[str] = "order"
    AGGREGATE_FIELD: ClassVar[str] = "order_id"
    order_id: str
    course_id: int
    pid: int
    form: str
    definition_version: int
    answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class FormExpired(Event):
    """Nobody answered in time."""

    NAME: ClassVar[str] = "eprom.form_expired.v1"
    AGGREGATE: ClassVar[str] = "order"
    AGGREGATE_FIELD: ClassVar[str] = "order_id"
    order_id: str
    course_id: int
    pid: int
    form: str
    reason: int


@dataclass(frozen=True, kw_only=True)
class FormStopped(Event):
    """The order was stopped before an answer came."""

    NAME: ClassVar[str] = "eprom.form_stopped.v1"
    AGGREGATE: ClassVar[str] = "order"
    AGGREGATE_FIELD: ClassVar[str] = "order_id"
    order_id: str
    course_id: int
    pid: int
    form: str
    reason: int | None


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(Event):
    """No channel took the message; `code` tells why, in eprom's words for what is in the way."""

    NAME: ClassVar[str] = "eprom.delivery_failed.v1"
    AGGREGATE: ClassVar[str] = "order"
    AGGREGATE_FIELD: ClassVar[str] = "order_id"
    order_id: str
    course_id: int
    pid: int
    form: str
    channel: str
    code: str


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """Everything about the person of this case is erased here."""

    NAME: ClassVar[str] = "eprom.person_erased.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str


@dataclass(frozen=True, kw_only=True)
class AccessPartReady(Event):
    """Eprom's part of an access answer can be fetched."""

    NAME: ClassVar[str] = "eprom.access_part_ready.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
