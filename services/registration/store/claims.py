"""Numbers of people whom another registry has ordered a form for: sealed, in nobody's register, kept for a while."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from services.registration.domain.errors import NotFound
from services.registration.store.person_tables import ClaimRow
from services.registration.store.persons import PersonStore


@dataclass(frozen=True)
class ClaimStore:
    """Claims by their own numbers; they lie beside the persons and under keys of their own."""

    persons: PersonStore

    def make(self, number: str, until: datetime) -> int:
        """Keep a number until a moment and return its claim; those whose time is out are forgotten first."""
        binding = secrets.token_hex(16)
        data_key = self.persons.keys.new(binding)
        sealed = self.persons.keys.cipher(data_key, binding).seal(number, bound_to=f"claim/{binding}")
        with self.persons.database.transaction() as session:
            session.execute(delete(ClaimRow).where(ClaimRow.until <= self.persons.clock.now()))
            row = ClaimRow(binding=binding, data_key=data_key, number=sealed, until=until)
            session.add(row)
            session.flush()
            return row.claim

    def read(self, claim: int) -> str:
        """The number; raises NotFound for a claim that was released or whose time is out."""
        is_in_time = ClaimRow.until > self.persons.clock.now()
        with self.persons.database.reading() as session:
            row = session.scalar(select(ClaimRow).where(ClaimRow.claim == claim, is_in_time))
            if row is None:
                raise NotFound
            cipher = self.persons.keys.cipher(row.data_key, row.binding)
            return cipher.open(row.number, bound_to=f"claim/{row.binding}")

    def release(self, claim: int) -> None:
        """Forget a number; a second time changes nothing."""
        with self.persons.database.transaction() as session:
            session.execute(delete(ClaimRow).where(ClaimRow.claim == claim))
