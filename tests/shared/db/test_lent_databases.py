"""A database that was lent comes back empty and with open sessions ended, or not at all if its shape was changed."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, func, insert, select, text
from sqlalchemy.pool import NullPool

METADATA = MetaData()
NOTE = Table("note", METADATA, Column("id", Integer, primary_key=True), Column("said", String))

pytestmark = pytest.mark.postgresql


def write(url):
    """Write a row and leave the session open in a transaction."""
    session = create_engine(url, poolclass=NullPool).connect()
    with session.begin():
        session.execute(insert(NOTE).values(said="something"))
    session.execute(select(NOTE))
    return session


def test_rows_and_sessions_of_one_test_are_gone_for_the_next(lent_databases):
    with lent_databases.lend(METADATA) as first:
        left_open = write(first)
    left_open.invalidate()
    with lent_databases.lend(METADATA) as second:
        assert second == first
        with create_engine(second, poolclass=NullPool).begin() as session:
            assert session.scalar(select(func.count()).select_from(NOTE)) == 0
            assert session.scalar(insert(NOTE).values(said="else").returning(NOTE.c.id)) == 1


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE note ADD more text",
        "DROP TABLE note",
        "CREATE TABLE beside (id int)",
        "ALTER TABLE note ADD CONSTRAINT said CHECK (said <> '')",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_what_was_changed_in_shape_is_not_lent_again(lent_databases, change):
    with lent_databases.lend(METADATA) as first, create_engine(first, poolclass=NullPool).begin() as session:
        session.execute(text(change))
    with lent_databases.lend(METADATA) as second:
        assert second != first
