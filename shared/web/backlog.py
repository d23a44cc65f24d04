"""What waits in a service's database, counted when somebody asks for the metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.db.database import Database
from shared.db.errors import DatabaseUnavailable
from shared.outbox.tables import KitTables
from shared.scheduling.clock import Clock

HELP = {
    "outbox_rows": "Events not yet told.",
    "outbox_oldest_seconds": "How long the oldest event has waited to be told.",
    "inbox_parked_rows": "Events that wait for an earlier one.",
    "jobs_due": "Jobs whose time has come.",
    "jobs_failed": "Jobs given up.",
}


class Backlog(Collector):
    """The backlog of one service as gauges; nothing when its database does not answer."""

    def __init__(self, service: str, database: Database, kit: KitTables, clock: Clock) -> None:
        self._service, self._database, self._kit, self._clock = service, database, kit, clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count now."""
        try:
            with self._database.reading() as session:
                found = dict(self._count(session))
        except DatabaseUnavailable:
            return
        for name, value in found.items():
            gauge = GaugeMetricFamily(name, HELP[name], labels=["service"])
            gauge.add_metric([self._service], value)
            yield gauge

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Name the gauges without asking the database."""
        return [GaugeMetricFamily(name, text, labels=["service"]) for name, text in HELP.items()]

    def _count(self, session: Session) -> Iterator[tuple[str, float]]:
        outbox, parked, job = self._kit.outbox.outbox, self._kit.outbox.inbox_parked, self._kit.scheduling.job
        now = self._clock.now()
        yield "outbox_rows", session.scalar(select(func.count()).select_from(outbox)) or 0
        oldest = session.scalar(select(outbox.c.time).order_by(outbox.c.position).limit(1))
        yield "outbox_oldest_seconds", _seconds(now, oldest)
        yield "inbox_parked_rows", session.scalar(select(func.count()).select_from(parked)) or 0
        due = select(func.count()).where(job.c.finished_at.is_(None), job.c.failed_at.is_(None), job.c.due_at <= now)
        yield "jobs_due", session.scalar(due) or 0
        yield "jobs_failed", session.scalar(select(func.count()).where(job.c.failed_at.is_not(None))) or 0


def _seconds(now: datetime, oldest: datetime | None) -> float:
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
