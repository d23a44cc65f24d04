"""The database of release inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select

from services.release.domain.application import Application, Choice, Kind, State, Vote
from services.release.domain.delivery import Delivery, DeliveryState
from services.release.domain.errors import NotFound
from services.release.store.tables import ApplicationRow, ApprovalRow, DeliveryRow, VoteRow
from shared.outbox.unit_of_work import Store as KitStore


class Store(KitStore):
    """Applications, votes and deliveries."""

    def application(self, application_id: str, *, applicant: str | None = None) -> ApplicationRow:
        """The application, locked for change; somebody else's does not exist."""
        query = select(ApplicationRow).where(ApplicationRow.application_id == application_id).with_for_update()
        if applicant is not None:
            query = query.where(ApplicationRow.applicant == applicant)
        row = self.session.scalar(query)
        if row is None:
            raise NotFound
        return row

    def votes(self, application_id: str) -> tuple[Vote, ...]:
        """The votes given, by member."""
        query = select(VoteRow).where(VoteRow.application_id == application_id).order_by(VoteRow.member)
        return tuple(Vote(member=row.member, choice=Choice(row.choice)) for row in self.session.scalars(query))

    def write_vote(self, application_id: str, member: str, choice: Choice) -> None:
        """Keep a member's vote in place of an earlier one."""
        row = self.session.get(VoteRow, (application_id, member))
        if row is None:
            row = VoteRow(application_id=application_id, member=member)
            self.session.add(row)
        row.choice, row.voted_at = choice, self.now

    def delivery(self, delivery_id: str) -> DeliveryRow:
        """The delivery, locked for change; raises NotFound."""
        return self._delivery(DeliveryRow.delivery_id == delivery_id)

    def delivery_of_extract(self, extract_id: str) -> DeliveryRow:
        """The delivery that waits for an extract; raises NotFound when it waits for a newer one."""
        return self._delivery(DeliveryRow.extract_id == extract_id)

    def deliveries_with(self, extracts: Sequence[str]) -> Sequence[DeliveryRow]:
        """The deliveries whose present file is one of these extracts."""
        query = select(DeliveryRow).where(DeliveryRow.extract_id.in_(extracts)).order_by(DeliveryRow.delivery_id)
        return self.session.scalars(query.with_for_update()).all()

    def approvals(self, delivery_id: str) -> frozenset[str]:
        """Who has approved the delivery as it is now."""
        query = select(ApprovalRow.approved_by).where(ApprovalRow.delivery_id == delivery_id)
        return frozenset(self.session.scalars(query))

    def write_delivery(self, row: DeliveryRow, delivery: Delivery) -> None:
        """Write what the rules decided back to the row and its approvals."""
        row.state, row.smallest_cell = delivery.state, delivery.smallest_cell
        known = self.approvals(row.delivery_id)
        if known - delivery.approvals:
            self.session.execute(delete(ApprovalRow).where(ApprovalRow.delivery_id == row.delivery_id))
            known = frozenset()
        for person in sorted(delivery.approvals - known):
            self.add(ApprovalRow(delivery_id=row.delivery_id, approved_by=person, approved_at=self.now))
        self.session.flush()

    def add(self, row: object) -> None:
        """Put a new row into the transaction."""
        self.session.add(row)
        self.session.flush()

    def _delivery(self, which: ColumnElement[bool]) -> DeliveryRow:
        row = self.session.scalar(select(DeliveryRow).where(which).with_for_update())
        if row is None:
            raise NotFound
        return row


def application_of(row: ApplicationRow, votes: tuple[Vote, ...] = ()) -> Application:
    """The application as the rules see it."""
    return Application(
        kind=Kind(row.kind),
        state=State(row.state),
        applicant=row.applicant,
        has_rec_approval=row.has_rec_approval,
        is_commercial=row.is_commercial,
        received_on=row.received_on,
        decided_on=row.decided_on,
        votes=votes,
    )


def delivery_of(row: DeliveryRow, approvals: frozenset[str]) -> Delivery:
    """The delivery as the rules see it."""
    return Delivery(
        state=DeliveryState(row.state), recipient=row.recipient, smallest_cell=row.smallest_cell, approvals=approvals
    )
