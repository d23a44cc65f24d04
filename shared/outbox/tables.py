"""Tables of the outbox and the inbox, and the whole kit of a service's database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

from shared.audit.tables import AuditTables
from shared.audit.tables import add_tables as add_audit_tables
from shared.db.base import privacy
from shared.db.types import JsonDocument, UtcDateTime
from shared.scheduling.tables import SERIAL, SchedulingTables
from shared.scheduling.tables import add_tables as add_scheduling_tables

NONE = privacy("none")
# Rows come and go at once, so the default share of the table would never be reached.
_OFTEN_VACUUMED: Mapping[str, Any] = {
    "postgresql_with": {"autovacuum_vacuum_scale_factor": 0.0, "autovacuum_vacuum_threshold": 2000}
}


@dataclass(frozen=True)
class OutboxTables:
    """Tables of one service for what it tells and what it is told."""

    outbox: Table
    event_log: Table
    aggregate_version: Table
    inbox: Table
    inbox_position: Table
    inbox_parked: Table


@dataclass(frozen=True)
class KitTables:
    """All tables that the kit needs in a service's database."""

    outbox: OutboxTables
    audit: AuditTables
    scheduling: SchedulingTables


def add_kit_tables(metadata: MetaData) -> KitTables:
    """Add every kit table to a service's metadata."""
    return KitTables(add_tables(metadata), add_audit_tables(metadata), add_scheduling_tables(metadata))


def add_tables(metadata: MetaData) -> OutboxTables:
    """Add the tables of outbox and inbox."""
    return OutboxTables(
        outbox=_events(metadata, "outbox"),
        event_log=_events(metadata, "event_log"),
        aggregate_version=Table(
            "aggregate_version",
            metadata,
            Column("aggregate", String(80), primary_key=True, info=NONE),
            Column("version", BigInteger, nullable=False, info=NONE),
        ),
        **_inbox_tables(metadata),
    )


def _inbox_tables(metadata: MetaData) -> dict[str, Table]:
    return {
        "inbox": Table(
            "inbox",
            metadata,
            Column("event_id", String(36), primary_key=True, info=NONE),
            Column("handled_at", UtcDateTime, nullable=False, info=NONE),
        ),
        "inbox_position": Table(
            "inbox_position",
            metadata,
            Column("source", String(20), primary_key=True, info=NONE),
            Column("aggregate", String(80), primary_key=True, info=NONE),
            Column("version", BigInteger, nullable=False, info=NONE),
        ),
        "inbox_parked": Table(
            "inbox_parked",
            metadata,
            Column("source", String(20), primary_key=True, info=NONE),
            Column("aggregate", String(80), primary_key=True, info=NONE),
            Column("version", BigInteger, primary_key=True, autoincrement=False, info=NONE),
            Column("envelope", JsonDocument, nullable=False, info=NONE),
            Column("parked_at", UtcDateTime, nullable=False, info=NONE),
        ),
    }


def _events(metadata: MetaData, name: str) -> Table:
    waiting = name == "outbox"
    table = Table(
        name,
        metadata,
        Column("position", SERIAL, primary_key=True, autoincrement=waiting, info=NONE),
        Column("event_id", String(36), nullable=False, unique=not waiting, info=NONE),
        Column("name", String(80), nullable=False, info=NONE),
        Column("aggregate", String(80), nullable=False, info=NONE),
        Column("version", Integer, nullable=False, info=NONE),
        Column("body", JsonDocument, nullable=False, info=NONE),
        Column("time", UtcDateTime, nullable=False, info=NONE),
        Column("correlation_id", String(64), nullable=False, info=NONE),
        Column("traceparent", Text, info=NONE),
        sqlite_autoincrement=waiting,
        **(_OFTEN_VACUUMED if waiting else {}),
    )
    if not waiting:  # rows of the outbox live for milliseconds; every index there would only slow the writers
        Index(f"ix_{name}_aggregate", table.c.aggregate, table.c.version)
    return table
