"""Second factors beside SMS: authenticator apps, passkeys with their challenges, recovery codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.identity.domain.passkeys import CHALLENGE_LIVES, Ceremony, KnownPasskey, NewPasskey
from services.identity.domain.tokens import token_hash
from services.identity.store.base import Base
from services.identity.store.factor_tables import AppRow, ChallengeRow, PasskeyRow, RecoveryCodeRow
from services.identity.store.seals import Seals

OWNED: tuple[type[AppRow | PasskeyRow | RecoveryCodeRow | ChallengeRow], ...] = (
    AppRow,
    PasskeyRow,
    RecoveryCodeRow,
    ChallengeRow,
)


class Factors:
    """Second factors in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def add(self, row: Base) -> None:
        """Store a new factor."""
        self._session.add(row)
        self._session.flush()

    def app(self, user_id: int) -> AppRow | None:
        """The authenticator app of a user, confirmed or not, locked for change."""
        return self._session.get(AppRow, user_id, with_for_update=True, populate_existing=True)

    def remove_app(self, user_id: int) -> bool:
        """Forget a user's authenticator app; tells whether it was confirmed."""
        row = self.app(user_id)
        if row is None:
            return False
        self._session.delete(row)
        self._session.flush()
        return row.confirmed_at is not None

    def passkeys(self, user_id: int) -> Sequence[PasskeyRow]:
        """The passkeys of a user, the oldest first."""
        query = select(PasskeyRow).where(PasskeyRow.user_id == user_id).order_by(PasskeyRow.passkey_id)
        return self._session.scalars(query).all()

    def passkey(self, passkey_id: int) -> PasskeyRow | None:
        """A passkey, locked for change."""
        return self._session.get(PasskeyRow, passkey_id, with_for_update=True, populate_existing=True)

    def passkey_with(self, credential_id: bytes | None) -> PasskeyRow | None:
        """The passkey a device names."""
        wanted = credential_hash(credential_id) if credential_id is not None else None
        return self._session.scalar(select(PasskeyRow).where(PasskeyRow.credential_hash == wanted))

    def add_passkey(self, user_id: int, made: NewPasskey, name: str, seals: Seals) -> None:
        """Store a new passkey; raises ConstraintBroken if somebody has it already."""
        found = credential_hash(made.credential_id)
        row = PasskeyRow(
            user_id=user_id,
            credential_hash=found,
            credential_id=made.credential_id.hex(),
            public_key=made.public_key.hex(),
            sign_count=made.sign_count,
            transports=" ".join(made.transports),
            name=seals.seal_passkey_name(name, credential_hash=found),
            created_at=self._now,
        )
        self.add(row)

    def remove_passkey(self, row: PasskeyRow) -> None:
        """Forget a passkey."""
        self._session.delete(row)
        self._session.flush()

    def add_challenge(self, value: str, ceremony: Ceremony, user_id: int | None) -> None:
        """Remember a challenge for five minutes."""
        expires_at = self._now + CHALLENGE_LIVES
        row = ChallengeRow(
            challenge_hash=token_hash(value), purpose=ceremony.value, user_id=user_id, expires_at=expires_at
        )
        self.add(row)

    def take_challenge(self, value: str, ceremony: Ceremony, user_id: int | None) -> bool:
        """Use up a challenge, whatever else is wrong; tells whether it was good for this user and purpose."""
        mine = delete(ChallengeRow).where(ChallengeRow.challenge_hash == token_hash(value)).returning(ChallengeRow)
        row = self._session.scalar(mine)
        if row is None or self._now >= row.expires_at:
            return False
        return (row.purpose, row.user_id) == (ceremony, user_id)

    def recovery_code(self, user_id: int, number: int) -> RecoveryCodeRow | None:
        """The unused recovery code with a number, locked for change."""
        mine = (RecoveryCodeRow.user_id == user_id) & (RecoveryCodeRow.number == number)
        query = select(RecoveryCodeRow).where(mine, RecoveryCodeRow.used_at.is_(None))
        return self._session.scalar(query.with_for_update().execution_options(populate_existing=True))

    def codes_left(self, user_id: int) -> int:
        """How many recovery codes of a user are not used."""
        mine = (RecoveryCodeRow.user_id == user_id) & RecoveryCodeRow.used_at.is_(None)
        return self._session.scalar(select(func.count()).where(mine)) or 0

    def replace_codes(self, user_id: int, hashes: Mapping[int, str]) -> None:
        """Store new recovery codes by number instead of the old ones."""
        self._session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
        self._session.add_all(
            RecoveryCodeRow(user_id=user_id, number=number, code_hash=code_hash, made_at=self._now)
            for number, code_hash in hashes.items()
        )
        self._session.flush()

    def has_other_than_sms(self, user_id: int) -> bool:
        """Tell whether a user can do without SMS: by a confirmed app or a passkey."""
        app = self._session.get(AppRow, user_id)
        return (app is not None and app.confirmed_at is not None) or bool(self.passkeys(user_id))

    def remove_all(self, user_id: int) -> bool:
        """Forget every factor of a user; tells whether there was one."""
        found = [self._session.execute(delete(table).where(table.user_id == user_id)) for table in OWNED]
        return any(int(getattr(result, "rowcount", 0)) for result in found)


def credential_hash(credential_id: bytes) -> str:
    """What a passkey is found by; ids may be of any length."""
    return token_hash(credential_id.hex())


def known_passkey(row: PasskeyRow, seals: Seals) -> KnownPasskey:
    """A passkey as it is checked."""
    return KnownPasskey(
        credential_id=bytes.fromhex(row.credential_id),
        public_key=bytes.fromhex(row.public_key),
        handle=seals.passkey_handle(row.user_id),
        transports=tuple(row.transports.split()),
    )
