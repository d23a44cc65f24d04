"""Cases as pages show them. Somebody else's or another registry's do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.reservation.domain.case import BY_HAND, RECEIPTS_OF_ERASURE, CaseKind, LetterState
from services.reservation.domain.errors import NotFound
from services.reservation.store.tables import CaseRow, ReceiptRow, ReservedRow
from shared.db.database import Database


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a service has said; `received_at` is None for one that has not answered yet."""

    service: str
    received_at: datetime | None
    projects: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One case in a list."""

    case_id: str
    registry: str
    kind: str
    state: str
    channel: str
    letter: str
    received_at: datetime
    due_on: date
    closed_at: datetime | None

    @property
    def is_work(self) -> bool:
        """Tell whether something is still to be done, by a service or by a person."""
        return self.closed_at is None or self.letter == LetterState.DUE or self.is_to_post

    @property
    def standing(self) -> str:
        """The state, or `letter` when nothing but the letter is left to do."""
        return "letter" if self.closed_at is not None and self.is_work else self.state

    @property
    def is_to_post(self) -> bool:
        """Tell whether somebody must post the letter."""
        return self.letter in BY_HAND

    @property
    def is_refused(self) -> bool:
        """Tell whether the mailbox has not taken the letter."""
        return self.letter == LetterState.REFUSED


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """One case with its receipts."""

    line: Line
    receipts: Sequence[Receipt]


class Cases:
    """Reads cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserved_by(self, person_hash: str) -> frozenset[str]:
        """The registries the person has reserved against."""
        query = select(ReservedRow.registry_key).where(ReservedRow.person_hash == person_hash)
        with self._database.reading() as session:
            return frozenset(session.scalars(query))

    def own(self, person_hash: str) -> list[Line]:
        """The person's cases, newest first."""
        query = select(CaseRow).where(CaseRow.person_hash == person_hash)
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(CaseRow.received_at.desc(), CaseRow.case_id))
            return [_line(row) for row in rows]

    def own_case(self, case_id: str, person_hash: str) -> Line:
        """One of the person's own; raises NotFound."""
        return self._one(case_id, CaseRow.person_hash == person_hash).line

    def of_registry(self, registry: str) -> list[Line]:
        """All cases of a registry: what is to be done by due date, then the rest, newest first."""
        query = select(CaseRow).where(CaseRow.registry_key == registry)
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(CaseRow.due_on, CaseRow.received_at, CaseRow.case_id))
            lines = [_line(row) for row in rows]
        return [line for line in lines if line.is_work] + [line for line in reversed(lines) if not line.is_work]

    def of_registry_case(self, case_id: str, registry: str) -> CaseView:
        """One case of a registry; raises NotFound."""
        return self._one(case_id, CaseRow.registry_key == registry)

    def _one(self, case_id: str, which: ColumnElement[bool]) -> CaseView:
        with self._database.reading() as session:
            row = session.scalar(select(CaseRow).where(CaseRow.case_id == case_id, which))
            if row is None:
                raise NotFound
            return CaseView(line=_line(row), receipts=_receipts(session, row))


def _line(row: CaseRow) -> Line:
    return Line(
        case_id=row.case_id,
        registry=row.registry_key,
        kind=row.kind,
        state=row.state,
        channel=row.channel,
        letter=row.letter,
        received_at=row.received_at,
        due_on=row.due_on,
        closed_at=row.closed_at,
    )


def _receipts(session: Session, row: CaseRow) -> list[Receipt]:
    if row.kind != CaseKind.RESERVATION:
        return []
    found = {r.service: r for r in session.scalars(select(ReceiptRow).where(ReceiptRow.case_id == row.case_id))}
    given = [
        Receipt(service=r.service, received_at=r.received_at, projects=tuple(r.projects.split()))
        for r in sorted(found.values(), key=lambda r: (r.received_at, r.service))
    ]
    return given + [Receipt(service=name, received_at=None) for name in sorted(RECEIPTS_OF_ERASURE - found.keys())]
