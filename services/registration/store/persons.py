"""The person store: how persons are kept sealed, found by keyed hash, and erased for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.registration.domain.errors import NotFound
from services.registration.domain.person import PersonFacts, Sex
from services.registration.store.person_tables import PersonRow
from shared.db.database import Database
from shared.db.encryption import PersonKeys
from shared.db.keyed_hash import KeyedHash
from shared.scheduling.clock import Clock

_SEALED = ("number", "name", "birth_on", "sex", "municipality", "address", "phone", "email", "died_on")


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

    def keep(self, facts: PersonFacts) -> int:
        """Store or refresh a person and return the PID; a protected address is left out."""
        facts = facts.without_protected_address()
        with self.database.transaction() as session:
            row = session.scalar(select(PersonRow).where(PersonRow.number_hash == self.search.digest(facts.number)))
            if row is None:
                row = self._new_row(session, facts)
            self._write(row, facts)
            session.flush()
            return row.pid

    def read(self, pid: int) -> PersonFacts:
        """Everything about one person; the caller has written the access log first."""
        return self.read_many([pid])[pid]

    def read_many(self, pids: list[int]) -> dict[int, PersonFacts]:
        """The persons of a list in one query; raises NotFound when one of them is gone."""
        with self.database.reading() as session:
            rows = session.scalars(select(PersonRow).where(PersonRow.pid.in_(pids))).all()
            found = {row.pid: self._open(row) for row in rows}
        if len(found) != len(set(pids)):
            raise NotFound
        return found

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

    def _open(self, row: PersonRow) -> PersonFacts:
        cipher = self.keys.cipher(row.data_key, row.number_hash)
        texts = {c: cipher.open(getattr(row, c), bound_to=f"{row.number_hash}/{c}") for c in _SEALED}
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
