"""Registration as a whole web app for tests: real key files, the stand-ins of the outside world beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

from deploy.standins.parts import EXTENSION
from services.registration.app import build, create_app
from services.registration.settings import Settings
from services.registration.store.person_tables import PersonBase
from services.registration.store.tables import KIT, Base
from services.registration.usecases.open_course import open_course
from shared.auth.credentials import client_secret
from shared.auth.principal import Role
from shared.contracts.event import load
from shared.scheduling.clock import FixedClock
from shared.testing.access import AccessLogOracle
from shared.testing.laid_tables import lay_tables
from shared.testing.oidc import LocalProvider, Registered
from shared.testing.web import a_user, make_client, sign_in
from shared.testing.wsgi_http import wsgi_http
from tests.outside import STANDINS, lay_keys, standins_at

HOME, IDENTITY, EPROM = "http://localhost", "http://localhost:8001", "http://localhost:8003"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HUS, FONNA = 100082, 100084
KARI, OLA, AMINA, GUNNAR = "17855749815", "03824949912", "49888549829", "08813849969"


def environment(folder, database_url, persons_url=None):
    """A complete environment."""
    return {
        "REGISTRATION_DATABASE_URL": database_url,
        "REGISTRATION_PERSONS_DATABASE_URL": persons_url or f"sqlite:///{folder}/persons.sqlite",
        "BUS_URL": f"sqlitebus:///{folder}/bus.sqlite",
        "IDENTITY_ISSUER": IDENTITY,
        "HELSEID_ISSUER": f"{STANDINS}/helseid",
        "POPULATION_URL": f"{STANDINS}/population",
        "PUBLIC_URL_REGISTRATION": HOME,
        "PUBLIC_URL_EPROM": EPROM,
        "KEYS_DIR": str(folder / "keys"),
        "FILES_DIR": str(folder / "files"),
        "PROFILE": "embedded",
        "ACCEPT_SYNTHETIC": "1",
        "COOKIE_SECURE": "0",
    }


class Site:
    """The web app, and everything behind it for a look inside."""

    def __init__(self, folder, database_url, persons_url=None):
        self.clock = FixedClock(NOW)
        self.settings = Settings.from_env(environment(folder, database_url, persons_url))
        keys = self.settings.keys_dir
        lay_keys(keys)
        self.identity = LocalProvider(IDENTITY, self.clock)
        secret = client_secret(keys, "registration")
        self.identity.register(Registered(client_id="registration", redirect_uri=f"{HOME}/callback", secret=secret))
        self.standins = standins_at(folder, keys, self.clock)
        self.http = wsgi_http({STANDINS: self.standins})
        self.http.mount(IDENTITY, self.identity.adapter)
        self.parts = build(self.settings, self.clock, http=self.http)
        self.means = self.parts.means
        self.database, self.uow, self.persons = self.means.database, self.means.uow, self.means.persons
        lay_tables(self.database.engine, Base.metadata)
        lay_tables(self.persons.database.engine, PersonBase.metadata)
        self.app = create_app(self.settings, self.parts)

    def close(self):
        """Let go of the databases."""
        self.database.engine.dispose()
        self.persons.database.engine.dispose()

    def browser(self, role=Role.LU, organisation=HUS, **more):
        """A strict browser in which a user has logged in."""
        browser = make_client(self.app)
        sign_in(browser, a_user(role, organisation=organisation, **more))
        return browser

    def visitor(self):
        """A strict browser in which nobody has logged in."""
        return make_client(self.app)

    def bearer(self, service, audience="registration"):
        """The headers of another service."""
        return {"Authorization": f"Bearer {self.identity.service_token(audience, service)}"}

    def register(self, number=KARI, started_on=date(2026, 11, 20), organisation=HUS):
        """A course of a person."""
        nurse = a_user(Role.LU, organisation=organisation)
        desk = self.means.desk("smertereg")
        return open_course(number, started_on=started_on, by=nurse, desk=desk, uow=self.uow)

    def pid(self, number=KARI):
        return self.persons.find(number)

    def person(self, family_name):
        """A person of the stand-in's population."""
        return next(one for one in self.standins.extensions[EXTENSION].people.all() if one.family_name == family_name)

    def fail(self, standin, kind="503", times=3):
        """Let a stand-in misbehave."""
        self.standins.test_client().post("/faults", json={"standin": standin, "kind": kind, "times": times})

    def events(self):
        outbox = KIT.outbox.outbox
        with self.database.reading() as session:
            rows = session.execute(select(outbox.c.name, outbox.c.body).order_by(outbox.c.position)).all()
        return [load(row.name, row.body) for row in rows]

    def log(self):
        """The access log, oldest first."""
        table = KIT.audit.log
        with self.database.reading() as session:
            return session.execute(select(table).order_by(table.c.sequence)).all()

    def oracle(self, *numbers):
        """Finds answers that show one of these persons without an entry in the access log."""
        known = {self.pid(number): (number, self.persons.read(self.pid(number)).name) for number in numbers}
        return AccessLogOracle(self.database, KIT.audit.log, known)
