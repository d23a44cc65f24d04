"""Release put together: the only place that knows all its parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import requests
from flask import Flask

from services.release.domain.errors import NotFound, RuleBroken
from services.release.gateways.age_keys import AgeKeys
from services.release.gateways.delivery_files import FolderOfFiles
from services.release.gateways.extract_source import RegistrationExtracts
from services.release.gateways.registry_folders import load_catalog
from services.release.pages import all_pages
from services.release.settings import Settings
from services.release.store.store import Store
from services.release.store.tables import KIT, Base
from services.release.usecases.means import Means
from shared.auth.credentials import client_key, client_secret, web_secret
from shared.auth.policy import Policy
from shared.auth.principal import Kind
from shared.auth.provider import Provider
from shared.auth.revocation_feed import RevocationFeed
from shared.auth.service_client import ClientCredentials, ServiceClient
from shared.auth.tokens import TokenChecker
from shared.bus.worker import Alarm
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import Clock, make_clock
from shared.web.app import make_app
from shared.web.doors import idporten_door, users_door
from shared.web.settings import WebSettings
from shared.web.sign_in import SignIn

NAME = "release"
HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything release is made of."""

    means: Means
    identity: Provider
    idporten: Provider
    feed: RevocationFeed
    alarm: Alarm


def build(settings: Settings, clock: Clock | None = None, *, http: requests.Session | None = None) -> Parts:
    """Put the parts together; raises what makes the settings or key files unusable. `http` reaches other services."""
    clock = clock or make_clock(settings.clock_file)
    database, alarm = Database(make_engine(settings.database_url), Base.metadata), Alarm()
    identity = Provider(settings.identity_issuer, http=http)
    secret = client_secret(settings.keys_dir, NAME)

    def calls(base_url: str, audience: str) -> ServiceClient:
        tokens = ClientCredentials(identity, NAME, audience, clock=clock, secret=secret)
        return ServiceClient(base_url, tokens, http=http)

    means = Means(
        database=database,
        uow=UnitOfWork(database, Store, KIT, clock=clock, wake=alarm.ring),
        clock=clock,
        catalog=load_catalog(),
        extracts=RegistrationExtracts(calls(settings.registration_url, "registration")),
        files=FolderOfFiles(settings.files_dir),
        recipient_keys=AgeKeys(),
    )
    return Parts(
        means=means,
        identity=identity,
        idporten=Provider(settings.idporten_issuer, http=http),
        feed=RevocationFeed(calls(settings.identity_issuer, "identity"), database, clock),
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
    app.extensions["release"] = means
    return app


def _doors(settings: Settings, parts: Parts) -> SignIn:
    applicants = idporten_door(
        Kind.APPLICANT,
        parts.idporten,
        client_id=NAME,
        private_key=client_key(settings.keys_dir, NAME),
        public_url=settings.public_url,
        clock=parts.means.clock,
    )
    users = users_door(
        parts.identity,
        client_id=NAME,
        client_secret=client_secret(settings.keys_dir, NAME),
        public_url=settings.public_url,
        clock=parts.means.clock,
    )
    # Policy lines that name roles lead to the first door, lines that name applicants to the other.
    return SignIn(users, applicants)
