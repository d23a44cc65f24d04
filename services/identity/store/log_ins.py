"""Log-ins: attempts, counters, devices and the log-ins themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.identity.domain.codes import Attempt, Purpose
from services.identity.domain.errors import RuleBroken
from services.identity.domain.sign_on import LASTS, SignOn
from services.identity.domain.throttle import Limits, Tries, reserve
from services.identity.store.base import WEB
from services.identity.store.log_in_tables import (
    AttemptRow,
    ClientSessionRow,
    CodeSentRow,
    CounterRow,
    DeviceRow,
    RefreshRow,
    SignOnRow,
)
from services.identity.store.users import Users

_DAY = timedelta(days=1)


class LogIns:
    """Everything about log-ins in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def reserve(self, wanted: Sequence[tuple[str, Limits]]) -> None:
        """Count one try on each counter before it is looked at; raises MustWait if one of them allows none now."""
        # In one order for everybody, so that two tries never wait for each other.
        for key_hash, limits in sorted(wanted, key=lambda pair: pair[0]):
            self._change(key_hash, partial(reserve, limits=limits, now=self._now))

    def take_back(self, key_hash: str, change: Callable[[Tries], Tries]) -> None:
        """Change a counter after a try turned out right."""
        self._change(key_hash, change)

    def tries(self, key_hash: str) -> Tries:
        """What a counter says now, without locking it."""
        row = self._session.get(CounterRow, key_hash)
        return _tries(row) if row is not None else Tries()

    def add_attempt(self, row: AttemptRow) -> None:
        """Store a new attempt."""
        self._session.add(row)
        self._session.flush()

    def attempt(self, attempt_hash: str) -> AttemptRow:
        """The attempt, locked for change; one that is gone counts as over."""
        row = self._session.get(AttemptRow, attempt_hash, with_for_update=True, populate_existing=True)
        if row is None:
            raise RuleBroken("log_in_over")
        return row

    def save_attempt(self, row: AttemptRow, attempt: Attempt) -> None:
        """Write what the rules made of an attempt."""
        row.tries, row.code_expires_at, row.is_done = attempt.tries, attempt.code_expires_at, attempt.is_done
        self._session.flush()

    def codes_sent(self, user_id: int) -> list[datetime]:
        """When codes were sent to the user within the last day."""
        query = select(CodeSentRow.sent_at).where(
            CodeSentRow.user_id == user_id, CodeSentRow.sent_at > self._now - _DAY
        )
        return list(self._session.scalars(query))

    def note_code(self, user_id: int) -> None:
        """Note that a code is sent now."""
        self._session.add(CodeSentRow(user_id=user_id, sent_at=self._now))

    def knows_device(self, user_id: int, device_hash: str) -> bool:
        """Tell whether the user has logged in from this browser before."""
        return self._session.get(DeviceRow, (device_hash, user_id)) is not None

    def note_device(self, user_id: int, device_hash: str, *, instead_of: str | None) -> None:
        """Remember the browser of a user under a new value."""
        mine = (DeviceRow.user_id == user_id) & (DeviceRow.device_hash == instead_of)
        self._session.execute(delete(DeviceRow).where(mine))
        self._session.merge(DeviceRow(device_hash=device_hash, user_id=user_id, used_at=self._now))

    def add_sign_on(self, row: SignOnRow) -> None:
        """Store a new log-in; the account is used by it."""
        Users(self._session, self._now).note_use(row.user_id)
        self._session.add(row)
        self._session.flush()

    def sign_on(self, sid: str) -> SignOnRow | None:
        """A log-in, locked for change; over or not."""
        return self._session.get(SignOnRow, sid, with_for_update=True, populate_existing=True)

    def live_sign_ons(self, user_id: int) -> Sequence[SignOnRow]:
        """The log-ins of a user that are not ended."""
        query = select(SignOnRow).where(SignOnRow.user_id == user_id, SignOnRow.ended_at.is_(None))
        return self._session.scalars(query.with_for_update()).all()

    def overdue_sign_ons(self) -> Sequence[SignOnRow]:
        """The log-ins whose time is over though nobody has ended them."""
        query = select(SignOnRow).where(SignOnRow.ended_at.is_(None), SignOnRow.begun_at <= self._now - LASTS)
        return self._session.scalars(query.with_for_update()).all()

    def count_live(self, user_id: int) -> int:
        """How many log-ins of a user go on."""
        query = select(func.count()).where(
            SignOnRow.user_id == user_id, SignOnRow.ended_at.is_(None), SignOnRow.begun_at > self._now - LASTS
        )
        return self._session.scalar(query) or 0

    def clients_of(self, sid: str) -> list[str]:
        """The clients that were given tokens in a log-in."""
        query = select(ClientSessionRow.client_id).where(ClientSessionRow.sid == sid)
        return list(self._session.scalars(query.order_by(ClientSessionRow.client_id)))

    def end(self, row: SignOnRow) -> None:
        """End a log-in with all refresh tokens made in it."""
        row.ended_at = self._now
        mine = (RefreshRow.sid == row.sid) & RefreshRow.revoked_at.is_(None)
        self._session.execute(update(RefreshRow).where(mine).values(revoked_at=self._now))
        self._session.execute(delete(ClientSessionRow).where(ClientSessionRow.sid == row.sid))
        self._session.flush()

    def end_pages(self, sid: str) -> None:
        """End the sessions of identity's own pages in a log-in."""
        self._session.execute(delete(WEB.web_session).where(WEB.web_session.c.provider_sid == sid))

    def _change(self, key_hash: str, change: Callable[[Tries], Tries]) -> None:
        # The row must be there before it can be locked; two first tries at once would else both see nothing.
        insert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        self._session.execute(insert(CounterRow).values(key_hash=key_hash, failures=0).on_conflict_do_nothing())
        row = self._session.get_one(CounterRow, key_hash, with_for_update=True, populate_existing=True)
        tries = change(_tries(row))
        row.failures, row.blocked_until, row.last_at = tries.failures, tries.blocked_until, tries.last_at
        self._session.flush()


def attempt_of(row: AttemptRow) -> Attempt:
    """An attempt as the rules see it."""
    return Attempt(
        purpose=Purpose(row.purpose),
        begun_at=row.begun_at,
        tries=row.tries,
        code_expires_at=row.code_expires_at,
        is_done=row.is_done,
    )


def sign_on_of(row: SignOnRow, *, must_replace_password: bool, has_choice: bool) -> SignOn:
    """A log-in as the rules see it."""
    return SignOn(
        begun_at=row.begun_at,
        authenticated_at=row.authenticated_at,
        amr=tuple(row.amr.split()),
        ended_at=row.ended_at,
        must_replace_password=must_replace_password,
        has_choice=has_choice,
    )


def _tries(row: CounterRow) -> Tries:
    return Tries(failures=row.failures, blocked_until=row.blocked_until, last_at=row.last_at)
