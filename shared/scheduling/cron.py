"""Daily runs by the calendar of Oslo: once each, and after downtime once for all that were missed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cronsim import CronSim

from shared.scheduling.clock import OSLO

_LOOK_BACK = timedelta(days=400)


@dataclass(frozen=True)
class Cron:
    """A job of this name by a cron expression reckoned in Europe/Oslo, such as "30 16 * * *"."""

    name: str
    expression: str


def due_run(cron: Cron, last: datetime | None, now: datetime) -> datetime | None:
    """The newest moment due after `last` and not after `now`, in UTC; without a `last` the count starts at `now`."""
    if last is None:
        return now
    start = max(last, now - _LOOK_BACK).astimezone(OSLO)
    newest = None
    for moment in CronSim(cron.expression, start):
        at = moment.astimezone(UTC)
        if at > now:
            return newest
        newest = at
    return newest
