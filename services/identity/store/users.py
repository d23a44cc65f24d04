"""Accounts and the roles they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from services.identity.domain.account import Account, Status
from services.identity.domain.application import Conflict
from services.identity.domain.deadlines import IDLE_LOCKED_AFTER, IDLE_TOLD_BEFORE
from services.identity.domain.errors import NotFound
from services.identity.domain.password import PasswordState
from services.identity.domain.roles import Place, RoleCode
from services.identity.store.seals import Fingerprints
from services.identity.store.tables import RoleRow, UserRow


class Users:
    """Accounts and roles in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def find(self, user_name_hash: str) -> UserRow | None:
        """The account with this user name, if any."""
        return self._session.scalar(select(UserRow).where(UserRow.user_name_hash == user_name_hash))

    def get(self, user_id: int) -> UserRow:
        """The account, locked for change; raises NotFound."""
        row = self._session.get(UserRow, user_id, with_for_update=True)
        if row is None:
            raise NotFound
        return row

    def add(self, row: UserRow) -> int:
        """Store a new account and return its id."""
        self._session.add(row)
        self._session.flush()
        return row.user_id

    def owners(self, found: Fingerprints) -> dict[Conflict, int]:
        """Which accounts already have the user name, mobile number or address of an application."""
        columns = {
            Conflict.USER_NAME: (UserRow.user_name_hash, found.user_name),
            Conflict.MOBILE: (UserRow.mobile_hash, found.mobile),
            Conflict.EMAIL: (UserRow.email_hash, found.email),
        }
        query = select(UserRow).where(or_(*(column == value for column, value in columns.values())))
        rows = self._session.scalars(query).all()
        return {
            conflict: row.user_id
            for conflict, (column, value) in columns.items()
            for row in rows
            if getattr(row, column.key) == value
        }

    def note_use(self, user_id: int) -> None:
        """Note that the account is used now; what its owner was told of its not being used is over."""
        row = self._session.get_one(UserRow, user_id)
        row.used_at, row.idle_month_told_at, row.idle_week_told_at = self._now, None, None

    def idle_ids(self) -> Sequence[int]:
        """The active accounts whose owners must be told that they are not used, or were told."""
        used_at = func.coalesce(UserRow.used_at, UserRow.created_at)
        is_idle = (UserRow.status == Status.ACTIVE.value) & (
            used_at <= self._now - IDLE_LOCKED_AFTER + max(IDLE_TOLD_BEFORE)
        )
        return self._session.scalars(select(UserRow.user_id).where(is_idle).order_by(UserRow.user_id)).all()

    def account(self, row: UserRow) -> Account:
        """What the rules need to know of an account."""
        held = exists().where(RoleRow.user_id == row.user_id, is_held(self._now))
        return Account(
            status=Status(row.status),
            password=PasswordState(
                is_first=row.password_is_first, set_at=row.password_set_at, is_used=row.password_is_used
            ),
            has_role=bool(self._session.scalar(select(held))),
        )

    def roles_of(self, user_id: int) -> Sequence[RoleRow]:
        """The roles a user holds now."""
        query = select(RoleRow).where(RoleRow.user_id == user_id, is_held(self._now))
        return self._session.scalars(query.order_by(RoleRow.registry_key, RoleRow.organisation, RoleRow.role)).all()

    def role(self, role_id: int | None) -> RoleRow | None:
        """A role that is still held."""
        if role_id is None:
            return None
        return self._session.scalar(select(RoleRow).where(RoleRow.role_id == role_id, is_held(self._now)))

    def given_role(self, role_id: int) -> RoleRow:
        """A role that is or was held."""
        return self._session.get_one(RoleRow, role_id)

    def role_to_end(self, role_id: int) -> RoleRow | None:
        """A role whose time is over and that is not ended yet, locked for change."""
        query = select(RoleRow).where(RoleRow.role_id == role_id, RoleRow.ended_at.is_(None))
        return self._session.scalar(query.where(RoleRow.ends_at <= self._now).with_for_update())

    def role_to_tell_of(self, role_id: int) -> RoleRow | None:
        """A role with an end of which nobody was told yet, locked for change."""
        is_untold = RoleRow.ends_at.is_not(None) & RoleRow.end_told_at.is_(None)
        query = select(RoleRow).where(RoleRow.role_id == role_id, is_held(self._now), is_untold)
        return self._session.scalar(query.with_for_update())

    def held(self, user_id: int, role: RoleCode, place: Place) -> RoleRow | None:
        """The role of the user there, if it is held now."""
        found = (row for row in self.roles_of(user_id) if row.role == role and place_of(row) == place)
        return next(found, None)

    def holds(self, user_id: int, role: RoleCode, place: Place) -> bool:
        """Tell whether the user holds the role there now."""
        return self.held(user_id, role, place) is not None

    def holders(self, role: RoleCode, place: Place) -> Sequence[UserRow]:
        """The active users who hold the role there now."""
        at = (RoleRow.registry_key == place.registry) & (RoleRow.organisation == (place.organisation or 0))
        held = select(RoleRow.user_id).where(RoleRow.role == role.value, at, is_held(self._now))
        query = select(UserRow).where(UserRow.user_id.in_(held), UserRow.status == Status.ACTIVE.value)
        return self._session.scalars(query.order_by(UserRow.user_id)).all()

    def grant(
        self, user_id: int, role: RoleCode, place: Place, *, by: int | None, ends_at: datetime | None = None
    ) -> RoleRow:
        """Give a role, until `ends_at` if one is given."""
        self._end_overdue(user_id, role, place)
        row = RoleRow(
            user_id=user_id,
            registry_key=place.registry,
            organisation=place.organisation or 0,
            role=role.value,
            granted_at=self._now,
            granted_by=by,
            ends_at=ends_at,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def end_role(self, row: RoleRow, *, by: int | None) -> None:
        """Take a role away; the row stays for the record."""
        row.ended_at, row.ended_by = self._now, by
        self._session.flush()

    def _end_overdue(self, user_id: int, role: RoleCode, place: Place) -> None:
        # One that is over but not ended yet would stand in the way of the same role given anew.
        at = (RoleRow.registry_key == place.registry) & (RoleRow.organisation == (place.organisation or 0))
        over = (RoleRow.user_id == user_id) & (RoleRow.role == role.value) & at & (RoleRow.ends_at <= self._now)
        for row in self._session.scalars(select(RoleRow).where(over, RoleRow.ended_at.is_(None))):
            self.end_role(row, by=None)


def is_held(now: datetime) -> ColumnElement[bool]:
    """What is true of roles that count now: not ended, and not past the end they were given with."""
    return RoleRow.ended_at.is_(None) & or_(RoleRow.ends_at.is_(None), RoleRow.ends_at > now)


def place_of(row: RoleRow) -> Place:
    """Where a role is held."""
    return Place(registry=row.registry_key, organisation=row.organisation or None)
