"""Reservation's worker: relay, consumer, jobs and daily runs. Alone: `python -m services.reservation.worker`."""

from __future__ import annotations

import os

from services.reservation.app import NAME, Parts, build
from services.reservation.handlers import HANDLERS
from services.reservation.settings import Settings
from services.reservation.store.tables import KIT
from services.reservation.usecases.confirm import LETTER_JOB
from services.reservation.usecases.order_letters import order_letters
from services.reservation.usecases.send_letter import send_letter
from shared.bus.worker import Worker
from shared.scheduling.cron import Cron
from shared.scheduling.jobs import JobFunction, JobRunner
from shared.web.housekeeping import purge_web_tables
from shared.web.worker_process import run_workers

CRONS = (Cron("clean_up", "37 * * * *"), Cron("order_letters", "20 6 * * *"))


def make_worker(settings: Settings, parts: Parts | None = None) -> Worker:
    """The worker of this service."""
    parts = parts or build(settings)
    uow = parts.means.uow
    runner = JobRunner(uow.database, KIT.scheduling, uow.clock, jobs(parts), CRONS)
    # Identity is also asked twice a minute who was signed out, in case the bus is down.
    more = {"revocations": parts.feed.run_forever}
    return Worker(NAME, settings.bus_url, uow, HANDLERS, runner, parts.alarm, more)


def jobs(parts: Parts) -> dict[str, JobFunction]:
    """What the jobs of reservation do, by name."""
    means = parts.means
    return {
        LETTER_JOB: lambda given: send_letter(
            given["case_id"],
            mailbox=parts.mailbox,
            numbers=means.numbers,
            registries=means.registries,
            uow=means.uow,
        ),
        "order_letters": lambda _: order_letters(uow=means.uow),
        "clean_up": lambda _: purge_web_tables(means.database, means.clock),
    }


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    run_workers(NAME, [make_worker(Settings.from_env(os.environ))])


if __name__ == "__main__":
    main()
