"""What tests of release begin with: a researcher, reviewers, and an application that is right."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from types import MappingProxyType

import pyrage
from sqlalchemy import select

from services.release.domain.application import Choice
from services.release.domain.research import tidy
from services.release.gateways.age_keys import AgeKeys
from services.release.gateways.registry_folders import load_catalog
from services.release.store.store import Store
from services.release.store.tables import KIT, DeliveryRow
from services.release.usecases.apply import start_application, submit
from services.release.usecases.decide import decide, start_voting, vote
from services.release.usecases.deliver import Facts, approve, order_extract, take_extract
from services.release.usecases.hand_out import hand_out
from services.release.usecases.keep_files import fetch_extract
from shared.auth.principal import Role
from shared.contracts.event import load
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock
from shared.testing.web import a_user, an_applicant

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET_KEY = pyrage.x25519.Identity.generate()
FILE = pyrage.encrypt(b"pseudonym;supervision\n", [SECRET_KEY.to_public()])
FORM = MappingProxyType(
    {
        "title": "Opioider etter kirurgi",
        "leader": "Hanne Forskerud",
        "institution": "Universitetet i Eksempel",
        "purpose": "Å finne ut hvem som trapper ned.",
        "legal_basis": "public_interest",
        "rec_number": "2026/1234",
        "from_on": "2024-01-01",
        "to_on": "2025-12-31",
        "ends_on": "2029-12-31",
        "recipient_key": str(SECRET_KEY.to_public()),
        "members": "Nils Medhjelp\nIda Statistikk",
    }
)
FORMS = ("to", "hads")
CONTENT = tidy(FORM, FORMS, is_commercial=False)

KARI, OLA = an_applicant("kari"), an_applicant("ola")
SECRETARY = a_user(Role.SECRETARIAT, user_id=2, name="Siv Sekretær")
MANAGER = a_user(Role.MANAGER, user_id=3, name="Marit Leder")
MEMBER = a_user(Role.COUNCIL, user_id=4, name="Finn Fagråd")
STATISTICIAN = a_user(Role.STATISTICIAN, user_id=5, name="Stein Statistiker")


class Files:
    """A folder in memory, and registration's door to it."""

    def __init__(self):
        self.kept, self.made = {}, {}

    def fetch(self, extract_id):
        return self.made.get(extract_id)

    def write(self, extract_id, content):
        self.kept[extract_id] = content

    def read(self, extract_id):
        return self.kept.get(extract_id)

    def remove(self, extract_id):
        self.kept.pop(extract_id, None)


class World:
    """Release without its doors."""

    def __init__(self, database, *, files=None, extracts=None, clock=None):
        self.database, self.clock = database, clock or FixedClock(NOW)
        self.uow = UnitOfWork(database, Store, KIT, clock=self.clock)
        self.catalog, self.keys, own = load_catalog(), AgeKeys(), Files()
        self.files, self.extracts = files or own, extracts or own

    def draft(self, content=CONTENT, by=KARI):
        return start_application("smertereg", content, by=by, catalog=self.catalog, uow=self.uow)

    def send(self, application_id, by=KARI):
        submit(application_id, by=by, catalog=self.catalog, recipient_keys=self.keys, uow=self.uow)

    def received(self):
        application_id = self.draft()
        self.send(application_id)
        return application_id

    def voting(self):
        application_id = self.received()
        start_voting(application_id, by=SECRETARY, uow=self.uow)
        return application_id

    def approved(self):
        application_id = self.voting()
        vote(application_id, by=MEMBER, choice=Choice.YES, uow=self.uow)
        decide(application_id, by=MANAGER, reason="", uow=self.uow)
        return application_id

    def ordered(self):
        return self.order(self.approved())

    def order(self, application_id, by=SECRETARY):
        return order_extract(application_id, by=by, catalog=self.catalog, uow=self.uow)

    def make(self, delivery_id, *, smallest_cell=8, content=FILE):
        """Registration makes the extract, and release hears of it."""
        extract_id = self.delivery(delivery_id).extract_id
        digest = hashlib.sha256(content).hexdigest()
        facts = Facts(persons=40, rows=120, smallest_cell=smallest_cell, sha256=digest)
        take_extract(extract_id, facts, uow=self.uow)
        self.put(extract_id, content)
        return extract_id

    def put(self, extract_id, content):
        self.extracts.made[extract_id] = content

    def fetch(self, extract_id):
        fetch_extract(extract_id, extracts=self.extracts, files=self.files, uow=self.uow)

    def ready(self, **facts):
        delivery_id = self.ordered()
        self.fetch(self.make(delivery_id, **facts))
        return delivery_id

    def agree(self, delivery_id, by, *, accepts_small_cells=False):
        approve(delivery_id, by=by, accepts_small_cells=accepts_small_cells, catalog=self.catalog, uow=self.uow)

    def opened(self):
        delivery_id = self.ready()
        for person in (MANAGER, STATISTICIAN):
            self.agree(delivery_id, person)
        return delivery_id

    def hand_out(self, delivery_id, by=KARI):
        return hand_out(delivery_id, by=by, files=self.files, uow=self.uow)

    def delivery(self, delivery_id):
        return next(row for row in self.rows(DeliveryRow) if row.delivery_id == delivery_id)

    def rows(self, what):
        with self.database.reading() as session:
            return session.scalars(select(what)).all()

    def events(self):
        outbox = KIT.outbox.outbox
        with self.database.reading() as session:
            rows = session.execute(select(outbox).order_by(outbox.c.position)).all()
        return [load(row.name, row.body) for row in rows]

    def jobs(self):
        job = KIT.scheduling.job
        with self.database.reading() as session:
            return [(row.name, row.arguments) for row in session.execute(select(job).order_by(job.c.job_id))]
