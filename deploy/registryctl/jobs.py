"""`jobs list|run`: work with the outside that waits, or was given up."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from deploy.registryctl.desk import CannotDo, Desk
from deploy.registryctl.tables import print_table


def list_jobs(desk: Desk, given: Namespace) -> int:
    """Print the jobs that are not finished, or only those that were given up."""
    job = desk.worker.uow.kit.scheduling.job
    query = select(job).where(job.c.finished_at.is_(None)).order_by(job.c.due_at, job.c.job_id).limit(given.limit)
    if given.failed:
        query = query.where(job.c.failed_at.is_not(None))
    with desk.worker.uow.database.reading() as session:
        rows = session.execute(query).all()
    now = desk.worker.uow.clock.now()
    print_table(
        ("job", "name", "due", "attempts", "state", "error"),
        [(r.job_id, r.name, r.due_at.isoformat(timespec="seconds"), r.attempts, _state(r, now), r.error) for r in rows],
    )
    return 0


def run_job(desk: Desk, given: Namespace) -> int:
    """Make a job due, from its first attempt on, and run what is due here and now."""
    row = _read(desk, given.id)
    if row.finished_at is not None:
        raise CannotDo(f"Job {given.id} is finished.")
    desk.note(f"job {given.id}", {"act": "run", "name": row.name, "error": row.error})
    desk.worker.jobs.retry(given.id)
    while desk.worker.jobs.run_due():
        pass
    row = _read(desk, given.id)
    state = _state(row, desk.worker.uow.clock.now())
    print(f"Job {given.id}, {row.name}: {state}{f', {row.error}' if row.error else ''}.")
    return 0 if row.finished_at is not None else 1


def _read(desk: Desk, job_id: int) -> Row[Any]:
    job = desk.worker.uow.kit.scheduling.job
    with desk.worker.uow.database.reading() as session:
        row = session.execute(select(job).where(job.c.job_id == job_id)).first()
    if row is None:
        raise CannotDo(f"No job {job_id}.")
    return row


def _state(row: Row[Any], now: datetime) -> str:
    if row.finished_at is not None:
        return "finished"
    if row.failed_at is not None:
        return "given up"
    if row.leased_until is not None and row.leased_until > now:
        return "running"
    return "due" if row.due_at <= now else "waiting"
