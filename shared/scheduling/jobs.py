"""Durable jobs: written with the change that needs them, run once each by any worker, tried again with pauses."""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.db.database import Database
from shared.db.errors import DatabaseUnavailable
from shared.observability.faults import crash_point
from shared.observability.log import bound_correlation, get_logger
from shared.scheduling.clock import Clock
from shared.scheduling.cron import Cron, due_run
from shared.scheduling.tables import SchedulingTables

JobFunction = Callable[[Mapping[str, Any]], object]  # what it gives back is nobody's
_LEASE = timedelta(minutes=5)
_MOST_ATTEMPTS = 12
_LONGEST_PAUSE, _BREATH_SECONDS = 3600.0, 0.02
_log = get_logger(__name__)


class JobWaits(Exception):  # noqa: N818 - a job says so itself
    """Raised by a job that cannot be done yet; it is tried later and never counts as failed."""


class JobRefused(Exception):  # noqa: N818 - says what happened
    """Raised by a job that another try cannot help; it counts as failed at once, until somebody retries it."""


@dataclass(frozen=True)
class _Taken:
    job_id: int
    name: str
    arguments: Mapping[str, Any]
    attempts: int
    correlation_id: str


def enqueue(
    session: Session,
    tables: SchedulingTables,
    name: str,
    *,
    key: str,
    due_at: datetime,
    arguments: Mapping[str, Any],
    correlation_id: str = "",
) -> None:
    """Write a job into the open transaction; a second one with the same key changes nothing."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = {"name": name, "key": key, "arguments": dict(arguments), "due_at": due_at, "attempts": 0}
    session.execute(
        dialect.insert(tables.job)
        .values(**row, correlation_id=correlation_id)
        .on_conflict_do_nothing(index_elements=["key"])
    )


class JobRunner:
    """Takes due jobs and daily runs of one service; any number of runners may work side by side."""

    def __init__(
        self,
        database: Database,
        tables: SchedulingTables,
        clock: Clock,
        jobs: Mapping[str, JobFunction],
        crons: Sequence[Cron] = (),
    ) -> None:
        self._database, self._tables, self._clock = database, tables, clock
        self._jobs, self._crons = jobs, crons

    def run_due(self, limit: int = 50) -> int:
        """Enqueue what the calendar asks for, run what is due, and return how many jobs were tried."""
        for cron in self._crons:
            self._claim_run(cron)
        tried = 0
        while tried < limit and (job := self._take()) is not None:
            self._run(job)
            tried += 1
        return tried

    def run_forever(self, stop: threading.Event, wake: threading.Event, pause: float = 1.0) -> None:
        """Run until told to stop; woken by this process's commits, else looking once a `pause` (seconds)."""
        while not stop.is_set():
            wake.clear()
            try:
                if not self.run_due() and wake.wait(pause):
                    stop.wait(_BREATH_SECONDS)  # the events of the same commit go first
            except DatabaseUnavailable:
                stop.wait(pause)

    def retry(self, job_id: int) -> None:
        """Let a failed job be tried again from the start."""
        job = self._tables.job
        with self._database.transaction() as session:
            change = {"failed_at": None, "error": None, "attempts": 0, "due_at": self._clock.now()}
            session.execute(update(job).where(job.c.job_id == job_id).values(**change))

    def _claim_run(self, cron: Cron) -> None:
        run, job_name = self._tables.cron_run, cron.name
        with self._database.reading() as session:
            last = session.scalar(select(run.c.due_at).where(run.c.name == job_name).order_by(run.c.due_at.desc()))
        due_at = due_run(cron, last, self._clock.now())
        if due_at is None:
            return
        with self._database.transaction() as session:
            if self._is_claimed(session, job_name, due_at) and last is not None:
                key = f"cron:{job_name}:{due_at.isoformat()}"
                arguments = {"due_at": due_at.isoformat()}
                enqueue(session, self._tables, job_name, key=key, due_at=due_at, arguments=arguments)

    def _is_claimed(self, session: Session, name: str, due_at: datetime) -> bool:
        """Write down that a run has begun; False when another runner has."""
        run = self._tables.cron_run
        dialect = sqlite if self._database.is_sqlite else postgresql
        claim = dialect.insert(run).values(name=name, due_at=due_at, started_at=self._clock.now())
        # A row count would not do: PostgreSQL's driver tells none here.
        return session.execute(claim.on_conflict_do_nothing().returning(run.c.name)).first() is not None

    def _take(self) -> _Taken | None:
        job, now = self._tables.job, self._clock.now()
        free = (job.c.leased_until.is_(None)) | (job.c.leased_until < now)
        query = select(job).where(job.c.finished_at.is_(None), job.c.failed_at.is_(None), job.c.due_at <= now, free)
        query = query.order_by(job.c.due_at, job.c.job_id).limit(1)
        with self._database.reading() as session:  # idle runners must not queue for the right to write
            if session.execute(query).first() is None:
                return None
        with self._database.transaction() as session:
            row = session.execute(query.with_for_update(skip_locked=True)).mappings().first()
            if row is None:
                return None
            change = {"leased_until": now + _LEASE, "attempts": row["attempts"] + 1}
            session.execute(update(job).where(job.c.job_id == row["job_id"]).values(**change))
        return _Taken(row["job_id"], row["name"], row["arguments"], row["attempts"] + 1, row["correlation_id"])

    def _run(self, taken: _Taken) -> None:
        try:
            with bound_correlation(taken.correlation_id):
                self._jobs[taken.name](taken.arguments)
                crash_point("job.before_finish")
        except JobWaits as waits:
            self._put_back(taken, str(waits), counts=False)
        except JobRefused as refused:
            self._change(taken, failed_at=self._clock.now(), leased_until=None, error=str(refused))
            _log.error("job refused", job=taken.name, job_id=taken.job_id, error=str(refused))
        except Exception as error:  # noqa: BLE001 - whatever a job raises, its row must tell
            self._put_back(taken, type(error).__name__, counts=True)
            _log.warning(
                "job failed", job=taken.name, job_id=taken.job_id, attempt=taken.attempts, error=repr(type(error))
            )
        else:
            self._change(taken, finished_at=self._clock.now(), leased_until=None, error=None)

    def _put_back(self, taken: _Taken, error: str, *, counts: bool) -> None:
        now = self._clock.now()
        if counts and taken.attempts >= _MOST_ATTEMPTS:
            self._change(taken, failed_at=now, leased_until=None, error=error)
            return
        pause = min(_LONGEST_PAUSE, 2.0 ** min(taken.attempts, 11)) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter
        attempts = taken.attempts if counts else max(0, taken.attempts - 1)
        due_at = now + timedelta(seconds=pause if counts else min(pause, 15.0))
        self._change(taken, due_at=due_at, leased_until=None, error=error, attempts=attempts)

    def _change(self, taken: _Taken, **values: object) -> None:
        job = self._tables.job
        with self._database.transaction() as session:
            session.execute(update(job).where(job.c.job_id == taken.job_id).values(**values))
