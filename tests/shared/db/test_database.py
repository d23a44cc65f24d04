"""Transactions, constraints by name, keys and hashes."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import CheckConstraint, Column, Integer, String, Table, UniqueConstraint, insert, select, text
from sqlalchemy.exc import DBAPIError

from shared.db.base import new_metadata, privacy
from shared.db.database import Database
from shared.db.encryption import CannotOpen, Cipher
from shared.db.engine import make_engine
from shared.db.errors import ConstraintBroken, DatabaseUnavailable
from shared.db.keyed_hash import KeyedHash
from shared.db.keys import KeyMissing, KeyRing, add_key, create_key_file
from shared.db.write_queue import write_turn

METADATA = new_metadata()
THING = Table(
    "thing",
    METADATA,
    Column("number", Integer, primary_key=True, info=privacy("none")),
    Column("name", String(20), info=privacy("none")),
    CheckConstraint("number < 1000", name="number_small"),
    UniqueConstraint("name"),
)


@pytest.fixture
def database(make_database):
    return make_database(METADATA)


@pytest.fixture
def cipher(tmp_path):
    create_key_file(tmp_path / "keys")
    return Cipher(KeyRing.from_file(tmp_path / "keys"), "test")


def put(database, number, name):
    with database.transaction() as session:
        session.execute(insert(THING).values(number=number, name=name))


@pytest.mark.parametrize(("number", "name", "broken"), [(1000, "b", "number_small"), (2, "a", "uq_thing_name")])
def test_a_broken_constraint_is_told_by_name(database, number, name, broken):
    put(database, 1, "a")

    with pytest.raises(ConstraintBroken) as told:
        put(database, number, name)
    assert told.value.name.endswith(broken)


def test_a_failed_transaction_leaves_nothing(database):
    with pytest.raises(RuntimeError), database.transaction() as session:
        session.execute(insert(THING).values(number=1, name="a"))
        raise RuntimeError

    with database.reading() as session:
        assert session.execute(select(THING)).all() == []


def test_writers_side_by_side_all_get_their_turn(database):
    threads = [threading.Thread(target=put, args=(database, n, f"n{n}")) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as session:
        assert len(session.execute(select(THING)).all()) == 40


@pytest.mark.req("GEN-04")
def test_a_sealed_value_opens_only_where_it_belongs(cipher):
    sealed = cipher.seal("æøå", bound_to="row 1")

    assert cipher.open(sealed, bound_to="row 1") == "æøå"
    for attempt in (lambda: cipher.open(sealed, bound_to="row 2"), lambda: cipher.open(sealed[:-1], bound_to="row 1")):
        with pytest.raises(CannotOpen):
            attempt()
    with pytest.raises(CannotOpen):
        Cipher(cipher.ring, "other").open(sealed, bound_to="row 1")


@pytest.mark.req("GEN-04")
def test_a_value_is_sealed_anew_under_the_newest_key(cipher, tmp_path):
    old = cipher.seal("x", bound_to="r")
    add_key(tmp_path / "keys")
    rotated = Cipher(KeyRing.from_file(tmp_path / "keys"), "test")
    fresh = rotated.reseal(old, bound_to="r")

    assert (Cipher.key_id_of(old), Cipher.key_id_of(fresh)) == ("k1", "k2")
    assert cipher.open(fresh, bound_to="r") == "x"  # whoever runs already finds the new key in the file
    with pytest.raises(KeyMissing):
        KeyRing("k1", {"k1": cipher.ring.key("k1")}).key("k2")


def test_a_key_file_is_never_overwritten_and_only_its_owners(tmp_path):
    create_key_file(tmp_path / "keys")
    before = (tmp_path / "keys").read_text()
    create_key_file(tmp_path / "keys")

    assert (tmp_path / "keys").read_text() == before
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0


@pytest.mark.req("GEN-04")
def test_a_keyed_hash_needs_its_key_and_purpose():
    digests = {KeyedHash(k, p).digest("1") for k in (b"a" * 32, b"b" * 32) for p in ("search", "block")}

    assert len(digests) == 4


def test_a_disk_that_is_away_is_an_outage_and_no_programming_error(tmp_path):
    database = Database(make_engine(f"sqlite:///{tmp_path}/here/one.sqlite"), METADATA)
    METADATA.create_all(database.engine)
    database.engine.dispose()
    (tmp_path / "here").rename(tmp_path / "away")
    with pytest.raises(DatabaseUnavailable), database.reading() as session:
        session.execute(text("SELECT 1"))
    with pytest.raises(DatabaseUnavailable), database.transaction():
        pass


def test_reading_changes_nothing(make_database):
    database = make_database(METADATA)
    with pytest.raises(DBAPIError), database.reading() as session:
        session.execute(text("DELETE FROM thing"))


def test_writers_of_one_file_take_turns_in_the_order_they_came(tmp_path):
    file, order, began = tmp_path / "one.sqlite", [], threading.Event()

    def write(number):
        with write_turn(file):
            order.append(number)

    with write_turn(file):
        threads = []
        for number in range(8):
            thread = threading.Thread(target=write, args=(number,))
            thread.start()
            threads.append(thread)
            began.wait(0.02)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


@pytest.mark.postgresql
@pytest.mark.req("BUS-05")
def test_the_server_is_told_to_notice_that_a_machine_has_gone(postgresql_cluster):
    engine = make_engine(postgresql_cluster.url("postgres"))
    with engine.connect() as connection:
        idle, interval, count = (
            int(connection.scalar(text(f"SELECT setting FROM pg_settings WHERE name = 'tcp_keepalives_{name}'")))
            for name in ("idle", "interval", "count")
        )
    engine.dispose()

    assert idle + interval * count <= 40
