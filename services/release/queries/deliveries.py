"""Deliveries as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.release.domain.delivery import APPROVERS, DeliveryState
from services.release.domain.errors import NotFound
from services.release.store.tables import ApprovalRow, DeliveryRow
from shared.db.database import Database


@dataclass(frozen=True, kw_only=True)
class ApprovalView:
    """One person's approval."""

    approved_by: str
    approved_at: datetime

    @property
    def user_number(self) -> str:
        """The approver's number in identity."""
        return self.approved_by.rpartition(":")[2]


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    """One delivery: what is in the file, who has approved it, and until when it can be had."""

    delivery_id: str
    application_id: str
    state: str
    persons: int | None
    rows: int | None
    smallest_cell: int | None
    sha256: str | None
    failure: str | None
    ordered_at: datetime
    is_fetched: bool
    expires_at: datetime | None
    use_until: date
    downloaded_at: datetime | None
    approvals: Sequence[ApprovalView]

    @property
    def is_open(self) -> bool:
        """Tell whether the recipient may download it."""
        return self.state == DeliveryState.APPROVED

    @property
    def waits_for_approval(self) -> bool:
        """Tell whether persons must look at it."""
        return self.state == DeliveryState.READY

    @property
    def missing_approvals(self) -> int:
        """How many persons must still approve."""
        return max(0, APPROVERS - len(self.approvals))

    def is_approved_by(self, actor: str) -> bool:
        """Tell whether somebody has approved already."""
        return any(approval.approved_by == actor for approval in self.approvals)


def deliveries_of(session: Session, application_id: str) -> list[DeliveryView]:
    """The deliveries of an application, newest first."""
    query = select(DeliveryRow).where(DeliveryRow.application_id == application_id)
    rows = session.scalars(query.order_by(DeliveryRow.ordered_at.desc(), DeliveryRow.delivery_id)).all()
    return [_view(session, row) for row in rows]


def own_delivery(delivery_id: str, recipient: str, *, database: Database) -> DeliveryView:
    """A delivery to this recipient; raises NotFound."""
    query = select(DeliveryRow).where(DeliveryRow.delivery_id == delivery_id, DeliveryRow.recipient == recipient)
    with database.reading() as session:
        row = session.scalar(query)
        if row is None:
            raise NotFound
        return _view(session, row)


def application_of_delivery(delivery_id: str, *, database: Database) -> str:
    """The application a delivery belongs to; raises NotFound."""
    with database.reading() as session:
        found = session.scalar(select(DeliveryRow.application_id).where(DeliveryRow.delivery_id == delivery_id))
    if found is None:
        raise NotFound
    return found


def _view(session: Session, row: DeliveryRow) -> DeliveryView:
    query = select(ApprovalRow).where(ApprovalRow.delivery_id == row.delivery_id).order_by(ApprovalRow.approved_at)
    approvals = [
        ApprovalView(approved_by=found.approved_by, approved_at=found.approved_at) for found in session.scalars(query)
    ]
    return DeliveryView(
        delivery_id=row.delivery_id,
        application_id=row.application_id,
        state=row.state,
        persons=row.persons,
        rows=row.rows,
        smallest_cell=row.smallest_cell,
        sha256=row.sha256,
        failure=row.failure,
        ordered_at=row.ordered_at,
        is_fetched=row.fetched_at is not None,
        expires_at=row.expires_at,
        use_until=row.use_until,
        downloaded_at=row.downloaded_at,
        approvals=approvals,
    )
