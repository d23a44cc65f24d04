"""The database of reservation inside one transaction."""

from __future__ import annotations

from sqlalchemy import delete, select

from services.reservation.domain.case import Case, CaseKind, CaseState, Channel
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

    def add_receipt(self, case_id: str, service: str, projects: tuple[str, ...]) -> None:
        """Note that a service is done; a second receipt changes nothing."""
        if self.session.get(ReceiptRow, (case_id, service)) is None:
            text = " ".join(projects)
            self.add(ReceiptRow(case_id=case_id, service=service, projects=text, received_at=self.now))

    def is_reserved(self, registry: str, person_hash: str) -> bool:
        """Whether the person is on the block list."""
        return self.session.get(ReservedRow, (registry, person_hash)) is not None

    def reserve(self, registry: str, person_hash: str) -> None:
        """Put a person on the block list."""
        self.add(ReservedRow(registry_key=registry, person_hash=person_hash, since=self.now))

    def release(self, registry: str, person_hash: str) -> None:
        """Take a person off the block list."""
        mine = (ReservedRow.registry_key == registry) & (ReservedRow.person_hash == person_hash)
        self.session.execute(delete(ReservedRow).where(mine))

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
