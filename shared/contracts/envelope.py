"""The envelope around an event: CloudEvents 1.0 with version, correlation and trace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.contracts.event import Event, MalformedEvent, dump, load

# As long as the columns that keep them.
LONGEST_ID, LONGEST_NAME, LONGEST_CORRELATION, LONGEST_TRACE = 36, 80, 64, 200


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event on its way. `version` counts the events of the aggregate from 1 without gaps."""

    id: str
    event: Event
    version: int
    time: datetime
    correlation_id: str
    traceparent: str | None = None

    @property
    def name(self) -> str:
        """The event's name, which is also its routing key."""
        return self.event.NAME

    @property
    def source(self) -> str:
        """The service that tells it."""
        return self.event.producer


def to_cloudevent(envelope: Envelope) -> dict[str, Any]:
    """The envelope as a CloudEvents 1.0 JSON object."""
    body = {
        "specversion": "1.0",
        "id": envelope.id,
        "source": f"/{envelope.source}",
        "type": envelope.name,
        "subject": envelope.event.aggregate_id,
        "time": envelope.time.astimezone(UTC).isoformat(),
        "datacontenttype": "application/json",
        "data": dump(envelope.event),
        "aggregateversion": envelope.version,
        "correlationid": envelope.correlation_id,
    }
    return body if envelope.traceparent is None else {**body, "traceparent": envelope.traceparent}


def from_cloudevent(body: Mapping[str, Any]) -> Envelope:
    """Read an envelope; raises UnknownEvent or MalformedEvent."""
    try:
        moment = datetime.fromisoformat(body["time"])
        envelope = Envelope(
            id=_text(body["id"], LONGEST_ID),
            event=load(_text(body["type"], LONGEST_NAME), body["data"]),
            version=body["aggregateversion"],
            time=moment.astimezone(UTC),
            correlation_id=_text(body["correlationid"], LONGEST_CORRELATION),
            traceparent=_text(body["traceparent"], LONGEST_TRACE) if "traceparent" in body else None,
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise MalformedEvent("envelope") from error
    if moment.tzinfo is None or not envelope.id or type(envelope.version) is not int or envelope.version < 1:
        raise MalformedEvent("envelope")
    _check_fit(body, envelope.event)
    return envelope


def _check_fit(body: Mapping[str, Any], event: Event) -> None:
    told = (body.get("specversion"), body.get("source"), body.get("subject"))
    if told != ("1.0", f"/{event.producer}", event.aggregate_id) or len(event.aggregate_id) > LONGEST_NAME:
        raise MalformedEvent("envelope does not fit its event")


def _text(value: Any, longest: int) -> str:
    if type(value) is not str or len(value) > longest:
        raise TypeError
    return value
