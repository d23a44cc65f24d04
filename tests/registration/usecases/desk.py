"""A registration desk for tests: a population of three, one registry, two databases."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from services.registration.domain.course import LegalBasis
from services.registration.domain.person import PersonFacts, Sex
from services.registration.gateways.extract_files import FolderOfExtracts
from services.registration.store.person_tables import PersonBase
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import KIT
from services.registration.usecases.open_course import Desk
from services.registration.usecases.ports import OutsideUnavailable
from shared.auth.principal import Kind, Principal, Role
from shared.contracts.event import load
from shared.db.database import Database
from shared.db.encryption import Cipher, PersonKeys
from shared.db.engine import make_engine
from shared.db.keyed_hash import KeyedHash
from shared.db.keys import KeyRing, create_key_file
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock
from shared.testing.laid_tables import lay_tables

LINE, OLA = "03851598730", "30908299902"
NURSE = Principal(kind=Kind.USER, subject="7", role=Role.LU, registry="smertereg", organisation=100082)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Population:
    def __init__(self):
        self.is_down = False
        self.persons = {
            LINE: PersonFacts(number=LINE, number_kind="national", name="Line Danser", birth_on=date(1969, 5, 3)),
            OLA: PersonFacts(
                number=OLA, number_kind="national", name="Ola Prøve", birth_on=date(1982, 10, 30), sex=Sex.MALE
            ),
        }

    def look_up(self, number):
        if self.is_down:
            raise OutsideUnavailable
        return self.persons.get(number)


class Rules:
    key, form_count, first_type, asks_inclusion = "smertereg", 6, 2, True

    def basis_on(self, day):
        return LegalBasis.CONSENT if day < date(2022, 12, 1) else LegalBasis.RESERVATION


def make_persons(folder, clock):
    create_key_file(folder / "persons.json")
    engine = make_engine(f"sqlite:///{folder}/persons.sqlite")
    lay_tables(engine, PersonBase.metadata)
    keys = PersonKeys(Cipher(KeyRing.from_file(folder / "persons.json"), "person-keys"))
    hashes = KeyedHash(b"s" * 32, "person-search"), KeyedHash(b"b" * 32, "block-list")
    return PersonStore(Database(engine, PersonBase.metadata), keys, *hashes, clock)


class World:
    def __init__(self, database):
        self.database, self.clock = database, FixedClock(NOW)
        self.uow = UnitOfWork(database, Store, KIT, clock=self.clock)
        self.population = Population()
        folder = Path(tempfile.mkdtemp())
        self.persons, self.files = make_persons(folder, self.clock), FolderOfExtracts(folder / "files")
        self.desk = Desk(self.persons, self.population, Rules(), accepts_synthetic=True)

    def events(self):
        outbox = KIT.outbox.outbox
        with self.database.reading() as session:
            rows = session.execute(select(outbox.c.name, outbox.c.body).order_by(outbox.c.position)).all()
        return [load(row.name, row.body) for row in rows]

    def jobs(self):
        job = KIT.scheduling.job
        with self.database.reading() as session:
            return {row.name: row.arguments for row in session.execute(select(job)).all()}

    def rows(self, table):
        with self.database.reading() as session:
            return session.scalars(select(table)).all()
