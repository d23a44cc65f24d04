"""When a registry sends its patient forms, and how long it waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from services.eprom.domain.order import Waits

EMAIL_SMS = "email_sms"


class Trigger(StrEnum):
    """What orders a patient form."""

    INCLUDED_OR_CONSENTED = "included_or_consented"
    FORM_FINALISED = "form_finalised"
    COURSE_OPENED = "course_opened"
    COURSE_ENDED = "course_ended"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One form, ordered days after what triggers it; `counts_from_end` counts them from the end of the course."""

    form: str
    trigger: Trigger
    of: str | None = None
    counts_from_end: bool = False
    days_after: int = 0
    minutes_after: int = 0


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The message schedule of one registry."""

    at: time
    rules: tuple[Rule, ...]
    waits: Waits
    channels: tuple[str, ...]
    not_answered_reason: int
    forms_of_type: Mapping[int, frozenset[str]]
    needs_inclusion: bool = True

    def channels_for(self, asked: str | None) -> tuple[str, ...]:
        """The channels to try, in order; whoever orders by hand may want e-mail and SMS only."""
        return (EMAIL_SMS,) if asked == EMAIL_SMS else self.channels
