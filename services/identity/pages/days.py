"""Days in forms: typed as they are written in Norway, or as a browser sends them."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from flask_babel import format_datetime

from services.identity.domain.errors import RuleBroken
from services.identity.usecases.tell_role_end import last_day
from shared.scheduling.clock import end_of_day, oslo
from shared.web.language import translate

_NORWEGIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def read_end(typed: str) -> datetime | None:
    """The end of a typed Oslo day, None for an empty field; raises RuleBroken for what is no day."""
    text = typed.strip()
    if not text:
        return None
    if found := _NORWEGIAN.fullmatch(text):
        text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    try:
        return end_of_day(date.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise RuleBroken("day_malformed") from error


def end_shown(ends_at: datetime) -> str:
    """When a role ends, as a day where it lasts until one is over, else to the minute."""
    if oslo(ends_at).time() == time():
        return translate("identity.user.ends_on", day=last_day(ends_at))
    return translate("identity.user.ends_at", moment=format_datetime(ends_at, "short"))
