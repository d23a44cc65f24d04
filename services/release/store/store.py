"""The database of release inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, select

from services.release.domain.application import Application, Choice, Kind, State, Vote
from services.release.domain.delivery import UNDER_WAY, Delivery, DeliveryState
from services.release.domain.errors import NotFound
from services.release.domain.research import people
from services.release.store.tables import ApplicationRow, ApprovalRow, DeliveryRow, StepRow, VoteRow
from shared.outbox.unit_of_work import Store as KitStore


class Store(KitStore):
    """Applications, votes, steps and deliveries."""

    def application(
        self, application_id: str, *, applicant: str | None = None, registry: str | None = None
    ) -> ApplicationRow:
        """The application, locked for change; somebody else's, or another registry's, does not exist."""
        query = select(ApplicationRow).where(ApplicationRow.application_id == application_id).with_for_update()
        if applicant is not None:
            query = query.where(ApplicationRow.applicant == applicant)
        if registry is not None:
            query = query.where(ApplicationRow.registry_key == registry, ApplicationRow.state != State.DRAFT)
        row = self.session.scalar(query)
        if row is None:
            raise NotFound
        return row

    def votes(self, application_id: str) -> tuple[Vote, ...]:
        """The votes given, by member."""
        query = select(VoteRow).where(VoteRow.application_id == application_id).order_by(VoteRow.member)
        return tuple(
            Vote(member=row.member, choice=Choice(row.choice), comment=row.comment)
            for row in self.session.scalars(query)
        )

    def write_vote(self, application_id: str, vote: Vote) -> None:
        """Keep a member's vote in place of an earlier one."""
        row = self.session.get(VoteRow, (application_id, vote.member))
        if row is None:
            row = VoteRow(application_id=application_id, member=vote.member)
            self.session.add(row)
        row.choice, row.comment, row.voted_at = vote.choice, vote.comment, self.now

    def write_step(self, application_id: str, step: str, *, actor: str, role: str) -> None:
        """Add a line to the application's timeline."""
        self.add(StepRow(application_id=application_id, step=step, actor=actor, role=role, done_at=self.now))

    def delivery(self, delivery_id: str) -> DeliveryRow:
        """The delivery, locked for change; raises NotFound."""
        query = select(DeliveryRow).where(DeliveryRow.delivery_id == delivery_id)
        row = self.session.scalar(query.with_for_update())
        if row is None:
            raise NotFound
        return row

    def find_delivery_of_extract(self, extract_id: str) -> DeliveryRow | None:
        """The delivery whose present extract this is, locked; None when the extract was called back."""
        query = select(DeliveryRow).where(DeliveryRow.extract_id == extract_id)
        return self.session.scalar(query.with_for_update())

    def has_delivery_under_way(self, application_id: str) -> bool:
        """Tell whether a file of the application is asked for or waits to be handed out."""
        query = select(DeliveryRow.delivery_id).where(DeliveryRow.application_id == application_id)
        return self.session.scalar(query.where(DeliveryRow.state.in_(UNDER_WAY)).limit(1)) is not None

    def files_over(self) -> Sequence[DeliveryRow]:
        """Deliveries whose file nobody came for in time."""
        waits = DeliveryRow.state.in_([DeliveryState.READY, DeliveryState.APPROVED])
        return self._deliveries(waits, DeliveryRow.expires_at <= self.now)

    def uses_over(self, today: date) -> Sequence[DeliveryRow]:
        """Downloaded deliveries whose project has ended and has not been told so."""
        is_out = DeliveryRow.state == DeliveryState.DOWNLOADED
        return self._deliveries(is_out, DeliveryRow.use_until < today, DeliveryRow.use_ended_at.is_(None))

    def deliveries_with(self, extracts: Sequence[str]) -> Sequence[DeliveryRow]:
        """The deliveries whose present file is one of these extracts."""
        return self._deliveries(DeliveryRow.extract_id.in_(extracts))

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

    def _deliveries(self, *which: ColumnElement[bool]) -> Sequence[DeliveryRow]:
        query = select(DeliveryRow).where(*which).order_by(DeliveryRow.delivery_id)
        return self.session.scalars(query.with_for_update()).all()


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
        people=people(row.content),
        votes=votes,
    )


def delivery_of(row: DeliveryRow, approvals: frozenset[str]) -> Delivery:
    """The delivery as the rules see it."""
    return Delivery(
        state=DeliveryState(row.state), recipient=row.recipient, smallest_cell=row.smallest_cell, approvals=approvals
    )
