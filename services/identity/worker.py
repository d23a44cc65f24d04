"""Identity's worker: relay, consumer, jobs and daily runs. Alone: `python -m services.identity.worker`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from services.identity.app import NAME, Parts, build
from services.identity.gateways.client_channel import HttpClientChannel
from services.identity.gateways.clients import own_secret
from services.identity.gateways.mail_gateway import SmtpGateway
from services.identity.gateways.sms_gateway import HttpSmsGateway
from services.identity.handlers import HANDLERS
from services.identity.settings import Settings
from services.identity.store.tables import KIT
from services.identity.usecases.access_jobs import ACCESS_CRONS, access_jobs
from services.identity.usecases.apply_for_user import WARN_JOB
from services.identity.usecases.ask_for_link import LINK_JOB
from services.identity.usecases.clean_up import remove_what_is_over, rotate_keys
from services.identity.usecases.deliver_message import deliver_message
from services.identity.usecases.expire_lost_phones import expire_lost_phones
from services.identity.usecases.messages import SEND_JOB
from services.identity.usecases.send_link import send_link
from services.identity.usecases.sessions import TELL_JOB
from services.identity.usecases.tell_client import tell_client
from services.identity.usecases.warn_owners import warn_owners
from shared.bus.worker import Worker
from shared.scheduling.cron import Cron
from shared.scheduling.jobs import JobFunction, JobRunner
from shared.web.housekeeping import purge_web_tables
from shared.web.worker_process import run_workers

CRONS = (Cron("clean_up", "17 * * * *"), Cron("rotate_keys", "5 * * * *"), *ACCESS_CRONS)


def make_worker(settings: Settings, parts: Parts | None = None) -> Worker:
    """The worker of this service."""
    parts = parts or build(settings)
    uow = parts.means.uow
    runner = JobRunner(uow.database, KIT.scheduling, uow.clock, jobs(settings, parts), CRONS)
    return Worker(NAME, settings.bus_url, uow, HANDLERS, runner, parts.alarm)


def jobs(settings: Settings, parts: Parts) -> dict[str, JobFunction]:
    """What the jobs of identity do, by name."""
    means = parts.means
    outside = settings.outside
    sms = HttpSmsGateway(
        outside.sms_url, user="identity", secret=own_secret(settings.keys_dir), sender=outside.sms_sender
    )
    mail = SmtpGateway(
        outside.smtp_host,
        outside.smtp_port,
        sender=outside.mail_sender,
        starttls=outside.smtp_starttls,
        clock=means.clock,
    )
    channel = HttpClientChannel(parts.clients)
    return {
        SEND_JOB: lambda given: deliver_message(
            given["message_id"], seals=means.seals, sms=sms, mail=mail, uow=means.uow
        ),
        WARN_JOB: lambda given: warn_owners(given["application_id"], messages=means.messages, uow=means.uow),
        LINK_JOB: lambda given: send_link(given["user_name_hash"], messages=means.messages, uow=means.uow),
        TELL_JOB: lambda given: tell_client(
            given["notice_id"], issuer=means.issuer, signer=means.signer, channel=channel, uow=means.uow
        ),
        "clean_up": _clean_up(parts),
        "rotate_keys": lambda _: rotate_keys(keys=parts.keys),
        **access_jobs(means.messages, means.uow),
    }


def _clean_up(parts: Parts) -> Callable[[Mapping[str, Any]], None]:
    def clean_up(_: Mapping[str, Any]) -> None:
        remove_what_is_over(uow=parts.means.uow)
        expire_lost_phones(messages=parts.means.messages, uow=parts.means.uow)
        purge_web_tables(parts.means.database, parts.means.clock)

    return clean_up


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    run_workers(NAME, [make_worker(Settings.from_env(os.environ))])


if __name__ == "__main__":
    main()
