"""Eprom put together: the only place that knows all its parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import requests
from flask import Flask

from services.eprom.api.answers import answers
from services.eprom.api.attempts import attempts
from services.eprom.api.fhir import fhir
from services.eprom.api.form_orders import form_orders
from services.eprom.api.national_orders import national_orders
from services.eprom.domain.errors import NotFound, RuleBroken
from services.eprom.gateways.claims import RegistrationClaims
from services.eprom.gateways.contact_register import SCOPE as CONTACT_SCOPE
from services.eprom.gateways.contact_register import Krr
from services.eprom.gateways.maskinporten import Maskinporten
from services.eprom.gateways.outside import outside_http
from services.eprom.gateways.recipients import RegistrationRecipients
from services.eprom.gateways.sms import Sms
from services.eprom.pages import TRANSLATIONS, all_pages
from services.eprom.pages.gate import Gate
from services.eprom.settings import Settings
from services.eprom.store.store import Store
from services.eprom.store.tables import KIT, Base
from services.eprom.usecases.log_in_code import CodePost
from services.eprom.usecases.means import Means
from services.eprom.usecases.ports import Addresses, Recipients
from services.eprom.usecases.schedules import schedules
from shared.auth.credentials import client_key, client_secret, helsenorge_key, national_key, web_secret
from shared.auth.policy import Policy
from shared.auth.principal import Kind
from shared.auth.provider import Provider
from shared.auth.service_client import ClientCredentials, ServiceClient
from shared.auth.tokens import TokenChecker
from shared.bus.worker import Alarm
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.db.keyed_hash import KeyedHash
from shared.db.keys import KeyRing, prepare_key_files
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import Clock, make_clock
from shared.web.app import make_app
from shared.web.doors import idporten_door
from shared.web.settings import WebSettings
from shared.web.sign_in import SignIn
from shared.web.texts import kit_texts

NAME = "eprom"
HERE = Path(__file__).parent
LINK_KEYS = "eprom_links.json"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything eprom is made of. `http` is for tests: the session that reaches everybody else."""

    means: Means
    addresses: Addresses
    identity: Provider
    idporten: Provider
    alarm: Alarm
    http: requests.Session | None


def build(settings: Settings, clock: Clock | None = None, *, http: requests.Session | None = None) -> Parts:
    """Put the parts together; raises what makes the settings or key files unusable."""
    clock = clock or make_clock(settings.clock_file)
    if settings.is_own_machine:
        prepare_key_files(settings.keys_dir, (LINK_KEYS,))
    database, alarm = Database(make_engine(settings.database_url), Base.metadata), Alarm()
    identity = Provider(settings.identity_issuer, http=http)
    secret = client_secret(settings.keys_dir, NAME)
    tokens = ClientCredentials(identity, NAME, "registration", clock=clock, secret=secret)
    links = KeyRing.from_file(settings.keys_dir / LINK_KEYS)
    link_key = links.key(links.current_id)
    registration = ServiceClient(settings.registration_url, tokens, http=http)
    known = RegistrationRecipients(registration)
    recipients = RegistrationClaims(registration, known)
    means = Means(
        database=database,
        uow=UnitOfWork(database, Store, KIT, clock=clock, wake=alarm.ring),
        clock=clock,
        recipients=recipients,
        claims=recipients,
        public_url=settings.public_url,
        schedules=schedules(),
        codes=_codes(settings, recipients, link_key, clock, http or outside_http()),
        link_key=link_key,
        national_key=national_key(settings.keys_dir, NAME),
        helsenorge_key=helsenorge_key(settings.keys_dir, NAME),
    )
    idporten = Provider(settings.idporten_issuer, http=http)
    return Parts(means=means, addresses=known, identity=identity, idporten=idporten, alarm=alarm, http=http)


def create_app(settings: Settings, parts: Parts | None = None) -> Flask:
    """Return the web app."""
    parts = parts or build(settings)
    means = parts.means
    app = make_app(
        NAME,
        settings=WebSettings.of(settings, web_secret(settings.keys_dir, NAME), HERE / "pages"),
        policy=Policy.load(HERE / "policy.yaml"),
        database=means.database,
        clock=means.clock,
        kit_tables=KIT,
        blueprints=[all_pages()],
        api_blueprints=[answers, attempts, national_orders, form_orders, fhir],
        token_checker=TokenChecker(settings.identity_issuer, NAME, parts.identity.keys, means.clock),
        sign_in=_door(settings, parts),
        domain_errors={NotFound: 404, RuleBroken: 422},
    )
    app.extensions[NAME] = means
    return app


def _codes(
    settings: Settings, recipients: Recipients, link_key: bytes, clock: Clock, http: requests.Session
) -> CodePost:
    outside, texts = settings.outside, kit_texts([TRANSLATIONS])
    key, secret = client_key(settings.keys_dir, NAME), client_secret(settings.keys_dir, NAME)
    tokens = Maskinporten(
        outside.maskinporten_issuer, NAME, private_key=key, scope=CONTACT_SCOPE, http=http, clock=clock
    )
    return CodePost(
        recipients=recipients,
        contacts=Krr(outside.krr_url, tokens, http, clock),
        sms=Sms(outside.sms_url, user=NAME, secret=secret, sender=outside.sms_sender, http=http),
        hashes=KeyedHash(link_key, "log-in code"),
        link_key=link_key,
        words=lambda code, language: texts.text("code.sms", language, code=code),
    )


def _door(settings: Settings, parts: Parts) -> SignIn:
    gate = Gate(parts.means)
    return SignIn(
        idporten_door(
            Kind.CITIZEN,
            parts.idporten,
            client_id=NAME,
            private_key=client_key(settings.keys_dir, NAME),
            public_url=settings.public_url,
            clock=parts.means.clock,
            principal_of=gate.principal_of,
            remember=gate.remember,
        )
    )
