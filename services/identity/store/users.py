"""Accounts and the roles they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from services.identity.domain.account import Account, Status
from services.identity.domain.application import Conflict
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

    def account(self, row: UserRow) -> Account:
        """What the rules need to know of an account."""
        held = exists().where(RoleRow.user_id == row.user_id, RoleRow.ended_at.is_(None))
        return Account(
            status=Status(row.status),
            password=PasswordState(
                is_first=row.password_is_first, set_at=row.password_set_at, is_used=row.password_is_used
            ),
            has_role=bool(self._session.scalar(select(held))),
        )

    def roles_of(self, user_id: int) -> Sequence[RoleRow]:
        """The roles a user holds now."""
        query = select(RoleRow).where(RoleRow.user_id == user_id, RoleRow.ended_at.is_(None))
        return self._session.scalars(query.order_by(RoleRow.registry_key, RoleRow.organisation, RoleRow.role)).all()

    def role(self, role_id: int | None) -> RoleRow | None:
        """A role that is still held."""
        row = self._session.get(RoleRow, role_id) if role_id is not None else None
        return row if row is not None and row.ended_at is None else None

    def holds(self, user_id: int, role: RoleCode, place: Place) -> bool:
        """Tell whether the user holds the role there now."""
        return any(row.role == role and place_of(row) == place for row in self.roles_of(user_id))

    def grant(self, user_id: int, role: RoleCode, place: Place, *, by: int | None) -> RoleRow:
        """Give a role."""
        row = RoleRow(
            user_id=user_id,
            registry_key=place.registry,
            organisation=place.organisation or 0,
            role=role.value,
            granted_at=self._now,
            granted_by=by,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def end_role(self, row: RoleRow, *, by: int | None) -> None:
        """Take a role away; the row stays for the record."""
        row.ended_at, row.ended_by = self._now, by
        self._session.flush()


def place_of(row: RoleRow) -> Place:
    """Where a role is held."""
    return Place(registry=row.registry_key, organisation=row.organisation or None)
