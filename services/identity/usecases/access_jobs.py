"""What happens to somebody's access by the calendar: jobs by name, and the runs of each day."""

from __future__ import annotations

from collections.abc import Mapping

from services.identity.store.store import Store
from services.identity.usecases.accounts import END_JOB, TELL_END_JOB
from services.identity.usecases.advance_reviews import advance_reviews
from services.identity.usecases.end_overdue_role import end_overdue_role
from services.identity.usecases.lock_idle_accounts import lock_idle_accounts
from services.identity.usecases.messages import Messages
from services.identity.usecases.open_reviews import open_reviews
from services.identity.usecases.send_digests import send_digests
from services.identity.usecases.tell_role_end import tell_role_end
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.cron import Cron
from shared.scheduling.jobs import JobFunction

DIGEST_JOB, IDLE_JOB, REVIEW_JOB = "send_digests", "lock_idle_accounts", "review_access"
# In the morning in Oslo, so that e-mails come when somebody is at work.
ACCESS_CRONS = (Cron(IDLE_JOB, "30 6 * * *"), Cron(REVIEW_JOB, "0 7 * * *"), Cron(DIGEST_JOB, "15 7 * * *"))


def access_jobs(messages: Messages, uow: UnitOfWork[Store]) -> Mapping[str, JobFunction]:
    """Each may run twice, be it together or after a break: what is done is written down with its effects."""
    return {
        END_JOB: lambda given: end_overdue_role(given["role_id"], uow=uow),
        TELL_END_JOB: lambda given: tell_role_end(given["role_id"], messages=messages, uow=uow),
        DIGEST_JOB: lambda _: send_digests(messages=messages, uow=uow),
        IDLE_JOB: lambda _: lock_idle_accounts(messages=messages, uow=uow),
        REVIEW_JOB: lambda _: _review(messages, uow),
    }


def _review(messages: Messages, uow: UnitOfWork[Store]) -> None:
    advance_reviews(messages=messages, uow=uow)
    open_reviews(messages=messages, uow=uow)
