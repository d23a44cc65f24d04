"""What a transaction tells and notes: gathered while it runs, written in few statements before it is committed."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from shared.audit.log import Access, append
from shared.contracts.event import Event, dump
from shared.db.direct import run
from shared.db.types import UtcDateTime
from shared.outbox.tables import KitTables

_COLUMNS = "event_id, name, aggregate, version, body, time, correlation_id, traceparent"
_COUNT_ON = " ON CONFLICT (aggregate) DO UPDATE SET version = aggregate_version.version + excluded.version"
_LONGEST_CORRELATION = 64


def _timed(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("now", type_=UtcDateTime))


# `back` counts from an aggregate's last event of this transaction to its first. The row of aggregate_version is locked
# until the commit, so versions and commits of an aggregate have the same order.
_POSTGRESQL = _timed(
    "WITH e AS (SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(seq int, event_id text, name text,"
    " aggregate text, back int, body jsonb, correlation_id text, traceparent text)),"
    " v AS (INSERT INTO aggregate_version (aggregate, version)"
    " SELECT aggregate, count(*) FROM e GROUP BY aggregate ORDER BY aggregate ON CONFLICT (aggregate)"
    " DO UPDATE SET version = aggregate_version.version + excluded.version RETURNING aggregate, version)"
    " INSERT INTO outbox (event_id, name, aggregate, version, body, time, correlation_id, traceparent)"
    " SELECT event_id, name, aggregate, v.version - back, body, :now, correlation_id, traceparent"
    " FROM e JOIN v USING (aggregate) ORDER BY seq"
)


def _field(name: str) -> str:
    return f"json_extract(e.value, '$.{name}')"


_SQLITE = (
    text(
        f"INSERT INTO aggregate_version (aggregate, version) SELECT {_field('aggregate')}, count(*)"  # noqa: S608
        f" FROM json_each(:rows) AS e WHERE true GROUP BY 1{_COUNT_ON}"
    ),
    _timed(
        f"INSERT INTO outbox ({_COLUMNS}) SELECT {_field('event_id')}, {_field('name')}, v.aggregate,"  # noqa: S608
        f" v.version - {_field('back')}, {_field('body')}, :now, {_field('correlation_id')}, {_field('traceparent')}"
        f" FROM json_each(:rows) AS e JOIN aggregate_version AS v ON v.aggregate = {_field('aggregate')} ORDER BY e.key"
    ),
)


@dataclass
class Pending:
    """Events and log entries of one transaction that are not yet written."""

    events: list[tuple[Event, str, str | None]] = field(default_factory=list)
    entries: list[Access] = field(default_factory=list)
    has_news: bool = False  # the transaction leaves something for the relay or the job runner

    def tell(self, event: Event, correlation_id: str, traceparent: str | None) -> None:
        """Add an event to the outbox."""
        self.events.append((event, correlation_id[:_LONGEST_CORRELATION], traceparent))
        self.has_news = True

    def write(self, session: Session, kit: KitTables, now: datetime) -> None:
        """Write everything into the open transaction, the log's chain last."""
        if self.events:
            rows = orjson.dumps(self._rows()).decode()
            if session.get_bind().dialect.name == "sqlite":
                session.execute(_SQLITE[0], {"rows": rows})
                session.execute(_SQLITE[1], {"rows": rows, "now": now})
            else:
                run(session.connection(), _POSTGRESQL, {"rows": rows, "now": now})
            self.events.clear()
        if self.entries:
            append(session, kit.audit, now, self.entries)
            self.entries.clear()

    def _rows(self) -> list[Mapping[str, Any]]:
        left = Counter(event.aggregate_id for event, _, _ in self.events)
        rows: list[Mapping[str, Any]] = []
        for number, (event, correlation_id, traceparent) in enumerate(self.events):
            aggregate = event.aggregate_id
            left[aggregate] -= 1
            row = {"seq": number, "event_id": str(uuid.uuid4()), "name": event.NAME, "aggregate": aggregate}
            origin = {"correlation_id": correlation_id, "traceparent": traceparent}
            rows.append({**row, **origin, "back": left[aggregate], "body": dump(event)})
        return rows
