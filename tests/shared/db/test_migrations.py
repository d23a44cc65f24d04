"""Each database is made by its migrations, up and down, and they agree with the code."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, text
from sqlalchemy.exc import DBAPIError

from deploy.migrate import DATABASES, metadata_of, migrations
from shared.db.base import PRIVACY_KINDS
from shared.db.engine import make_engine
from shared.db.migrate import Migrations

ENTRY = {
    "insert": "INSERT INTO audit_log (sequence, kind, at, actor, role, action, object, reason, correlation_id, hash) "
    "VALUES (1, 'access', '2026-11-21', 'a', 'LU', 'read', 'o', 'r', 'c', 'h')"
}


@pytest.mark.req("OPS-05")
@pytest.mark.parametrize("name", DATABASES)
def test_migrations_make_what_the_code_expects_and_go_back(name, database_url):
    work = migrations(name, database_url)
    work.upgrade()
    assert work.current() == work.head() is not None
    work.check()
    work.downgrade("base")
    assert work.current() is None
    work.upgrade()
    work.check()


@pytest.mark.req("GEN-06")
@pytest.mark.parametrize("name", [name for name in DATABASES if name != "persons"])
@pytest.mark.parametrize("tamper", ["UPDATE audit_log SET actor = 'b'", "DELETE FROM audit_log"])
def test_the_database_itself_refuses_to_change_the_log(name, tamper, database_url):
    migrations(name, database_url).upgrade()
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(ENTRY["insert"]))

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(tamper))
    engine.dispose()


@pytest.mark.req("GEN-04")
@pytest.mark.parametrize("name", DATABASES)
def test_every_column_says_what_privacy_it_needs(name):
    columns = [column for table in metadata_of(name).tables.values() for column in table.columns]

    assert columns
    assert not [str(column) for column in columns if column.info.get("privacy") not in PRIVACY_KINDS]


@pytest.mark.req("GEN-04", "BUS-02")
def test_only_the_person_store_and_staff_data_hold_identities():
    identifying = {"name", "number", "contact"}
    for name in ("registration", "eprom"):
        columns = [column for table in metadata_of(name).tables.values() for column in table.columns]
        assert not [str(column) for column in columns if column.info["privacy"] in identifying]


CHANGE = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    with op.batch_alter_table("parent") as parent:
        parent.alter_column("name", existing_type=sa.String(5), type_=sa.String(9))
"""


@pytest.mark.req("OPS-05")
def test_changing_a_table_keeps_the_rows_that_refer_to_it(database_url, tmp_path):
    metadata = MetaData()
    Table("parent", metadata, Column("id", Integer, primary_key=True), Column("name", String(5)))
    Table("child", metadata, Column("id", ForeignKey("parent.id", ondelete="CASCADE"), primary_key=True))
    engine = make_engine(database_url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO parent VALUES (1, 'a')"))
        connection.execute(text("INSERT INTO child VALUES (1)"))
    (tmp_path / "0001_begin.py").write_text('revision, down_revision = "0001", None\ndef upgrade(): pass\n')
    (tmp_path / "0002_change.py").write_text(CHANGE)
    Migrations(tmp_path, metadata, database_url).upgrade()

    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM child")) == 1
    engine.dispose()
