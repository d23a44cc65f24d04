"""The person store: sealed, found by keyed hash, erased for good."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text

from services.registration.domain.errors import NotFound
from services.registration.domain.person import PersonFacts, Sex
from services.registration.store.person_tables import PersonBase, PersonRow
from services.registration.store.persons import PersonStore
from shared.db.encryption import CannotOpen, Cipher, PersonKeys
from shared.db.keyed_hash import KeyedHash
from shared.db.keys import KeyRing, add_key, create_key_file
from shared.scheduling.clock import FixedClock

NUMBER = "03851598730"


@pytest.fixture
def key_file(tmp_path):
    create_key_file(tmp_path / "persons.json")
    return tmp_path / "persons.json"


@pytest.fixture
def persons(make_database, key_file):
    return PersonStore(
        database=make_database(PersonBase.metadata),
        keys=PersonKeys(Cipher(KeyRing.from_file(key_file), "person-keys")),
        search=KeyedHash(b"s" * 32, "person-search"),
        block=KeyedHash(b"b" * 32, "block-list"),
        clock=FixedClock(datetime(2026, 11, 21, tzinfo=UTC)),
    )


def make_person(**values):
    valid = {"number": NUMBER, "number_kind": "national", "name": "Line Danser", "birth_on": date(2015, 5, 3)}
    return PersonFacts(**(valid | {"sex": Sex.FEMALE, "address": "Bakken 1", "phone": "90000001"} | values))


@pytest.mark.req("GEN-03", "GEN-04")
def test_a_person_is_kept_once_and_read_back(persons):
    pid = persons.keep(make_person())

    assert persons.keep(make_person(phone="90000002")) == pid
    assert persons.find(NUMBER) == pid
    assert persons.read(pid) == make_person(phone="90000002")


@pytest.mark.req("GEN-04")
def test_no_column_tells_who_it_is(persons):
    persons.keep(make_person())
    with persons.database.reading() as session:
        row = session.execute(select(PersonRow.__table__)).mappings().one()

    stored = " ".join(str(bytes(v) if isinstance(v, bytes | memoryview) else v) for v in row.values())
    assert not [word for word in (NUMBER, "Danser", "2015", "Bakken", "90000001") if word in stored]


@pytest.mark.req("RES-05", "GEN-04")
def test_an_erased_person_cannot_be_read_from_an_old_copy(persons):
    pid = persons.keep(make_person())
    with persons.database.reading() as session:
        old = session.execute(select(PersonRow.name, PersonRow.number_hash)).one()
    persons.erase(pid)

    with pytest.raises(NotFound):
        persons.read(pid)
    fresh = persons.keys.cipher(persons.keys.new(old.number_hash), old.number_hash)
    with pytest.raises(CannotOpen):
        fresh.open(old.name, bound_to=f"{old.number_hash}/name")


@pytest.mark.req("GEN-04")
def test_a_value_moved_to_another_person_does_not_open(persons):
    first, second = persons.keep(make_person()), persons.keep(make_person(number="30908299902", name="Ola Prøve"))
    with persons.database.transaction() as session:
        session.execute(
            text("UPDATE person SET name = (SELECT name FROM person WHERE pid = :a) WHERE pid = :b"),
            {"a": first, "b": second},
        )

    with pytest.raises(CannotOpen):
        persons.read(second)


@pytest.mark.req("REG-02")
def test_a_protected_address_is_never_stored(persons):
    pid = persons.keep(make_person(protection="strictly_confidential", municipality="Bergen"))

    assert (persons.read(pid).address, persons.read(pid).municipality) == ("", "")


@pytest.mark.req("GEN-04")
def test_a_rotated_master_key_still_reads_older_persons(persons, key_file):
    pid = persons.keep(make_person())
    add_key(key_file)
    rotated = PersonStore(
        persons.database,
        PersonKeys(Cipher(KeyRing.from_file(key_file), "person-keys")),
        persons.search,
        persons.block,
        persons.clock,
    )

    assert rotated.read(pid).name == "Line Danser"


@pytest.mark.req("RES-05")
def test_the_block_list_finds_a_person_under_its_own_key_only(persons):
    pid = persons.keep(make_person())

    assert persons.find_blocked_hash(persons.block_hash(NUMBER)) == pid
    assert persons.find_blocked_hash(persons.search.digest(NUMBER)) is None


def test_a_person_never_shows_itself_in_a_traceback():
    assert repr(make_person()) == "PersonFacts(...)"
