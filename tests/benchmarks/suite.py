"""A small service for benchmarks: it is told of deliveries and keeps one row of each."""

from __future__ import annotations

import time

from sqlalchemy import BigInteger, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.contracts.release import Delivered
from shared.db.base import new_metadata, privacy
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.outbox.tables import add_kit_tables
from shared.outbox.unit_of_work import Store, UnitOfWork
from shared.scheduling.clock import SystemClock

NONE = privacy("none")
METADATA = new_metadata()
KIT = add_kit_tables(METADATA)


class Base(DeclarativeBase):
    """The service's own tables, beside the kit's."""

    metadata = METADATA


class Effect(Base):
    """One row for each event that was handled."""

    __tablename__ = "effect"
    number: Mapped[int] = mapped_column(primary_key=True, info=NONE)
    delivery_id: Mapped[str] = mapped_column(String(36), info=NONE)
    seen_ns: Mapped[int] = mapped_column(BigInteger, info=NONE)


TABLES = ("outbox", "event_log", "aggregate_version", "inbox", "inbox_position", "inbox_parked", "effect")


def open_database(url):
    """The service's database with its tables."""
    database = Database(make_engine(url), METADATA)
    METADATA.create_all(database.engine)
    return database


def emptied(database):
    """The same database without rows."""
    with database.transaction() as session:
        for table in TABLES:
            session.execute(text(f"DELETE FROM {table}"))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return database


def make_uow(database, wake=lambda: None):
    return UnitOfWork(database, Store, KIT, clock=SystemClock(), wake=wake)


def note_delivery(event: Delivered, uow: UnitOfWork[Store]) -> None:
    """The effect of an event: one row of the service's own."""
    with uow() as store:
        store.session.add(Effect(delivery_id=event.delivery_id, seen_ns=time.monotonic_ns()))


HANDLERS = {Delivered: note_delivery}
