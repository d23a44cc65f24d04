"""The person store: how persons are kept sealed, found by keyed hash, and erased for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.orm import Session

from services.registration.domain.errors import NotFound
from services.registration.domain.person import PersonFacts, PersonName, Sex
from services.registration.store.batches import batched
from services.registration.store.person_tables import PersonRow
from shared.db.database import Database
from shared.db.encryption import PersonKeys
from shared.db.keyed_hash import KeyedHash
from shared.scheduling.clock import Clock

_SEALED = ("number", "name", "birth_on", "sex", "municipality", "address", "phone", "email", "died_on")
_LISTED = ("number", "name", "birth_on", "sex")
# Of columns, not of the class: the ORM has no part in reading a list.
_PERSON = PersonRow.__table__.c
_THESE = _PERSON.pid.in_(bindparam("pids", expanding=True))
_ALL_OF = select(*_PERSON).where(_THESE)
_NAMES_OF = select(*(_PERSON[name] for name in ("pid", "data_key", "number_hash", *_LISTED))).where(_THESE)
_KEY_OF = select(_PERSON.data_key, _PERSON.number_hash).where(_PERSON.pid == bindparam("pid"))


@dataclass(frozen=True)
class PersonStore:
    """Persons by PID or by number. `search` finds them here, `block` is the key of the block list only."""

    database: Database
    keys: PersonKeys
    search: KeyedHash
    block: KeyedHash
    clock: Clock

    def find(self, number: str) -> int | None:
        """The PID of the person with this number, if registered."""
        with self.database.reading() as session:
            return session.scalar(select(PersonRow.pid).where(PersonRow.number_hash == self.search.digest(number)))

    def find_blocked_hash(self, block_hash: str) -> int | None:
        """The PID behind a block-list hash, if the person is registered."""
        with self.database.reading() as session:
            return session.scalar(select(PersonRow.pid).where(PersonRow.block_hash == block_hash))

    def block_hash(self, number: str) -> str:
        """The person as the block list knows one."""
        return self.block.digest(number)

    def block_hash_of(self, pid: int) -> str:
        """A registered person as the block list knows one; raises NotFound."""
        with self.database.reading() as session:
            found = session.scalar(select(PersonRow.block_hash).where(PersonRow.pid == pid))
        if found is None:
            raise NotFound
        return found

    def block_hashes_of(self, pids: Iterable[int]) -> dict[int, str]:
        """Several registered persons as the block list knows them; who is gone is left out."""
        found: dict[int, str] = {}
        with self.database.reading() as session:
            for some in batched(pids):
                query = select(PersonRow.pid, PersonRow.block_hash).where(PersonRow.pid.in_(some))
                found.update({row.pid: row.block_hash for row in session.execute(query)})
        return found

    def keep(self, facts: PersonFacts) -> int:
        """Store or replace a person and return the PID; a protected address is left out."""
        return self._keep(facts, is_contact_kept=False)

    def refresh(self, facts: PersonFacts) -> int:
        """The same by what the population register says: contact data that clinicians have written stay."""
        return self._keep(facts, is_contact_kept=True)

    def _keep(self, facts: PersonFacts, *, is_contact_kept: bool) -> int:
        facts = facts.without_protected_address()
        with self.database.transaction() as session:
            row = session.scalar(select(PersonRow).where(PersonRow.number_hash == self.search.digest(facts.number)))
            if row is None:
                row = self._new_row(session, facts)
            elif is_contact_kept:
                known = self._open(row)
                facts = replace(facts, phone=known.phone, email=known.email)
            self._write(row, facts)
            session.flush()
            return row.pid

    def read(self, pid: int) -> PersonFacts:
        """Everything about one person; the caller has written the access log first."""
        return self.read_many([pid])[pid]

    def read_many(self, pids: list[int]) -> dict[int, PersonFacts]:
        """The persons of a list in one query; raises NotFound when one of them is gone."""
        found = self.read_known(pids)
        if len(found) != len(set(pids)):
            raise NotFound
        return found

    def read_known(self, pids: Sequence[int]) -> dict[int, PersonFacts]:
        """The same for a list that is shown: whoever is erased meanwhile is left out."""
        with self.database.reading() as session:
            rows = session.execute(_ALL_OF, {"pids": pids}).all()
        return {row.pid: self._open(row) for row in rows}

    def read_names(self, pids: Sequence[int]) -> dict[int, PersonName]:
        """What a list shows of persons, and nothing else of them is opened; whoever is erased is left out."""
        with self.database.reading() as session:
            rows = session.execute(_NAMES_OF, {"pids": pids}).all()
        return {row.pid: self._open_name(row) for row in rows}

    def seal(self, pid: int, text: str, *, bound_to: str) -> bytes:
        """Seal a text that is about a person and kept elsewhere: once the person is erased nobody can read it."""
        row = self._key_row(pid)
        return self.keys.cipher(row.data_key, row.number_hash).seal(text, bound_to=f"{row.number_hash}/{bound_to}")

    def open(self, pid: int, blob: bytes, *, bound_to: str) -> str:
        """What `seal` has sealed; raises CannotOpen."""
        row = self._key_row(pid)
        return self.keys.cipher(row.data_key, row.number_hash).open(blob, bound_to=f"{row.number_hash}/{bound_to}")

    def _key_row(self, pid: int) -> Row[Any, Any]:
        with self.database.reading() as session:
            row = session.execute(_KEY_OF, {"pid": pid}).one_or_none()
        if row is None:
            raise NotFound
        return row

    def erase(self, pid: int) -> None:
        """Remove the person and, with the row, the only key that opens older copies of it."""
        with self.database.transaction() as session:
            session.execute(delete(PersonRow).where(PersonRow.pid == pid))

    def _new_row(self, session: Session, facts: PersonFacts) -> PersonRow:
        number_hash = self.search.digest(facts.number)
        row = PersonRow(
            number_hash=number_hash,
            block_hash=self.block.digest(facts.number),
            data_key=self.keys.new(number_hash),
        )
        session.add(row)
        return row

    def _write(self, row: PersonRow, facts: PersonFacts) -> None:
        cipher = self.keys.cipher(row.data_key, row.number_hash)
        texts = {**facts.__dict__, "birth_on": _iso(facts.birth_on), "died_on": _iso(facts.died_on)}
        for column in _SEALED:
            setattr(row, column, cipher.seal(str(texts[column]), bound_to=f"{row.number_hash}/{column}"))
        row.number_kind = facts.number_kind
        row.protection = facts.protection
        row.updated_at = self.clock.now()

    def _texts(self, row: PersonRow | Row[Any], columns: Iterable[str]) -> dict[str, str]:
        cipher = self.keys.cipher(row.data_key, row.number_hash)
        return {c: cipher.open(getattr(row, c), bound_to=f"{row.number_hash}/{c}") for c in columns}

    def _open_name(self, row: Row[Any]) -> PersonName:
        texts = self._texts(row, _LISTED)
        return PersonName(
            number=texts["number"], name=texts["name"], birth_on=_date(texts["birth_on"]), sex=Sex(texts["sex"])
        )

    def _open(self, row: PersonRow | Row[Any]) -> PersonFacts:
        texts = self._texts(row, _SEALED)
        return PersonFacts(
            number=texts["number"],
            number_kind=row.number_kind,
            name=texts["name"],
            birth_on=_date(texts["birth_on"]),
            sex=Sex(texts["sex"]),
            municipality=texts["municipality"],
            address=texts["address"],
            phone=texts["phone"],
            email=texts["email"],
            died_on=_date(texts["died_on"]),
            protection=row.protection,
        )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
