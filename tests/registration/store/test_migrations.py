"""Both databases are made by their migrations, up and down, and hold what the code expects."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from deploy.migrate import upgrade
from services import registration
from services.registration.store.person_tables import PersonBase
from services.registration.store.tables import Base
from shared.db.engine import make_engine
from shared.db.migrate import Migrations

FOLDER = Path(registration.__file__).parent / "migrations"
ENTRY = (
    "INSERT INTO audit_log (sequence, kind, at, actor, role, action, object, reason, correlation_id, hash) "
    "VALUES (1, 'change', '2026-11-21', 'a', 'LC', 'write', 'o', 'r', 'c', 'h')"
)


@pytest.mark.req("OPS-05")
@pytest.mark.parametrize(("folder", "metadata"), [(FOLDER, Base.metadata), (FOLDER / "persons", PersonBase.metadata)])
def test_migrations_go_up_and_down_and_leave_no_drift(database_url, folder, metadata):
    work = Migrations(folder, metadata, database_url)
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
def test_nothing_in_the_health_database_identifies_a_person():
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]

    assert not [str(column) for column in columns if column.info["privacy"] in {"number", "name", "contact"}]


@pytest.mark.req("OPS-05", "GEN-01")
def test_an_upgrade_makes_the_tables_of_the_forms_too_and_migrations_pass_them_over(database_url):
    upgrade("registration", database_url)
    work = Migrations(FOLDER, Base.metadata, database_url)
    work.check()
    engine = make_engine(database_url)
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()
    upgrade("registration", database_url)
    work.check()
