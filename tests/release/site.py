"""Release as a whole web app for tests: real key files, the stand-in of ID-porten, registration and identity beside it."""

from __future__ import annotations

from datetime import timedelta

import requests
from flask import Flask, Response, request
from sqlalchemy import select

from services.release.app import build, create_app
from services.release.settings import Settings
from services.release.store.tables import KIT, Base, DeliveryRow
from services.release.usecases.deliver import take_failure
from shared.auth.credentials import client_secret
from shared.auth.provider import Provider
from shared.auth.tokens import TokenChecker
from shared.scheduling.clock import FixedClock
from shared.testing.laid_tables import lay_tables
from shared.testing.oidc import LocalProvider, Registered
from shared.testing.web import make_client
from shared.testing.wsgi_http import wsgi_http
from tests.outside import STANDINS, lay_keys, standins_at
from tests.release.world import NOW, World

HOME, IDENTITY = "http://localhost", "http://localhost:8001"
REGISTRATION = "http://localhost:8002"


def environment(folder, database_url):
    """A complete environment."""
    return {
        "RELEASE_DATABASE_URL": database_url,
        "BUS_URL": f"sqlitebus:///{folder}/bus.sqlite",
        "IDENTITY_ISSUER": IDENTITY,
        "IDPORTEN_ISSUER": f"{STANDINS}/idporten",
        "PUBLIC_URL_RELEASE": HOME,
        "PUBLIC_URL_REGISTRATION": REGISTRATION,
        "KEYS_DIR": str(folder / "keys"),
        "FILES_DIR": str(folder / "files"),
        "COOKIE_SECURE": "0",
    }


class Registration:
    """Registration's door for extracts: files by id, for release's token only."""

    def __init__(self, provider):
        self.made, self.is_broken = {}, False
        self.app = Flask("registration", static_folder=None)
        self.app.add_url_rule("/api/extracts/<extract_id>", view_func=self.give)
        self._tokens = TokenChecker(IDENTITY, "registration", provider_keys(provider), provider.clock)

    def give(self, extract_id):
        if self.is_broken:
            return Response(status=500)
        who = self._tokens.check(request.headers["Authorization"].removeprefix("Bearer "))
        assert who.client_id == "release"
        content = self.made.get(extract_id)
        return Response(content, mimetype="application/octet-stream") if content else Response(status=404)


class _Fetcher:
    """The app's own way to registration, and the place where registration's files are put."""

    def __init__(self, site):
        self.made, self.fetch = site.registration.made, site.means.extracts.fetch


def provider_keys(provider):
    """The signing keys of a provider, fetched from it."""
    return Provider(provider.issuer, http=provider.http).keys


class Site:
    """The web app, and everything behind it for a look inside."""

    hour, metadata = timedelta(hours=1), Base.metadata

    def __init__(self, folder, database_url, clock=None):
        self.clock = clock or FixedClock(NOW)
        self.settings = Settings.from_env(environment(folder, database_url))
        keys = self.settings.keys_dir
        lay_keys(keys)
        self.identity = LocalProvider(IDENTITY, self.clock)
        self.identity.register(
            Registered(client_id="release", redirect_uri=f"{HOME}/callback", secret=client_secret(keys, "release"))
        )
        self.registration = Registration(self.identity)
        self.standins = standins_at(folder, keys, self.clock, services={"release": HOME})
        self.parts = build(self.settings, self.clock, http=self._http())
        self.means = self.parts.means
        self.database, self.uow = self.means.database, self.means.uow
        lay_tables(self.database.engine, Base.metadata)
        self.app = create_app(self.settings, self.parts)

    def world(self):
        """Release behind the doors, with the same files and registration."""
        return World(self.database, files=self.means.files, extracts=_Fetcher(self), clock=self.clock)

    def deliveries(self):
        """Every delivery."""
        return self.world().rows(DeliveryRow)

    def fail(self, delivery_id, code):
        """Registration cannot make the extract."""
        take_failure(self.world().delivery(delivery_id).extract_id, code, uow=self.uow)

    def failed_jobs(self):
        """Names and faults of the jobs that did not go well."""
        job = KIT.scheduling.job
        with self.database.reading() as session:
            return [
                tuple(row) for row in session.execute(select(job.c.name, job.c.error).where(job.c.error.is_not(None)))
            ]

    def log(self):
        """Who did what with which object."""
        log = KIT.audit.log
        with self.database.reading() as session:
            query = select(log.c.actor, log.c.action, log.c.object).order_by(log.c.sequence)
            return [tuple(row) for row in session.execute(query)]

    def browser(self):
        """A browser that refuses careless answers."""
        return make_client(self.app)

    def close(self):
        """Let go of the database."""
        self.database.engine.dispose()

    def _http(self) -> requests.Session:
        session = wsgi_http({STANDINS: self.standins, REGISTRATION: self.registration.app})
        session.mount(IDENTITY, self.identity.adapter)
        return session


__all__ = ["HOME", "IDENTITY", "STANDINS", "Site", "environment"]
