"""The database is made by its migrations, up and down, and holds what the code expects and nothing about patients."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.identity.store.tables import Base
from shared.db.engine import make_engine
from shared.db.migrate import Migrations

FOLDER = Path(__file__).resolve().parents[3] / "services" / "identity" / "migrations"
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


@pytest.mark.req("GEN-04")
def test_no_own_table_knows_a_patient():
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]

    assert not [str(column) for column in columns if column.info["privacy"] in {"number", "health"} - audit(column)]
    assert {str(column) for column in columns if "pid" in column.name.split("_")} == {"audit_log.pid"}


def audit(column):
    # The kit's log has room for health data in services that have any.
    return {"health"} if column.table.name == "audit_log" else set()


@pytest.mark.req("GEN-04")
def test_what_identifies_staff_is_sealed():
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    plain = [c for c in columns if c.info["privacy"] in {"name", "contact"} and not str(c.type).startswith("BLOB")]

    assert not [str(column) for column in plain]
