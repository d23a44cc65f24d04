"""One log-in at identity (sid): how it was made, how long it lasts, and what a client may ask of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.identity.domain.roles import Place, RoleCode

LASTS = timedelta(hours=12)
# So long users see their log-ins on "Min side".
SIGN_ONS_KEPT = timedelta(days=90)
# How long after a second factor delicate acts need no other.
FRESH = timedelta(minutes=5)
TWO_FACTOR = "mfa"


class Need(StrEnum):
    """What must happen before a client gets its answer."""

    LOG_IN = "log_in"
    STEP_UP = "step_up"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a step, not a secret
    CHOICE = "choice"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class SignOn:
    """A log-in: `authenticated_at` moves with a fresh factor, `begun_at` does not; `amr` says how it was made."""

    begun_at: datetime
    authenticated_at: datetime
    amr: tuple[str, ...] = ()
    ended_at: datetime | None = None
    must_replace_password: bool = False
    has_choice: bool = False

    def is_live(self, now: datetime) -> bool:
        """Tell whether the log-in still counts."""
        return self.ended_at is None and now - self.begun_at < LASTS

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether a second factor was given just now."""
        return self.is_live(now) and now - self.authenticated_at <= FRESH


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Who is logged in and as what, as tokens say it. `not_before`: what was issued until then is void."""

    user_id: int
    name: str = field(repr=False)
    language: str
    sid: str = field(repr=False)
    authenticated_at: datetime
    amr: tuple[str, ...]
    role: RoleCode
    place: Place
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What a client asks of the log-in: `max_age`, `prompt`, and when the request first came."""

    asked_at: datetime
    max_age: timedelta | None = None
    prompts: frozenset[str] = frozenset()
    is_chosen_anew: bool = False


def need(sign_on: SignOn | None, demand: Demand, now: datetime) -> Need:
    """The next step on the way to an answer; a step done after the request came is not asked for again."""
    if sign_on is None or not sign_on.is_live(now):
        return Need.LOG_IN
    if "login" in demand.prompts and sign_on.begun_at < demand.asked_at:
        return Need.LOG_IN
    if sign_on.must_replace_password:
        return Need.NEW_PASSWORD
    if _is_too_old(sign_on, demand, now):
        return Need.STEP_UP
    if not sign_on.has_choice or ("select_account" in demand.prompts and not demand.is_chosen_anew):
        return Need.CHOICE
    return Need.NOTHING


def _is_too_old(sign_on: SignOn, demand: Demand, now: datetime) -> bool:
    if demand.max_age is None or sign_on.authenticated_at >= demand.asked_at:
        return False
    return now - sign_on.authenticated_at > demand.max_age


def token_moment(now: datetime, not_before: datetime | None) -> datetime:
    """When a token says it was issued: whole seconds, and after the moment up to which the user's tokens are void."""
    issued = now.replace(microsecond=0)
    if not_before is None or issued > not_before:
        return issued
    return not_before.replace(microsecond=0) + timedelta(seconds=1)
