"""Reservation as a whole web app for tests: real key files, the stand-ins outside, and identity beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from services.reservation.app import build, create_app
from services.reservation.domain.case import RECEIPTS_OF_ERASURE, Channel
from services.reservation.gateways.digipost import Digipost
from services.reservation.settings import Settings
from services.reservation.store.tables import KIT, Base, CaseRow
from services.reservation.usecases.confirm import confirm
from services.reservation.usecases.reserve import reserve
from services.reservation.worker import make_worker
from shared.auth.credentials import client_key, client_secret
from shared.auth.principal import Role
from shared.scheduling.clock import FixedClock
from shared.testing.laid_tables import lay_tables
from shared.testing.oidc import LocalProvider, Registered
from shared.testing.web import a_user, make_client, sign_in
from shared.testing.wsgi_http import wsgi_http
from tests.outside import STANDINS, lay_keys, standins_at

HOME, IDENTITY = "http://localhost", "http://localhost:8001"
SIGRID, OLA, BJORN = "27836349860", "03824949912", "05855549915"  # of the demo persons
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def environment(folder, database_url):
    """A complete environment."""
    return {
        "RESERVATION_DATABASE_URL": database_url,
        "BUS_URL": f"sqlitebus:///{folder}/bus.sqlite",
        "IDENTITY_ISSUER": IDENTITY,
        "IDPORTEN_ISSUER": f"{STANDINS}/idporten",
        "DIGIPOST_URL": f"{STANDINS}/digipost",
        "PUBLIC_URL_RESERVATION": HOME,
        "KEYS_DIR": str(folder / "keys"),
        "PROFILE": "embedded",
        "ACCEPT_SYNTHETIC": "1",
        "COOKIE_SECURE": "0",
    }


class Site:
    """The web app, and everything behind it for a look inside."""

    metadata = Base.metadata

    def __init__(self, folder, database_url, clock=None):
        self.clock = clock or FixedClock(NOW)
        self.settings = Settings.from_env(environment(folder, database_url))
        keys = self.settings.keys_dir
        lay_keys(keys)
        self.identity = LocalProvider(IDENTITY, self.clock)
        secret = client_secret(keys, "reservation")
        self.identity.register(Registered(client_id="reservation", redirect_uri=f"{HOME}/callback", secret=secret))
        self.standins = standins_at(folder, keys, self.clock, services={"reservation": HOME})
        self.http = wsgi_http({STANDINS: self.standins})
        self.http.mount(IDENTITY, self.identity.adapter)
        self.parts = build(self.settings, self.clock, http=self.http)
        self.means = self.parts.means
        self.database, self.uow = self.means.database, self.means.uow
        lay_tables(self.database.engine, Base.metadata)
        self.app = create_app(self.settings, self.parts)

    def browser(self):
        """A browser that refuses careless answers."""
        return make_client(self.app)

    def staff(self, role=Role.SECRETARIAT, **more):
        """A browser in which somebody of the registry has logged in."""
        browser = self.browser()
        sign_in(browser, a_user(role, user_id=2, organisation=None, **more))
        return browser

    def citizen(self, number=SIGRID):
        """A browser in which a person has logged in through the stand-in of ID-porten."""
        browser = self.browser()
        asked = browser.get("/login?door=citizen&return_to=/my/").location
        assert browser.get(f"/callback?{self._log_in_at_idporten(asked, number)}").location == "/my/"
        return browser

    def _log_in_at_idporten(self, address, number):
        """Type number and code at the stand-in; returns the query of the way back."""
        browser = self.standins.test_client()
        login = browser.get(address.removeprefix(STANDINS)).location
        (code,) = set(re.findall(r"\b\d{6}\b", browser.post(login, data={"pid": number}).text))
        return urlsplit(browser.post(login, data={"code": code}).location).query

    def reserve(self, browser):
        """Press the button; returns the address of the receipt."""
        return browser.send_form("/my/reserve/smertereg").location

    def cases(self):
        """Every case, oldest first."""
        return self.rows(select(CaseRow).order_by(CaseRow.received_at, CaseRow.kind))

    def rows(self, what):
        """Rows of the database."""
        with self.database.reading() as session:
            return session.scalars(what).all()

    def log(self):
        """Who did what with which object."""
        log = KIT.audit.log
        with self.database.reading() as session:
            query = select(log.c.actor, log.c.action, log.c.object).order_by(log.c.sequence)
            return [tuple(row) for row in session.execute(query)]

    def closed_case(self, number, language="nb", projects=()):
        """A case that all services have confirmed; returns its id."""
        case_id = reserve(
            "smertereg",
            number,
            channel=Channel.PAPER,
            language=language,
            by=a_user(Role.SECRETARIAT, organisation=None),
            numbers=self.means.numbers,
            uow=self.uow,
        )
        for service in sorted(RECEIPTS_OF_ERASURE):
            confirm(case_id, service, projects=projects if service == "release" else (), uow=self.uow)
        return case_id

    def inbox(self, **filters):
        """What lies in the mailboxes outside."""
        return self.standins.test_client().get("/inbox.json", query_string=filters).json["messages"]

    def stranger(self):
        """Our letters signed with a key that Digipost does not know us by: it refuses them all."""
        key = client_key(self.settings.keys_dir, "eprom")
        return Digipost(f"{STANDINS}/digipost", sender_id="4003", private_key=key, http=self.http, clock=self.clock)

    def refused_letter(self, number):
        """A closed case whose letter Digipost did not take; returns its id."""
        case_id = self.closed_case(number)
        make_worker(self.settings, replace(self.parts, mailbox=self.stranger())).jobs.run_due()
        return case_id

    def fail(self, standin, kind="503", times=1):
        """Let a stand-in misbehave."""
        self.standins.test_client().post("/faults", json={"standin": standin, "kind": kind, "times": times})

    def close(self):
        """Let go of the database."""
        self.database.engine.dispose()
