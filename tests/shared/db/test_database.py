"""Transactions, constraints by name, keys and hashes."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import CheckConstraint, Column, Integer, String, Table, UniqueConstraint, insert, select

from shared.db.base import new_metadata, privacy
from shared.db.encryption import CannotOpen, Cipher
from shared.db.errors import ConstraintBroken
from shared.db.keyed_hash import KeyedHash
from shared.db.keys import KeyMissing, KeyRing, add_key, create_key_file

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
    with pytest.raises(KeyMissing):
        cipher.open(fresh, bound_to="r")


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
