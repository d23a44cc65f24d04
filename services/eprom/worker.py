"""Eprom's worker: relay, consumer, jobs and daily runs. Alone: `python -m services.eprom.worker`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime

import requests

from services.eprom.app import NAME, Parts, build
from services.eprom.domain.outside_orders import OUTSIDE_EXPIRY_JOB, OUTSIDE_NEWS_JOB
from services.eprom.domain.schedule import Schedule
from services.eprom.gateways.digipost import Digipost
from services.eprom.gateways.digipost_line import DigipostLine
from services.eprom.gateways.email_sms import EmailSms
from services.eprom.gateways.helsenorge import SCOPE as TASK_SCOPE
from services.eprom.gateways.helsenorge import Helsenorge, Sender
from services.eprom.gateways.mail import Mail
from services.eprom.gateways.national_orders import NationalEprom
from services.eprom.gateways.orderers import OrdererLines
from services.eprom.gateways.outside import outside_http
from services.eprom.gateways.paper import Paper, Writer
from services.eprom.gateways.sms import Sms
from services.eprom.handlers import HANDLERS
from services.eprom.pages import TRANSLATIONS
from services.eprom.settings import Outside, Settings
from services.eprom.store.tables import KIT
from services.eprom.usecases.log_in_code import forget_old_codes
from services.eprom.usecases.messages import BATCH_JOB, REMIND_JOB, SEND_JOB
from services.eprom.usecases.national_ledger import OrderLedger
from services.eprom.usecases.national_news import close_untold
from services.eprom.usecases.outside_news import Couriers, tell_orderer
from services.eprom.usecases.outside_orders import expire_outside_order
from services.eprom.usecases.ports import Channel, PostalAddress
from services.eprom.usecases.send_form import Post, Words, send_form, send_forms
from services.eprom.usecases.sweep import dispatch, lock_overdue, remind
from shared.auth.credentials import client_key, client_secret
from shared.auth.helseid import HelseId
from shared.bus.worker import Worker
from shared.environment import SettingsError
from shared.scheduling.cron import Cron
from shared.scheduling.jobs import JobFunction, JobRunner
from shared.web.housekeeping import purge_web_tables
from shared.web.texts import kit_texts
from shared.web.worker_process import run_workers

# Reminders go out in the morning after the last day to answer; the lock falls when a day is over.
CRONS = (
    Cron("remind_due", "0 9 * * *"),
    Cron("lock_overdue", "5 * * * *"),
    Cron("close_untold", "35 * * * *"),
    Cron("clean_up", "47 * * * *"),
    Cron("forget_codes", "52 * * * *"),
)


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
    couriers = Couriers(OrdererLines(parts.http or outside_http()), means.claims, means.link_key)
    found: dict[str, JobFunction] = {
        SEND_JOB: lambda given: send_form(given["order_id"], given["kind"], post=post, uow=uow),
        REMIND_JOB: lambda given: send_form(given["order_id"], given["kind"], post=post, uow=uow),
        BATCH_JOB: lambda given: send_forms(given["order_ids"], given["kind"], post=post, uow=uow),
        "remind_due": lambda _: remind(schedules=means.schedules, uow=uow),
        "lock_overdue": lambda _: lock_overdue(schedules=means.schedules, uow=uow),
        OUTSIDE_NEWS_JOB: lambda given: tell_orderer(given["order_id"], given["state"], couriers=couriers, uow=uow),
        OUTSIDE_EXPIRY_JOB: lambda given: expire_outside_order(given["order_id"], uow=uow),
        "close_untold": lambda _: close_untold(schedules=means.schedules, uow=uow),
        "clean_up": lambda _: purge_web_tables(means.database, means.clock),
        "forget_codes": lambda _: forget_old_codes(uow=uow),
    }
    return found | {_dispatch_name(key): _dispatch(key, parts) for key in means.schedules}


def _dispatches(parts: Parts) -> tuple[Cron, ...]:
    schedules = parts.means.schedules.items()
    return tuple(Cron(_dispatch_name(key), f"{told.at.minute} {told.at.hour} * * *") for key, told in schedules)


def _dispatch_name(registry: str) -> str:
    return f"dispatch_{registry}"


def _dispatch(registry: str, parts: Parts) -> JobFunction:
    means = parts.means
    return lambda given: dispatch(
        registry, datetime.fromisoformat(given["due_at"]), schedules=means.schedules, uow=means.uow
    )


def _post(settings: Settings, parts: Parts) -> Post:
    means, texts = parts.means, kit_texts([TRANSLATIONS])

    def words(kind: str, language: str) -> Words:
        return Words(*(texts.text(f"message.{kind}.{part}", language) for part in ("title", "text", "button")))

    return Post(
        recipients=means.recipients,
        contacts=means.codes.contacts,
        channels=_by_name(_channels(settings, parts), means.schedules),
        link_key=means.link_key,
        link_url=lambda token: f"{settings.public_url}/s/{token}",
        words=words,
        schedule=means.schedules.__getitem__,
    )


def _by_name(channels: tuple[Channel, ...], schedules: Mapping[str, Schedule]) -> dict[str, Channel]:
    """The channels by name; a registry that names one nobody has set up keeps the worker from starting."""
    found = {channel.name: channel for channel in channels}
    missing = {name for schedule in schedules.values() for name in schedule.channels} - found.keys()
    if missing:
        raise SettingsError(f"channels without address or key: {', '.join(sorted(missing))}")
    return found


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
    line = DigipostLine(outside.digipost_url, sender_id=outside.digipost_id, private_key=key, http=http, clock=clock)
    return (
        Helsenorge(outside.helsenorge_url, tokens, Sender(outside.sender_name, outside.sender_number)),
        Digipost(line),
        EmailSms(mail, sms),
        Paper(line, parts.addresses, Writer(outside.sender_name, _return_address(outside), settings.public_url)),
        *_national(outside, parts, http),
    )


def _return_address(outside: Outside) -> PostalAddress:
    return PostalAddress(outside.return_name, outside.return_line, outside.return_postcode, outside.return_city)


def _national(outside: Outside, parts: Parts, http: requests.Session) -> tuple[Channel, ...]:
    """The national ePROM, where its address and our key there are told."""
    means, key = parts.means, parts.means.national_key
    if not outside.national_url or key is None:
        return ()
    return (NationalEprom(outside.national_url, key=key, ledger=OrderLedger(means.uow), http=http),)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    run_workers(NAME, [make_worker(Settings.from_env(os.environ))])


if __name__ == "__main__":
    main()
