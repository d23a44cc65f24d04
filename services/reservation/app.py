"""Reservation put together: the only place that knows all its parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import requests
from flask import Flask

from services.reservation.domain.errors import NotFound, RuleBroken
from services.reservation.gateways.digipost import Digipost, outside_http
from services.reservation.gateways.registry_folders import load_registries
from services.reservation.pages import all_pages
from services.reservation.pages.own_number import OwnNumber
from services.reservation.settings import Settings
from services.reservation.store.store import Store
from services.reservation.store.tables import KIT, Base
from services.reservation.usecases.means import Means
from services.reservation.usecases.numbers import Numbers
from shared.auth.credentials import client_key, client_secret, web_secret
from shared.auth.policy import Policy
from shared.auth.principal import Kind
from shared.auth.provider import Provider
from shared.auth.revocation_feed import RevocationFeed
from shared.auth.service_client import ClientCredentials, ServiceClient
from shared.auth.tokens import TokenChecker
from shared.bus.worker import Alarm
from shared.db.database import Database
from shared.db.encryption import Cipher
from shared.db.engine import make_engine
from shared.db.keyed_hash import KeyedHash
from shared.db.keys import KeyRing, prepare_key_files
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import Clock, make_clock
from shared.web.app import make_app
from shared.web.doors import idporten_door, users_door
from shared.web.settings import WebSettings
from shared.web.sign_in import SignIn

NAME = "reservation"
HERE = Path(__file__).parent
# Registration has the first file too: both must find the same person by the same hash.
BLOCK_KEYS, NUMBER_KEYS = "block_list.json", "reservation_numbers.json"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything reservation is made of."""

    means: Means
    identity: Provider
    idporten: Provider
    feed: RevocationFeed
    mailbox: Digipost
    alarm: Alarm


def build(settings: Settings, clock: Clock | None = None, *, http: requests.Session | None = None) -> Parts:
    """Put the parts together; raises what makes the settings or key files unusable. `http` reaches the outside."""
    clock = clock or make_clock(settings.clock_file)
    if settings.is_own_machine:
        prepare_key_files(settings.keys_dir, (BLOCK_KEYS, NUMBER_KEYS))
    database, alarm = Database(make_engine(settings.database_url), Base.metadata), Alarm()
    identity = Provider(settings.identity_issuer, http=http)
    tokens = ClientCredentials(identity, NAME, "identity", clock=clock, secret=client_secret(settings.keys_dir, NAME))
    means = Means(
        database=database,
        uow=UnitOfWork(database, Store, KIT, clock=clock, wake=alarm.ring),
        clock=clock,
        registries=load_registries(),
        numbers=_numbers(settings),
        accepts_synthetic=settings.accept_synthetic,
    )
    return Parts(
        means=means,
        identity=identity,
        idporten=Provider(settings.idporten_issuer, http=http),
        feed=RevocationFeed(ServiceClient(settings.identity_issuer, tokens, http=http), database, clock),
        mailbox=_mailbox(settings, clock, http),
        alarm=alarm,
    )


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
        token_checker=TokenChecker(settings.identity_issuer, NAME, parts.identity.keys, means.clock),
        sign_in=_doors(settings, parts),
        domain_errors={NotFound: 404, RuleBroken: 422},
    )
    app.extensions[NAME] = means
    return app


def _doors(settings: Settings, parts: Parts) -> SignIn:
    number = OwnNumber(parts.means)
    citizens = idporten_door(
        Kind.CITIZEN,
        parts.idporten,
        client_id=NAME,
        private_key=client_key(settings.keys_dir, NAME),
        public_url=settings.public_url,
        clock=parts.means.clock,
        principal_of=number.principal_of,
        remember=number.remember,
    )
    users = users_door(
        parts.identity,
        client_id=NAME,
        client_secret=client_secret(settings.keys_dir, NAME),
        public_url=settings.public_url,
        clock=parts.means.clock,
    )
    # Policy lines that name roles lead to the first door, lines that name citizens to the other.
    return SignIn(users, citizens)


def _mailbox(settings: Settings, clock: Clock, http: requests.Session | None) -> Digipost:
    key = client_key(settings.keys_dir, NAME)
    return Digipost(
        settings.digipost_url,
        sender_id=settings.digipost_id,
        private_key=key,
        http=http or outside_http(),
        clock=clock,
    )


def _numbers(settings: Settings) -> Numbers:
    ring = KeyRing.from_file(settings.keys_dir / BLOCK_KEYS)
    return Numbers(
        block=KeyedHash(ring.key(ring.current_id), "block-list"),
        cipher=Cipher(KeyRing.from_file(settings.keys_dir / NUMBER_KEYS), "reservation-number"),
    )
