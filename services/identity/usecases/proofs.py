"""What somebody gives as second factor: each is looked up, checked outside of the transaction, and used up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.identity.domain.app_codes import is_used_up, step_of
from services.identity.domain.codes import typed_code
from services.identity.domain.errors import RuleBroken
from services.identity.domain.factors import Method
from services.identity.domain.passkeys import Ceremony, KnownPasskey
from services.identity.domain.recovery_codes import read_code
from services.identity.store.factors import known_passkey
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.factor_changes import note_change
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import Passkeys, PasswordHasher
from services.identity.usecases.used_passkey import use_passkey


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a proof is checked against: a hash or an app's secret, or a passkey, and the row it stands in."""

    secret: str | None = field(default=None, repr=False)
    row_id: int = 0
    passkey: KnownPasskey | None = None


# What was found and the number by which it is used up.
Found = tuple[Kept, int]


class Proof(Protocol):
    """A second factor as it was given."""

    @property
    def method(self) -> Method:
        """Which factor it is."""
        ...

    def look_up(self, store: Store, row: AttemptRow, messages: Messages) -> Kept:
        """What it is checked against; raises nothing, since the try is counted in the same transaction."""
        ...

    def check(self, kept: Kept, now: datetime) -> int:
        """A number by which it is used up, such as the time step of an app's code; raises RuleBroken."""
        ...

    def use_up(
        self, store: Store, row: AttemptRow, user: UserRow, found: Found, messages: Messages
    ) -> RuleBroken | None:
        """Let it count no more; tells what speaks against it, such as another use at the same moment."""
        ...


@dataclass(frozen=True)
class SmsCode:
    """A one-time code that was sent by SMS."""

    typed: str = field(repr=False)
    hasher: PasswordHasher
    method = Method.SMS

    def look_up(self, store: Store, row: AttemptRow, messages: Messages) -> Kept:  # noqa: ARG002 - protocol
        """The hash of the code sent last."""
        return Kept(secret=row.code_hash)

    def check(self, kept: Kept, now: datetime) -> int:  # noqa: ARG002 - protocol
        """Nothing to tell."""
        return _check_hash(self.hasher, kept, typed_code(self.typed))

    def use_up(
        self,
        store: Store,  # noqa: ARG002 - protocol
        row: AttemptRow,
        user: UserRow,  # noqa: ARG002
        found: Found,
        messages: Messages,  # noqa: ARG002
    ) -> RuleBroken | None:
        """A code is used up with its attempt; one that was replaced meanwhile is over."""
        return None if row.code_hash == found[0].secret else RuleBroken("code_expired")


@dataclass(frozen=True)
class AppCode:
    """A code of an authenticator app."""

    typed: str = field(repr=False)
    method = Method.APP

    def look_up(self, store: Store, row: AttemptRow, messages: Messages) -> Kept:
        """The app's secret."""
        app = store.factors.app(row.user_id)
        if app is None or app.confirmed_at is None:
            return Kept()
        return Kept(secret=messages.seals.open_app_secret(app.secret, user_id=row.user_id))

    def check(self, kept: Kept, now: datetime) -> int:
        """The time step of the code."""
        step = step_of(kept.secret, typed_code(self.typed), now) if kept.secret is not None else None
        if step is None:
            raise RuleBroken("wrong_code")
        return step

    def use_up(
        self, store: Store, row: AttemptRow, user: UserRow, found: Found, messages: Messages
    ) -> RuleBroken | None:
        """Remember the time step; this code and older ones are taken no more."""
        (kept, step), app = found, store.factors.app(user.user_id)
        if app is None or self.look_up(store, row, messages) != kept or is_used_up(step, app.last_step):
            return RuleBroken("wrong_code")
        app.last_step = step
        return None


@dataclass(frozen=True)
class RecoveryCodeTyped:
    """One of the ten recovery codes."""

    typed: str = field(repr=False)
    hasher: PasswordHasher
    method = Method.RECOVERY

    def look_up(self, store: Store, row: AttemptRow, messages: Messages) -> Kept:  # noqa: ARG002 - protocol
        """The hash of the code with this number."""
        read = read_code(self.typed)
        found = store.factors.recovery_code(row.user_id, read.number) if read is not None else None
        return Kept(secret=found.code_hash, row_id=found.number) if found is not None else Kept()

    def check(self, kept: Kept, now: datetime) -> int:  # noqa: ARG002 - protocol
        """Nothing to tell."""
        read = read_code(self.typed)
        return _check_hash(self.hasher, kept, read.secret if read is not None else "")

    def use_up(
        self,
        store: Store,
        row: AttemptRow,  # noqa: ARG002 - protocol
        user: UserRow,
        found: Found,
        messages: Messages,
    ) -> RuleBroken | None:
        """Mark the code as used, and tell the user."""
        kept = found[0]
        code = store.factors.recovery_code(user.user_id, kept.row_id)
        if code is None or code.code_hash != kept.secret:
            return RuleBroken("wrong_code")
        code.used_at = store.now
        store.session.flush()
        note_change(store, user, "recovery_code_used", messages, left=store.factors.codes_left(user.user_id))
        return None


@dataclass(frozen=True)
class PasskeyAnswer:
    """What a passkey answered to a challenge of this session."""

    challenge: str = field(repr=False)
    answer: str = field(repr=False)
    passkeys: Passkeys
    method = Method.PASSKEY

    def look_up(self, store: Store, row: AttemptRow, messages: Messages) -> Kept:
        """The user's passkey, if the challenge was made for this user and not used before."""
        is_good = store.factors.take_challenge(self.challenge, Ceremony.SECOND, row.user_id)
        found = store.factors.passkey_with(self.passkeys.credential_of(self.answer))
        if not is_good or found is None or found.user_id != row.user_id:
            return Kept()
        return Kept(passkey=known_passkey(found, messages.seals), row_id=found.passkey_id)

    def check(self, kept: Kept, now: datetime) -> int:  # noqa: ARG002 - protocol
        """The counter of signatures."""
        if kept.passkey is None:
            raise RuleBroken("passkey_refused")
        return self.passkeys.check(self.challenge, self.answer, kept.passkey, is_alone=False)

    def use_up(
        self,
        store: Store,
        row: AttemptRow,  # noqa: ARG002 - protocol
        user: UserRow,
        found: Found,
        messages: Messages,  # noqa: ARG002
    ) -> RuleBroken | None:
        """Note the use."""
        return use_passkey(store, found[0].row_id, user.user_id, found[1])


def _check_hash(hasher: PasswordHasher, kept: Kept, typed: str) -> int:
    if not hasher.verify(kept.secret, typed):
        raise RuleBroken("wrong_code")
    return 0
