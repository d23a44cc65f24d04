"""The yearly reviews of who has access."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.identity.domain.access_review import Review, Verdict
from services.identity.domain.errors import NotFound
from services.identity.domain.roles import Place
from services.identity.store.access_tables import ReviewLineRow, ReviewRow
from services.identity.store.tables import RoleRow, UnitRow
from services.identity.store.users import is_held


class Reviews:
    """Reviews and their lines in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def counted_from(self) -> dict[Place, datetime]:
        """For each organisation where roles are held: when its last review was opened, else its oldest role given."""
        at = (RoleRow.registry_key, RoleRow.organisation)
        is_known = RoleRow.organisation.in_(select(UnitRow.resh))
        first = select(*at, func.min(RoleRow.granted_at)).where(is_known, is_held(self._now))
        last = select(ReviewRow.registry_key, ReviewRow.organisation, func.max(ReviewRow.opened_at))
        granted = {(key, resh): moment for key, resh, moment in self._session.execute(first.group_by(*at))}
        opened = last.group_by(ReviewRow.registry_key, ReviewRow.organisation)
        granted |= {(k, resh): moment for k, resh, moment in self._session.execute(opened) if (k, resh) in granted}
        return {Place(registry=key, organisation=resh): moment for (key, resh), moment in sorted(granted.items())}

    def open(self, place: Place) -> tuple[ReviewRow, int]:
        """Open a review with all roles held in the organisation now; returns it and how many they are."""
        row = ReviewRow(registry_key=place.registry, organisation=place.organisation, opened_at=self._now, reminders=0)
        self._session.add(row)
        self._session.flush()
        at = (RoleRow.registry_key == place.registry) & (RoleRow.organisation == place.organisation)
        roles = self._session.scalars(select(RoleRow.role_id).where(at, is_held(self._now))).all()
        self._session.add_all(ReviewLineRow(review_id=row.review_id, role_id=role_id) for role_id in roles)
        self._session.flush()
        return row, len(roles)

    def open_ids(self) -> Sequence[int]:
        """The reviews that are not closed, the oldest first."""
        query = select(ReviewRow.review_id).where(ReviewRow.closed_at.is_(None))
        return self._session.scalars(query.order_by(ReviewRow.review_id)).all()

    def get(self, review_id: int) -> ReviewRow:
        """A review, locked for change; raises NotFound."""
        row = self._session.get(ReviewRow, review_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise NotFound
        return row

    def line(self, review_id: int, role_id: int) -> ReviewLineRow:
        """A line of a review; raises NotFound."""
        row = self._session.get(ReviewLineRow, (review_id, role_id))
        if row is None:
            raise NotFound
        return row

    def open_roles(self, review_id: int) -> Sequence[RoleRow]:
        """The roles of a review that are still held and not decided on."""
        mine = (ReviewLineRow.review_id == review_id) & ReviewLineRow.verdict.is_(None)
        query = select(RoleRow).join(ReviewLineRow, ReviewLineRow.role_id == RoleRow.role_id)
        return self._session.scalars(query.where(mine, is_held(self._now)).order_by(RoleRow.role_id)).all()

    def decide(self, line: ReviewLineRow, verdict: Verdict, *, by: int | None) -> None:
        """Write down what became of a role."""
        line.verdict, line.decided_at, line.decided_by = verdict.value, self._now, by
        self._session.flush()


def review_of(row: ReviewRow) -> Review:
    """A review as the rules see it."""
    return Review(opened_at=row.opened_at, reminders=row.reminders, warned_at=row.warned_at)
