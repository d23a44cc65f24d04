"""Registration's worker: relay, consumer, jobs and what identity's feed tells. Alone: `python -m ...worker`."""

from __future__ import annotations

import os
from typing import Any

from services.registration.app import NAME, Parts, build
from services.registration.handlers import HANDLERS
from services.registration.settings import Settings
from services.registration.store.tables import KIT
from services.registration.usecases.block_person import CONFIRM_JOB, ERASE_JOB, confirm_erasure, erase_health_data
from services.registration.usecases.drafts import drop_old_drafts
from services.registration.usecases.fetch_answers import fetch_answers
from services.registration.usecases.follow_population import follow_population
from services.registration.usecases.make_extract import make_extract
from services.registration.usecases.note_patient_form import FETCH_JOB
from services.registration.usecases.request_extract import MAKE_JOB, REMOVE_JOB
from shared.bus.worker import Worker
from shared.scheduling.cron import Cron
from shared.scheduling.jobs import JobFunction, JobRunner
from shared.web.housekeeping import purge_web_tables
from shared.web.worker_process import run_workers

CRONS = (
    Cron("clean_up", "37 * * * *"),
    Cron("drop_old_drafts", "12 3 * * *"),
    Cron("follow_population", "* * * * *"),
)


def make_worker(settings: Settings, parts: Parts | None = None) -> Worker:
    """The worker of this service."""
    parts = parts or build(settings)
    uow = parts.means.uow
    runner = JobRunner(uow.database, KIT.scheduling, uow.clock, jobs(parts), CRONS)
    # Identity is also asked twice a minute who was signed out, in case the bus is down.
    more = {"revocations": parts.feed.run_forever}
    return Worker(NAME, settings.bus_url, uow, HANDLERS, runner, parts.alarm, more)


def jobs(parts: Parts) -> dict[str, JobFunction]:
    """What the jobs of registration do, by name."""
    means = parts.means
    given: dict[str, Any] = {"persons": means.persons, "uow": means.uow}
    return {
        "clean_up": lambda _: purge_web_tables(means.database, means.clock),
        "drop_old_drafts": lambda _: drop_old_drafts(means.uow),
        "follow_population": lambda _: follow_population(feed=means.feed, **given),
        ERASE_JOB: lambda told: erase_health_data(**told, **given),
        CONFIRM_JOB: lambda told: confirm_erasure(**told, files=means.files, **given),
        FETCH_JOB: lambda told: fetch_answers(
            told["order_id"],
            answers=means.answers,
            registries=means.registries,
            uow=means.uow,
        ),
        MAKE_JOB: lambda told: make_extract(told["extract_id"], kit=means.extract_kit, uow=means.uow),
        REMOVE_JOB: lambda told: means.files.remove(told["extract_id"]),
    }


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    run_workers(NAME, [make_worker(Settings.from_env(os.environ))])


if __name__ == "__main__":
    main()
