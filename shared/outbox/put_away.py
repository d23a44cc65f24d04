"""Giving an event up: it counts as handled without its effect, so that those behind it may go on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.outbox.inbox_sql import PostgresqlInbox, SqliteInbox
from shared.outbox.tables import OutboxTables


class NotItsTurn(Exception):  # noqa: N818 - says what is
    """An earlier event of the aggregate is missing; `version` is the one that comes next."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version} comes first")
        self.version = version


@dataclass(frozen=True, kw_only=True)
class Given:
    """The event to give up: where it came from and which of its aggregate it is."""

    event_id: str
    source: str
    aggregate: str
    version: int


def put_away(session: Session, tables: OutboxTables, given: Given, now: datetime) -> Mapping[str, Any] | None:
    """Move the inbox past an event; returns the parked envelope whose turn it then is, if there is one."""
    sql = SqliteInbox() if session.get_bind().dialect.name == "sqlite" else PostgresqlInbox()
    key = (given.source, given.aggregate)
    positions, _ = sql.open(session, [key], {given.event_id}, now)
    if positions[key] < given.version - 1:
        raise NotItsTurn(positions[key] + 1)
    position = max(positions[key], given.version)
    sql.move(session, [(*key, position)])
    parked = tables.inbox_parked
    mine = (parked.c.source == key[0]) & (parked.c.aggregate == key[1]) & (parked.c.version == position + 1)
    envelope: Mapping[str, Any] | None = session.scalar(select(parked.c.envelope).where(mine))
    return envelope
