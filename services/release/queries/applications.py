"""Applications as pages show them: a list, a queue, and one with its timeline and deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.release.domain.application import State, answer_by, deliver_by
from services.release.domain.errors import NotFound
from services.release.queries.deliveries import DeliveryView, deliveries_of
from services.release.store.tables import ApplicationRow, StepRow, VoteRow
from shared.db.database import Database

DECIDED = frozenset({State.APPROVED.value, State.REJECTED.value})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One application in a list."""

    application_id: str
    registry: str
    title: str
    state: str
    created_at: datetime
    received_on: date | None
    answer_by: date | None


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One line of the timeline."""

    step: str
    role: str
    done_at: datetime


@dataclass(frozen=True, kw_only=True)
class VoteView:
    """One member's vote."""

    member: str
    choice: str
    comment: str
    voted_at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplicationView:
    """One application whole."""

    application_id: str
    registry: str
    title: str
    state: str
    content: Mapping[str, Any]
    received_on: date | None
    answer_by: date | None
    decided_on: date | None
    deliver_by: date | None
    reason: str
    steps: Sequence[StepView]
    votes: Sequence[VoteView]
    deliveries: Sequence[DeliveryView]


class Applications:
    """Reads applications; somebody else's or another registry's do not exist."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_applicant(self, applicant: str) -> list[Line]:
        """The applicant's own, newest first."""
        query = select(ApplicationRow).where(ApplicationRow.applicant == applicant)
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(ApplicationRow.created_at.desc(), ApplicationRow.application_id))
            return [_line(row) for row in rows]

    def queue(self, registry: str) -> list[Line]:
        """What a registry has received: undecided ones first, each by day of receipt."""
        query = select(ApplicationRow).where(ApplicationRow.registry_key == registry)
        query = query.where(ApplicationRow.state != State.DRAFT)
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(ApplicationRow.received_on, ApplicationRow.application_id))
            return sorted((_line(row) for row in rows), key=lambda line: line.state in DECIDED)

    def own(self, application_id: str, applicant: str) -> ApplicationView:
        """One of the applicant's own; raises NotFound."""
        return self._one(application_id, ApplicationRow.applicant == applicant)

    def received(self, application_id: str, registry: str) -> ApplicationView:
        """One that a registry has received; raises NotFound."""
        return self._one(application_id, ApplicationRow.registry_key == registry, ApplicationRow.state != State.DRAFT)

    def _one(self, application_id: str, *which: ColumnElement[bool]) -> ApplicationView:
        query = select(ApplicationRow).where(ApplicationRow.application_id == application_id, *which)
        with self._database.reading() as session:
            row = session.scalar(query)
            if row is None:
                raise NotFound
            return _view(session, row)


def _line(row: ApplicationRow) -> Line:
    return Line(
        application_id=row.application_id,
        registry=row.registry_key,
        title=row.title,
        state=row.state,
        created_at=row.created_at,
        received_on=row.received_on,
        answer_by=answer_by(row.received_on) if row.received_on else None,
    )


def _view(session: Session, row: ApplicationRow) -> ApplicationView:
    line = _line(row)
    return ApplicationView(
        application_id=line.application_id,
        registry=line.registry,
        title=line.title,
        state=line.state,
        content=row.content,
        received_on=line.received_on,
        answer_by=line.answer_by,
        decided_on=row.decided_on,
        deliver_by=deliver_by(row.decided_on) if row.decided_on and row.state == State.APPROVED else None,
        reason=row.reason,
        steps=_steps(session, row.application_id),
        votes=_votes(session, row.application_id),
        deliveries=deliveries_of(session, row.application_id),
    )


def _steps(session: Session, application_id: str) -> list[StepView]:
    query = select(StepRow).where(StepRow.application_id == application_id).order_by(StepRow.step_id)
    return [StepView(step=row.step, role=row.role, done_at=row.done_at) for row in session.scalars(query)]


def _votes(session: Session, application_id: str) -> list[VoteView]:
    query = select(VoteRow).where(VoteRow.application_id == application_id).order_by(VoteRow.member)
    return [
        VoteView(member=row.member, choice=row.choice, comment=row.comment, voted_at=row.voted_at)
        for row in session.scalars(query)
    ]
