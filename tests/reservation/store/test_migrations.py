"""The database is made by its migrations, up and down, and holds what the code expects."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.reservation.store.tables import Base
from shared.db.engine import make_engine
from shared.db.migrate import Migrations

FOLDER = Path(__file__).resolve().parents[3] / "services" / "reservation" / "migrations"
ENTRY = (
    "INSERT INTO audit_log (sequence, kind, at, actor, role, action, object, reason, correlation_id, hash) "
    "VALUES (1, 'change', '2026-11-21', 'a', 'LC', 'write', 'o', 'r', 'c', 'h')"
)


@pytest.mark.req("OPS-05")
def test_migrations_go_up_and_down_and_leave_no_drift(database_url):
    work = Migrations(FOLDER, Base.metadata, database_url)
    work.upgrade()
    work.check()
    work.downgrade("base")
    assert work.current() is None
    work.upgrade()
    work.check()


@pytest.mark.req("GEN-06")
def test_the_database_itself_keeps_the_log(database_url):
    Migrations(FOLDER, Base.metadata, database_url).upgrade()
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(ENTRY))

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_log"))
    engine.dispose()
