"""Release's worker: relay, consumer, jobs and daily runs. Alone: `python -m services.release.worker`."""

from __future__ import annotations

import os

from services.release.app import NAME, Parts, build
from services.release.handlers import HANDLERS
from services.release.settings import Settings
from services.release.store.tables import KIT
from services.release.usecases.call_back import CONFIRM_JOB, confirm_erasure
from services.release.usecases.deliver import FETCH_JOB
from services.release.usecases.keep_files import DISCARD_JOB, expire, fetch_extract
from shared.bus.worker import Worker
from shared.scheduling.cron import Cron
from shared.scheduling.jobs import JobFunction, JobRunner
from shared.web.housekeeping import purge_web_tables
from shared.web.worker_process import run_workers

CRONS = (Cron("clean_up", "27 * * * *"), Cron("expire", "10 * * * *"))


def make_worker(settings: Settings, parts: Parts | None = None) -> Worker:
    """The worker of this service."""
    parts = parts or build(settings)
    uow = parts.means.uow
    runner = JobRunner(uow.database, KIT.scheduling, uow.clock, jobs(parts), CRONS)
    # Identity is also asked twice a minute who was signed out, in case the bus is down.
    more = {"revocations": parts.feed.run_forever}
    return Worker(NAME, settings.bus_url, uow, HANDLERS, runner, parts.alarm, more)


def jobs(parts: Parts) -> dict[str, JobFunction]:
    """What the jobs of release do, by name."""
    means = parts.means
    return {
        FETCH_JOB: lambda given: fetch_extract(
            given["extract_id"], extracts=means.extracts, files=means.files, uow=means.uow
        ),
        DISCARD_JOB: lambda given: means.files.remove(given["extract_id"]),
        CONFIRM_JOB: lambda given: confirm_erasure(**given, files=means.files, uow=means.uow),
        "expire": lambda _: expire(uow=means.uow),
        "clean_up": lambda _: purge_web_tables(means.database, means.clock),
    }


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    run_workers(NAME, [make_worker(Settings.from_env(os.environ))])


if __name__ == "__main__":
    main()
