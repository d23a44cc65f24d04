"""Applications for access and messages on their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.identity.domain.application import Application, Conflict, State
from services.identity.domain.errors import NotFound
from services.identity.domain.roles import Place, RoleCode
from services.identity.store.tables import ApplicationRow, MessageRow


class Applications:
    """Applications in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def add(self, row: ApplicationRow) -> None:
        """Store a new application."""
        self._session.add(row)
        self._session.flush()

    def get(self, application_id: str) -> ApplicationRow:
        """The application, locked for change; raises NotFound."""
        row = self._session.get(ApplicationRow, application_id, with_for_update=True)
        if row is None:
            raise NotFound
        return row

    def waiting(self) -> Sequence[ApplicationRow]:
        """All applications that are not decided, the oldest first."""
        query = select(ApplicationRow).where(ApplicationRow.state == State.WAITING.value)
        return self._session.scalars(query.order_by(ApplicationRow.applied_at, ApplicationRow.application_id)).all()

    def decide(self, row: ApplicationRow, decided: Application) -> None:
        """Write a decision; what identified the applicant is forgotten."""
        row.state = decided.state.value
        row.role = decided.role.value if decided.role else None
        row.reason = decided.reason
        row.decided_at, row.decided_by = decided.decided_at, decided.decided_by
        row.details = row.user_name_hash = row.mobile_hash = row.email_hash = None
        self._session.flush()


class Messages:
    """Messages on their way in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def add(self, message_id: str, kind: str, content: bytes, *, useless_after: datetime) -> None:
        """Store a sealed message until it is sent."""
        self._session.add(
            MessageRow(
                message_id=message_id,
                kind=kind,
                content=content,
                created_at=self._now,
                useless_after=useless_after,
            )
        )
        self._session.flush()

    def find(self, message_id: str) -> MessageRow | None:
        """A message that is not sent yet."""
        return self._session.get(MessageRow, message_id)

    def remove(self, message_id: str) -> None:
        """Forget a message that is sent or useless."""
        self._session.execute(delete(MessageRow).where(MessageRow.message_id == message_id))


def new_id() -> str:
    """An id for an application, message or notice."""
    return uuid4().hex


def application_of(row: ApplicationRow, conflicts: frozenset[Conflict] = frozenset()) -> Application:
    """An application as the rules see it."""
    return Application(
        state=State(row.state),
        place=Place(registry=row.registry_key, organisation=row.organisation),
        applicant=row.applicant,
        conflicts=conflicts,
        role=RoleCode(row.role) if row.role else None,
        reason=row.reason,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )
