"""The yearly reviews as coordinators see them: the state of each organisation, and the roles of one review."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from services.identity.domain.access_review import Verdict, may_review
from services.identity.domain.deadlines import REVIEW_EVERY
from services.identity.domain.errors import NotFound
from services.identity.domain.roles import Place, RoleCode, looks_after
from services.identity.store.access_tables import ReviewLineRow, ReviewRow
from services.identity.store.reviews import Reviews, review_of
from services.identity.store.seals import Seals
from services.identity.store.tables import RoleRow, UnitRow, UserRow
from services.identity.store.users import is_held
from shared.auth.principal import Principal
from shared.db.database import Database
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many roles of a review are open, confirmed, removed, and lost unconfirmed."""

    open: int = 0
    confirmed: int = 0
    removed: int = 0
    unconfirmed: int = 0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an organisation stands: its newest review, or (without a `review_id`) when the first one opens."""

    organisation_name: str
    opens_at: datetime
    review_id: int | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """One role of a review; `verdict` is None while it is open, `is_mine` where the reader may decide."""

    role_id: int
    full_name: str = field(repr=False)
    user_name: str = field(repr=False)
    status: str
    role: str
    verdict: str | None
    is_mine: bool


@dataclass(frozen=True)
class YearlyReviews:
    """Reads reviews for one administrator."""

    database: Database
    seals: Seals
    clock: Clock

    def standings(self, by: Principal) -> list[Standing]:
        """The organisations looked after where roles are held, by name."""
        with self.database.reading() as session:
            places = Reviews(session, self.clock.now()).counted_from()
            mine = {place: moment for place, moment in places.items() if looks_after(by.role, _place(by), place)}
            found = [_standing(session, place, moment, self.clock.now()) for place, moment in mine.items()]
        return sorted(found, key=lambda standing: standing.organisation_name.casefold())

    def one(self, review_id: int, by: Principal) -> tuple[Standing, list[Reviewed]]:
        """A review with its roles, by name; raises NotFound for a foreign and a missing one alike."""
        with self.database.reading() as session:
            row = session.get(ReviewRow, review_id)
            if row is None or not looks_after(by.role, _place(by), _place_of(row)):
                raise NotFound
            lines = session.execute(_lines(review_id, self.clock.now())).all()
            shown = [self._shown(line, role, user, by) for line, role, user in lines]
            standing = _standing_of(session, row, self.clock.now())
        return standing, sorted(shown, key=lambda line: line.full_name.casefold())

    def _shown(self, line: ReviewLineRow, role: RoleRow, user: UserRow, by: Principal) -> Reviewed:
        details = self.seals.details_of(user)
        is_mine = may_review(RoleCode(role.role), RoleCode(by.role or ""), is_own=by.user_id == user.user_id)
        return Reviewed(
            role_id=role.role_id,
            full_name=details.full_name,
            user_name=details.user_name,
            status=user.status,
            role=role.role,
            verdict=line.verdict,
            is_mine=is_mine,
        )


def _lines(review_id: int, now: datetime) -> Select[ReviewLineRow, RoleRow, UserRow]:
    """What was decided, and what is still open; a role taken in another way is nobody's business any more."""
    query = select(ReviewLineRow, RoleRow, UserRow).join(RoleRow, RoleRow.role_id == ReviewLineRow.role_id)
    counts = ReviewLineRow.verdict.is_not(None) | is_held(now)
    return query.join(UserRow, UserRow.user_id == RoleRow.user_id).where(ReviewLineRow.review_id == review_id, counts)


def _standing(session: Session, place: Place, counted_from: datetime, now: datetime) -> Standing:
    mine = (ReviewRow.registry_key == place.registry) & (ReviewRow.organisation == place.organisation)
    row = session.scalar(select(ReviewRow).where(mine).order_by(ReviewRow.review_id.desc()).limit(1))
    if row is not None:
        return _standing_of(session, row, now)
    unit = session.get_one(UnitRow, place.organisation)
    return Standing(organisation_name=unit.name, opens_at=counted_from + REVIEW_EVERY)


def _standing_of(session: Session, row: ReviewRow, now: datetime) -> Standing:
    verdict = case((ReviewLineRow.verdict.is_(None), "open"), else_=ReviewLineRow.verdict)
    counts = ReviewLineRow.verdict.is_not(None) | is_held(now)
    query = select(verdict, func.count()).join(RoleRow, RoleRow.role_id == ReviewLineRow.role_id)
    rows = session.execute(query.where(ReviewLineRow.review_id == row.review_id, counts).group_by(verdict))
    found = {row[0]: int(row[1]) for row in rows}
    return Standing(
        organisation_name=session.get_one(UnitRow, row.organisation).name,
        opens_at=row.opened_at,
        review_id=row.review_id,
        closes_at=review_of(row).closes_at,
        closed_at=row.closed_at,
        counts=Counts(open=found.get("open", 0), **{verdict.value: found.get(verdict, 0) for verdict in Verdict}),
    )


def _place(by: Principal) -> Place:
    return Place(registry=by.registry or "", organisation=by.organisation)


def _place_of(row: ReviewRow) -> Place:
    return Place(registry=row.registry_key, organisation=row.organisation)
