"""When a registry sends its patient forms, and how long it waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from services.eprom.domain.holidays import NEVER_CLOSED, ClosedDays
from services.eprom.domain.national import NATIONAL, UNSECURE_RULES, NationalForms
from services.eprom.domain.order import Waits
from services.eprom.domain.outside_orders import CHANNELS as RULE_CHANNELS
from services.eprom.domain.reach import PAPER

EMAIL_SMS = "email_sms"
SECURE = frozenset({"helsenorge", "digipost"})


class Trigger(StrEnum):
    """What orders a patient form."""

    INCLUDED_OR_CONSENTED = "included_or_consented"
    FORM_FINALISED = "form_finalised"
    COURSE_OPENED = "course_opened"
    COURSE_ENDED = "course_ended"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One form, ordered days after what triggers it; `counts_from_end` counts them from the end of the course.

    With `until_end` it is not sent once the course has ended.
    """

    form: str
    trigger: Trigger
    of: str | None = None
    counts_from_end: bool = False
    days_after: int = 0
    minutes_after: int = 0
    until_end: bool = False


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The message schedule of one registry.

    Nothing leaves by itself on `closed` days. `protected_channels` may reach a person whose address is protected.
    What an outage keeps back is tried anew for `tries_for`. `withheld` are forms without their owner's wording, which
    nobody can order.
    """

    at: time
    rules: tuple[Rule, ...]
    waits: Waits
    channels: tuple[str, ...]
    not_answered_reason: int
    died_reason: int
    forms_of_type: Mapping[int, frozenset[str]]
    needs_inclusion: bool = True
    national: NationalForms | None = None
    closed: ClosedDays = NEVER_CLOSED
    protected_channels: frozenset[str] = SECURE
    tries_for: timedelta = timedelta(days=7)
    withheld: frozenset[str] = frozenset()

    def sends_on(self, day: date) -> bool:
        """Whether anything may leave by itself on a day of the Oslo calendar."""
        return self.closed.is_open(day)

    def channels_for(self, asked: str | None) -> tuple[str, ...]:
        """The channels to try, in order: all of the registry where nobody has asked for any.

        Whoever orders by hand means e-mail and SMS and nothing else, or only what is secure; others name a rule.
        """
        if asked is None:
            return self.channels
        if asked in RULE_CHANNELS:
            return RULE_CHANNELS[asked]
        if asked in (EMAIL_SMS, NATIONAL):
            return (asked,)
        return tuple(name for name in self.channels if self._is_secure(name))

    def _is_secure(self, channel: str) -> bool:
        if channel == NATIONAL:
            return self.national is not None and self.national.rule not in UNSECURE_RULES
        return channel in SECURE or channel == PAPER
