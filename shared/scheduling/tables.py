"""Tables of durable jobs and daily runs."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, text

from shared.db.base import privacy
from shared.db.types import JsonDocument, UtcDateTime

NONE = privacy("none")
SERIAL = BigInteger().with_variant(Integer, "sqlite")


@dataclass(frozen=True)
class SchedulingTables:
    """The tables of one service."""

    job: Table
    cron_run: Table


def add_tables(metadata: MetaData) -> SchedulingTables:
    """Add the tables to a service's metadata. Arguments of jobs are ids and codes only."""
    job = Table(
        "job",
        metadata,
        Column("job_id", SERIAL, primary_key=True, autoincrement=True, info=NONE),
        Column("name", String(60), nullable=False, info=NONE),
        Column("key", String(200), nullable=False, unique=True, info=NONE),
        Column("arguments", JsonDocument, nullable=False, info=NONE),
        Column("due_at", UtcDateTime, nullable=False, info=NONE),
        Column("attempts", Integer, nullable=False, default=0, info=NONE),
        Column("leased_until", UtcDateTime, info=NONE),
        Column("finished_at", UtcDateTime, info=NONE),
        Column("failed_at", UtcDateTime, info=NONE),
        Column("error", Text, info=NONE),
        Column("correlation_id", String(64), nullable=False, default="", info=NONE),
    )
    unfinished = text("finished_at IS NULL AND failed_at IS NULL")
    Index("ix_job_due", job.c.due_at, sqlite_where=unfinished, postgresql_where=unfinished)
    cron_run = Table(
        "cron_run",
        metadata,
        Column("name", String(60), primary_key=True, info=NONE),
        Column("due_at", UtcDateTime, primary_key=True, info=NONE),
        Column("started_at", UtcDateTime, nullable=False, info=NONE),
    )
    return SchedulingTables(job, cron_run)
