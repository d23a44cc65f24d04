"""The envelope around an event: CloudEvents 1.0 with version, correlation and trace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.contracts.event import Event, MalformedEvent, dump, load


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
        event = load(str(body["type"]), body["data"])
        envelope = Envelope(
            id=str(body["id"]),
            event=event,
            version=int(body["aggregateversion"]),
            time=datetime.fromisoformat(body["time"]).astimezone(UTC),
            correlation_id=str(body.get("correlationid", "")),
            traceparent=body.get("traceparent"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedEvent("envelope") from error
    if body.get("source") != f"/{event.producer}" or body.get("subject") != event.aggregate_id or envelope.version < 1:
        raise MalformedEvent("envelope does not fit its event")
    return envelope
