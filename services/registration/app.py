"""Registration put together: the only place that knows all its parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import requests
from flask import Flask

from services.registration.api.claims import claims
from services.registration.api.extracts import extracts
from services.registration.api.recipients import recipients
from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.gateways.codebook import load_variables
from services.registration.gateways.eprom import EpromAnswers
from services.registration.gateways.extract_files import FolderOfExtracts
from services.registration.gateways.extract_package import AgePackage
from services.registration.gateways.population import SCOPE, PersonService
from services.registration.gateways.registry import load_registries
from services.registration.pages import all_pages
from services.registration.settings import Settings
from services.registration.store.person_tables import PersonBase
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import KIT, Base
from services.registration.usecases.make_extract import ExtractKit
from services.registration.usecases.means import Means
from services.registration.usecases.ports import OutsideUnavailable
from shared.auth.credentials import client_key, client_secret, web_secret
from shared.auth.helseid import HelseId
from shared.auth.policy import Policy
from shared.auth.provider import Provider
from shared.auth.revocation_feed import RevocationFeed
from shared.auth.service_client import ClientCredentials, ServiceClient
from shared.auth.tokens import TokenChecker
from shared.bus.worker import Alarm
from shared.db.database import Database
from shared.db.encryption import Cipher, PersonKeys
from shared.db.engine import make_engine
from shared.db.keyed_hash import KeyedHash
from shared.db.keys import KeyRing, prepare_key_files
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import Clock, make_clock
from shared.web.app import make_app
from shared.web.doors import users_door
from shared.web.settings import WebSettings
from shared.web.sign_in import SignIn

NAME = "registration"
HERE = Path(__file__).parent
PERSON_KEYS, SEARCH_KEYS, BLOCK_KEYS = "registration_persons.json", "registration_search.json", "block_list.json"
PSEUDONYM_KEYS = "registration_pseudonyms.json"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything registration is made of."""

    means: Means
    identity: Provider
    feed: RevocationFeed
    alarm: Alarm


def build(settings: Settings, clock: Clock | None = None, *, http: requests.Session | None = None) -> Parts:
    """Put the parts together; raises what makes the settings or key files unusable. `http` reaches the outside."""
    clock = clock or make_clock(settings.clock_file)
    if settings.is_own_machine:
        prepare_key_files(settings.keys_dir, (PERSON_KEYS, SEARCH_KEYS, BLOCK_KEYS, PSEUDONYM_KEYS))
    database, alarm = Database(make_engine(settings.database_url), Base.metadata), Alarm()
    identity = Provider(settings.identity_issuer, http=http)
    secret = client_secret(settings.keys_dir, NAME)

    def calls(base_url: str, audience: str) -> ServiceClient:
        tokens = ClientCredentials(identity, NAME, audience, clock=clock, secret=secret)
        return ServiceClient(base_url, tokens, http=http)

    persons, files = _persons(settings, clock), FolderOfExtracts(settings.files_dir)
    population = PersonService(settings.population_url, _helseid(settings, clock, http))
    means = Means(
        database=database,
        uow=UnitOfWork(database, Store, KIT, clock=clock, wake=alarm.ring),
        clock=clock,
        persons=persons,
        registries=load_registries(),
        population=population,
        feed=population,
        answers=EpromAnswers(calls(settings.eprom_url, "eprom")),
        files=files,
        extract_kit=_extract_kit(settings, persons, files),
        accepts_synthetic=settings.accept_synthetic,
    )
    feed = RevocationFeed(calls(settings.identity_issuer, "identity"), database, clock)
    return Parts(means=means, identity=identity, feed=feed, alarm=alarm)


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
        api_blueprints=[recipients, extracts, claims],
        token_checker=TokenChecker(settings.identity_issuer, NAME, parts.identity.keys, means.clock),
        sign_in=_doors(settings, parts),
        domain_errors={NotFound: 404, RuleBroken: 422, OutsideUnavailable: 503},
    )
    app.extensions[NAME] = means
    app.jinja_env.globals["identity_url"] = f"{settings.identity_issuer}/"
    return app


def _persons(settings: Settings, clock: Clock) -> PersonStore:
    keys = settings.keys_dir
    return PersonStore(
        database=Database(make_engine(settings.persons_database_url), PersonBase.metadata),
        keys=PersonKeys(Cipher(KeyRing.from_file(keys / PERSON_KEYS), "person-keys")),
        search=_keyed_hash(keys / SEARCH_KEYS, "person-search"),
        block=_keyed_hash(keys / BLOCK_KEYS, "block-list"),
        clock=clock,
    )


def _extract_kit(settings: Settings, persons: PersonStore, files: FolderOfExtracts) -> ExtractKit:
    path = settings.keys_dir / PSEUDONYM_KEYS
    return ExtractKit(
        persons=persons,
        variables=load_variables(),
        hash_of=lambda project_id: _keyed_hash(path, f"project/{project_id}"),
        package=AgePackage(),
        files=files,
    )


def _keyed_hash(path: Path, purpose: str) -> KeyedHash:
    ring = KeyRing.from_file(path)
    return KeyedHash(ring.key(ring.current_id), purpose)


def _helseid(settings: Settings, clock: Clock, http: requests.Session | None) -> HelseId:
    key = client_key(settings.keys_dir, NAME)
    return HelseId(settings.helseid_issuer, NAME, private_key=key, scope=SCOPE, clock=clock, http=http)


def _doors(settings: Settings, parts: Parts) -> SignIn:
    users = users_door(
        parts.identity,
        client_id=NAME,
        client_secret=client_secret(settings.keys_dir, NAME),
        public_url=settings.public_url,
        clock=parts.means.clock,
    )
    return SignIn(users)
