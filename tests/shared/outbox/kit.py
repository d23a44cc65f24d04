"""A small service for tests of the kit: it counts what it is told."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, Integer, String, Table, select

from shared.db.base import new_metadata, privacy
from shared.outbox.tables import add_kit_tables
from shared.outbox.unit_of_work import Store, UnitOfWork
from shared.scheduling.clock import FixedClock

METADATA = new_metadata()
KIT = add_kit_tables(METADATA)
EFFECT = Table(
    "effect",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True, info=privacy("none")),
    Column("what", String(80), info=privacy("none")),
)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make_uow(database, clock=None, wake=lambda: None):
    return UnitOfWork(database, Store, KIT, clock=clock or FixedClock(NOW), wake=wake)


def effects(database):
    with database.reading() as session:
        return list(session.scalars(select(EFFECT.c.what).order_by(EFFECT.c.number)))


def count(database, table):
    with database.reading() as session:
        return len(session.execute(select(table)).all())
