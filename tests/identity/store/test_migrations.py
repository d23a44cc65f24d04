"""The database holds nothing about patients, and what identifies staff only sealed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from deploy.migrate import migrations
from services.identity.domain.deadlines import IDLE_LOCKED_AFTER
from services.identity.store.tables import Base, UserRow
from shared.db.engine import make_engine

BEFORE = datetime(2020, 11, 1, tzinfo=UTC)
OLD = {
    "user_account": {
        "user_id": 1,
        **{f"{name}_hash": name for name in ("user_name", "mobile", "email")},
        **dict.fromkeys(("user_name", "full_name", "mobile", "email"), b"sealed"),
        "position": "nurse",
        "language": "nb",
        "status": "active",
        "password_hash": "!",
        **dict.fromkeys(("password_is_first", "password_is_used"), False),
        **dict.fromkeys(("password_set_at", "created_at"), BEFORE),
    },
    "sign_on": {
        "sid": "s",
        "user_id": 1,
        **dict.fromkeys(("begun_at", "authenticated_at"), BEFORE),
    },
}


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


@pytest.fixture
def brought_over(database_url):
    """A database with an account and a log-in from before all later changes of tables."""
    work = migrations("identity", database_url)
    work.upgrade("0001")
    engine = make_engine(database_url)
    with engine.begin() as connection:
        for table, row in OLD.items():
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    work.upgrade()
    yield engine
    engine.dispose()


@pytest.mark.req("IDN-13", "OPS-05")
def test_a_log_in_from_before_says_that_it_was_made_by_password_and_sms(brought_over):
    with brought_over.connect() as connection:
        assert connection.execute(text("SELECT sid, amr FROM sign_on")).all() == [("s", "pwd sms mfa")]


@pytest.mark.req("IDN-17", "OPS-05")
def test_an_account_from_before_counts_as_used_when_the_tables_were_changed(brought_over):
    with brought_over.connect() as connection:
        ((used_at, created_at),) = connection.execute(select(UserRow.used_at, UserRow.created_at)).all()

    assert created_at == BEFORE
    assert used_at > BEFORE + IDLE_LOCKED_AFTER
