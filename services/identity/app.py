"""Identity put together: the only place that knows all its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests
from flask import Flask

from services.identity.api.feeds import feeds
from services.identity.api.oauth import oauth
from services.identity.api.provider import Provider
from services.identity.domain.clients import Client
from services.identity.domain.contact import grouped_mobile
from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.upstream import Upstream
from services.identity.gateways.argon2_hasher import Argon2Hasher
from services.identity.gateways.clients import create_secrets_file, load_clients
from services.identity.gateways.password_strength import ZxcvbnStrength
from services.identity.gateways.registry_data import RegistryData, load_registries
from services.identity.gateways.signing_keys import SigningKeys
from services.identity.gateways.upstream import upstream_clients
from services.identity.gateways.webauthn_passkeys import WebauthnPasskeys
from services.identity.pages import all_pages
from services.identity.settings import CLIENTS, Settings
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from services.identity.store.tables import KIT, Base
from services.identity.usecases.means import Means
from services.identity.usecases.messages import Messages
from shared.auth.client_keys import ClientKeys
from shared.auth.credentials import client_key
from shared.auth.oidc_client import OidcClient
from shared.auth.policy import Policy
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
from shared.web.doors import OwnLogIn, the_session
from shared.web.settings import WebSettings
from shared.web.texts import kit_texts

NAME = "identity"
# What devices call us in their lists of passkeys.
SUITE = "SmerteReg"
HERE = Path(__file__).parent
TRANSLATIONS = HERE / "pages" / "translations"
SEAL_KEYS, SEARCH_KEYS, WEB_KEYS = "identity_seal.json", "identity_search.json", "identity_web.json"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything identity is made of."""

    means: Means
    keys: SigningKeys
    clients: Mapping[str, Client]
    registries: Mapping[str, RegistryData]
    upstreams: Mapping[Upstream, OidcClient]
    web_secret: str
    alarm: Alarm


def build(settings: Settings, clock: Clock | None = None, *, http: requests.Session | None = None) -> Parts:
    """Put the parts together; raises what makes the settings or key files unusable. `http` reaches providers."""
    clock = clock or make_clock(settings.clock_file)
    if settings.is_own_machine:
        prepare_key_files(settings.keys_dir, (SEAL_KEYS, SEARCH_KEYS, WEB_KEYS))
        create_secrets_file(settings.keys_dir, ["identity", *CLIENTS])
    database, alarm = Database(make_engine(settings.database_url), Base.metadata), Alarm()
    registries, keys = load_registries(), SigningKeys(settings.keys_dir / "identity_signing", clock)
    means = Means(
        issuer=settings.issuer,
        public_urls=settings.public_urls,
        registry_names={key: registry.names for key, registry in registries.items()},
        database=database,
        uow=UnitOfWork(database, Store, KIT, clock=clock, wake=alarm.ring),
        clock=clock,
        messages=Messages(_seals(settings), kit_texts([TRANSLATIONS]), settings.public_url),
        hasher=Argon2Hasher(**settings.hash_cost.__dict__),
        strength=ZxcvbnStrength(list(registries)),
        passkeys=WebauthnPasskeys(settings.issuer, name=SUITE),
        signer=keys,
    )
    return Parts(
        means=means,
        keys=keys,
        clients=load_clients(settings.keys_dir, settings.client_urls),
        registries=registries,
        upstreams=_upstreams(settings, clock, http),
        web_secret=_web_secret(settings),
        alarm=alarm,
    )


def _web_secret(settings: Settings) -> str:
    web = KeyRing.from_file(settings.keys_dir / WEB_KEYS)
    return web.key(web.current_id).hex()


def _upstreams(settings: Settings, clock: Clock, http: requests.Session | None) -> dict[Upstream, OidcClient]:
    wanted = settings.upstreams
    return upstream_clients(
        {Upstream(name): issuer for name, issuer in wanted.issuers.items()},
        client_id=wanted.client_id,
        private_key=client_key(settings.keys_dir, NAME) if wanted.issuers else None,
        public_url=settings.public_url,
        clock=clock,
        state=the_session,
        http=http,
    )


def _seals(settings: Settings) -> Seals:
    search = KeyRing.from_file(settings.keys_dir / SEARCH_KEYS)
    return Seals(
        Cipher(KeyRing.from_file(settings.keys_dir / SEAL_KEYS), "identity/staff"),
        KeyedHash(search.key(search.current_id), "identity/staff"),
    )


def create_app(settings: Settings, parts: Parts | None = None) -> Flask:
    """Return the web app."""
    parts = parts or build(settings)
    means = parts.means
    app = make_app(
        NAME,
        settings=_web_settings(settings, parts),
        policy=Policy.load(HERE / "policy.yaml"),
        database=means.database,
        clock=means.clock,
        kit_tables=KIT,
        blueprints=[all_pages(), oauth],
        api_blueprints=[feeds],
        token_checker=TokenChecker(settings.issuer, "identity", parts.keys, means.clock),
        sign_in=OwnLogIn("pages.show_log_in"),
        domain_errors={NotFound: 404, RuleBroken: 422},
    )
    # Clients prove themselves to these by their secret; they have no session that could be misused.
    app.extensions["csrf"].exempt(oauth)
    app.jinja_env.filters["mobile"] = grouped_mobile
    app.extensions["identity"] = means
    app.extensions["identity_provider"] = Provider(means, parts.clients, parts.keys, ClientKeys(settings.keys_dir))
    app.extensions["identity_keys"], app.extensions["identity_clients"] = parts.keys, parts.clients
    app.extensions["identity_upstreams"] = parts.upstreams
    return app


def _web_settings(settings: Settings, parts: Parts) -> WebSettings:
    # A log-in form ends, by redirects, at the client that asked for it, or at a provider that stands behind us.
    ends = [*settings.client_urls.values(), *settings.upstreams.issuers.values()]
    origins = {url.split("/", 3)[0] + "//" + url.split("/", 3)[2] for url in ends}
    return WebSettings.of(settings, parts.web_secret, HERE / "pages", tuple(sorted(origins)))
