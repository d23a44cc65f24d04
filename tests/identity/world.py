"""A small identity for tests: real tables, real hashing at low cost, and an outbox of messages that can be read."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from services.identity.domain.organisation import Unit, UnitKind
from services.identity.domain.roles import Place, RoleCode
from services.identity.gateways.argon2_hasher import Argon2Hasher
from services.identity.gateways.password_strength import ZxcvbnStrength
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from services.identity.store.tables import KIT, Base, MessageRow
from services.identity.usecases.add_user import add_user
from services.identity.usecases.confirm_code import confirm_log_in
from services.identity.usecases.import_organisations import import_organisations
from services.identity.usecases.messages import Messages
from services.identity.usecases.proofs import SmsCode
from services.identity.usecases.start_log_in import start_log_in
from services.identity.usecases.visitor import Visitor
from shared.auth.principal import Kind, Principal
from shared.contracts.event import load
from shared.db.encryption import Cipher
from shared.db.keyed_hash import KeyedHash
from shared.db.keys import KeyRing
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import FixedClock

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PASSWORD = "Blå-hval-77-synger"
UNITS = [
    Unit(resh=1, kind=UnitKind.REGION, name="Helse Vest RHF"),
    Unit(resh=10, kind=UnitKind.ORGANISATION, name="Vestsykehuset", parent=1),
    Unit(resh=20, kind=UnitKind.ORGANISATION, name="Fjordsykehuset", parent=1),
    Unit(resh=100, kind=UnitKind.CLINIC, name="Kirurgisk klinikk", parent=10),
    Unit(resh=1000, kind=UnitKind.DEPARTMENT, name="Smerteklinikken", parent=100),
]
HERE, THERE = Place(registry="smertereg", organisation=10), Place(registry="smertereg", organisation=20)
NATIONAL = Place(registry="smertereg", organisation=None)
APPLICATION = {
    "user_name": "nina.ny",
    "full_name": "Nina Ny",
    "mobile": "40 00 00 99",
    "email": "nina.ny@vest.example.no",
    "position": "nurse",
    "region": "1",
    "organisation": "10",
    "clinic": "100",
    "department": "1000",
    "registry": "smertereg",
    "applied_organisation": "10",
}


class PlainWords:
    """Says the key and the values, so that a test sees what was told."""

    def text(self, key, language, **values):
        shown = " ".join(f"{name}={value}" for name, value in sorted(values.items()))
        return f"{language} {key} {shown}"


class Identity:
    """Everything a use case is handed, over one database."""

    def __init__(self, database):
        ring = KeyRing("k1", {"k1": secrets.token_bytes(32)})
        self.database = database
        self.clock = FixedClock(NOW)
        self.seals = Seals(Cipher(ring, "identity/staff"), KeyedHash(secrets.token_bytes(32)))
        self.messages = Messages(self.seals, PlainWords(), "http://identity.test")
        self.hasher = Argon2Hasher(time_cost=1, memory_kib=8, parallelism=1)
        self.strength = ZxcvbnStrength()
        self.uow = UnitOfWork(database, Store, KIT, clock=self.clock)
        import_organisations("smertereg", UNITS, participants=[10, 20], uow=self.uow)

    def move(self, **values):
        self.clock.move(timedelta(**values))

    def add(self, user_name, *held, password=PASSWORD, number=None):
        """A user who is ready to log in; returns the id."""
        mobile = number or f"4{secrets.randbelow(10**7):07d}"
        fields = {"user_name": user_name, "full_name": user_name.title(), "mobile": mobile}
        fields["email"] = f"{user_name}@vest.example.no"
        return add_user(
            fields,
            list(held) or [(HERE, RoleCode.LU)],
            password=password,
            messages=self.messages,
            hasher=self.hasher,
            uow=self.uow,
        )

    def sent(self, kind=None):
        """Messages on their way, oldest first: (to, text); those given back are forgotten."""
        with self.uow() as store:
            rows = store.session.scalars(select(MessageRow).order_by(MessageRow.created_at)).all()
            found = [(row.kind, self.seals.open_message(row.content, message_id=row.message_id)) for row in rows]
            for row in rows:
                store.session.delete(row)
        return [(content["to"], content["text"]) for sent, content in found if kind in {None, sent}]

    def code(self):
        """The digits of the newest code."""
        return re.search(r"(?<!\d)(\d{6})(?!\d)", self.sent("sms")[-1][1]).group(1)

    def start(self, user_name, password=PASSWORD, **visitor):
        return start_log_in(
            user_name,
            password,
            visitor=Visitor(**{"address": "192.0.2.1", **visitor}),
            messages=self.messages,
            hasher=self.hasher,
            uow=self.uow,
        )

    def confirm(self, begun, code, **visitor):
        return confirm_log_in(
            begun.attempt,
            SmsCode(code, self.hasher),
            visitor=Visitor(**{"address": "192.0.2.1", **visitor}),
            messages=self.messages,
            uow=self.uow,
        )

    def log_in(self, user_name, password=PASSWORD, **visitor):
        """Both halves of a log-in."""
        return self.confirm(self.start(user_name, password, **visitor), self.code(), **visitor)

    def events(self):
        """Events in the outbox, oldest first."""
        table = KIT.outbox.outbox
        with self.database.reading() as session:
            rows = session.execute(select(table.c.name, table.c.body).order_by(table.c.position)).all()
        return [load(row.name, row.body) for row in rows]

    def jobs(self, name):
        """Arguments of the jobs of a name."""
        table = KIT.scheduling.job
        with self.database.reading() as session:
            return list(session.scalars(select(table.c.arguments).where(table.c.name == name).order_by(table.c.job_id)))

    def log(self):
        """The change log as (actor, object, reason, change)."""
        table = KIT.audit.log
        with self.database.reading() as session:
            return [
                (row.actor, row.object, row.reason, row.change)
                for row in session.execute(select(table).order_by(table.c.sequence))
            ]


def acting(user_id, role=RoleCode.LC, place=HERE):
    """A user acting in a role."""
    return Principal(
        kind=Kind.USER,
        subject=str(user_id),
        role=role.value,
        registry=place.registry,
        organisation=place.organisation,
    )


METADATA = Base.metadata
