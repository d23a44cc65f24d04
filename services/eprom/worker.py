"""Eprom's worker: relay, consumer, jobs and daily runs. Alone: `python -m services.eprom.worker`."""

from __future__ import annotations

import os
from datetime import datetime

from services.eprom.app import NAME, Parts, build
from services.eprom.gateways.contact_register import SCOPE as CONTACT_SCOPE
from services.eprom.gateways.contact_register import Krr
from services.eprom.gateways.digipost import Digipost
from services.eprom.gateways.email_sms import EmailSms
from services.eprom.gateways.helsenorge import SCOPE as TASK_SCOPE
from services.eprom.gateways.helsenorge import Helsenorge, Sender
from services.eprom.gateways.mail import Mail
from services.eprom.gateways.maskinporten import Maskinporten
from services.eprom.gateways.outside import outside_http
from services.eprom.gateways.sms import Sms
from services.eprom.handlers import HANDLERS
from services.eprom.pages import TRANSLATIONS
from services.eprom.settings import Settings
from services.eprom.store.tables import KIT
from services.eprom.usecases.messages import REMIND_JOB, SEND_JOB
from services.eprom.usecases.ports import Channel, ContactRegister
from services.eprom.usecases.send_form import Post, Words, send_form
from services.eprom.usecases.sweep import dispatch, lock_overdue, remind
from shared.auth.credentials import client_key, client_secret
from shared.auth.helseid import HelseId
from shared.bus.worker import Worker
from shared.scheduling.cron import Cron
from shared.scheduling.jobs import JobFunction, JobRunner
from shared.web.housekeeping import purge_web_tables
from shared.web.texts import kit_texts
from shared.web.worker_process import run_workers

# Reminders go out in the morning after the last day to answer; the lock falls when a day is over.
CRONS = (Cron("remind_due", "0 9 * * *"), Cron("lock_overdue", "5 * * * *"), Cron("clean_up", "47 * * * *"))


def make_worker(settings: Settings, parts: Parts | None = None) -> Worker:
    """The worker of this service."""
    parts = parts or build(settings)
    uow = parts.means.uow
    runner = JobRunner(uow.database, KIT.scheduling, uow.clock, jobs(settings, parts), (*CRONS, *_dispatches(parts)))
    return Worker(NAME, settings.bus_url, uow, HANDLERS, runner, parts.alarm)


def jobs(settings: Settings, parts: Parts) -> dict[str, JobFunction]:
    """What the jobs of eprom do, by name."""
    means, post = parts.means, _post(settings, parts)
    uow = means.uow
    found: dict[str, JobFunction] = {
        SEND_JOB: lambda given: send_form(given["order_id"], given["kind"], post=post, uow=uow),
        REMIND_JOB: lambda given: send_form(given["order_id"], given["kind"], post=post, uow=uow),
        "remind_due": lambda _: remind(uow=uow),
        "lock_overdue": lambda _: lock_overdue(schedules=means.schedules, uow=uow),
        "clean_up": lambda _: purge_web_tables(means.database, means.clock),
    }
    return found | {_dispatch_name(key): _dispatch(key, parts) for key in means.schedules}


def _dispatches(parts: Parts) -> tuple[Cron, ...]:
    schedules = parts.means.schedules.items()
    return tuple(Cron(_dispatch_name(key), f"{told.at.minute} {told.at.hour} * * *") for key, told in schedules)


def _dispatch_name(registry: str) -> str:
    return f"dispatch_{registry}"


def _dispatch(registry: str, parts: Parts) -> JobFunction:
    uow = parts.means.uow
    return lambda given: dispatch(registry, datetime.fromisoformat(given["due_at"]), uow=uow)


def _post(settings: Settings, parts: Parts) -> Post:
    means, texts = parts.means, kit_texts([TRANSLATIONS])

    def words(kind: str, language: str) -> Words:
        return Words(*(texts.text(f"message.{kind}.{part}", language) for part in ("title", "text", "button")))

    return Post(
        recipients=means.recipients,
        contacts=_contacts(settings, parts),
        channels={channel.name: channel for channel in _channels(settings, parts)},
        link_key=means.link_key,
        link_url=lambda token: f"{settings.public_url}/s/{token}",
        words=words,
        schedule=means.schedules.__getitem__,
    )


def _contacts(settings: Settings, parts: Parts) -> ContactRegister:
    outside, http = settings.outside, parts.http or outside_http()
    key, clock = client_key(settings.keys_dir, NAME), parts.means.clock
    issuer = outside.maskinporten_issuer
    return Krr(
        outside.krr_url,
        Maskinporten(issuer, NAME, private_key=key, scope=CONTACT_SCOPE, http=http, clock=clock),
        http,
    )


def _channels(settings: Settings, parts: Parts) -> tuple[Channel, ...]:
    outside, http, clock = settings.outside, parts.http or outside_http(), parts.means.clock
    key, secret = client_key(settings.keys_dir, NAME), client_secret(settings.keys_dir, NAME)
    tokens = HelseId(outside.helseid_issuer, NAME, private_key=key, scope=TASK_SCOPE, clock=clock, http=http)
    mail = Mail(
        outside.smtp_host,
        outside.smtp_port,
        sender=outside.mail_sender,
        starttls=outside.smtp_starttls,
        clock=clock,
    )
    sms = Sms(outside.sms_url, user=NAME, secret=secret, sender=outside.sms_sender, http=http)
    return (
        Helsenorge(outside.helsenorge_url, tokens, Sender(outside.sender_name, outside.sender_number)),
        Digipost(outside.digipost_url, sender_id=outside.digipost_id, private_key=key, http=http, clock=clock),
        EmailSms(mail, sms),
    )


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    run_workers(NAME, [make_worker(Settings.from_env(os.environ))])


if __name__ == "__main__":
    main()
