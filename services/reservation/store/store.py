"""The database of reservation inside one transaction."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from services.reservation.domain.case import Case, CaseKind, CaseState, Channel, LetterState
from services.reservation.domain.errors import NotFound
from services.reservation.store.tables import CaseRow, ReceiptRow, ReservedRow
from shared.outbox.unit_of_work import Store as KitStore
from shared.scheduling.clock import oslo


class Store(KitStore):
    """Cases, receipts and the block list."""

    def case(self, case_id: str) -> CaseRow:
        """The case, locked for change; raises NotFound."""
        row = self.session.scalar(select(CaseRow).where(CaseRow.case_id == case_id).with_for_update())
        if row is None:
            raise NotFound
        return row

    def receipts(self, case_id: str) -> frozenset[str]:
        """The services that have confirmed a case."""
        return frozenset(self.session.scalars(select(ReceiptRow.service).where(ReceiptRow.case_id == case_id)))

    def projects(self, case_id: str) -> list[str]:
        """The projects that the receipts of a case name, in order."""
        texts = self.session.scalars(select(ReceiptRow.projects).where(ReceiptRow.case_id == case_id))
        return sorted({project for text in texts for project in text.split()})

    def cases_without_letter(self) -> list[str]:
        """Closed cases whose letter is due still."""
        query = select(CaseRow.case_id).where(CaseRow.state == CaseState.CLOSED, CaseRow.letter == LetterState.DUE)
        return list(self.session.scalars(query.order_by(CaseRow.case_id)))

    def add_receipt(self, case_id: str, service: str, projects: tuple[str, ...]) -> None:
        """Note that a service is done; a second receipt changes nothing."""
        if self.session.get(ReceiptRow, (case_id, service)) is None:
            text = " ".join(projects)
            self.add(ReceiptRow(case_id=case_id, service=service, projects=text, received_at=self.now))

    def is_reserved(self, registry: str, person_hash: str) -> bool:
        """Whether the person is on the block list."""
        return self.session.get(ReservedRow, (registry, person_hash)) is not None

    def reserve(self, registry: str, person_hash: str) -> bool:
        """Put a person on the block list; False for somebody who stands there, also since this moment."""
        dialect = sqlite if self.session.get_bind().dialect.name == "sqlite" else postgresql
        row = {"registry": registry, "person_hash": person_hash, "since": self.now}
        statement = dialect.insert(ReservedRow.__table__).values(**row).on_conflict_do_nothing()
        return self.session.scalar(statement.returning(ReservedRow.person_hash)) is not None

    def release(self, registry: str, person_hash: str) -> bool:
        """Take a person off the block list; False for somebody who does not stand there."""
        mine = (ReservedRow.registry_key == registry) & (ReservedRow.person_hash == person_hash)
        return bool(self.session.execute(delete(ReservedRow).where(mine)).rowcount)  # type: ignore[attr-defined]

    def add(self, row: object) -> None:
        """Put a new row into the transaction."""
        self.session.add(row)
        self.session.flush()


def case_of(row: CaseRow, receipts: frozenset[str]) -> Case:
    """The case as the rules see it."""
    return Case(
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        channel=Channel(row.channel),
        received_on=oslo(row.received_at).date(),
        receipts=receipts,
    )
