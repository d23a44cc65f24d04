"""A lost phone ("mistet telefon"): one coordinator asks for another number, a second one confirms it within a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.identity.domain.account import checked_reason
from services.identity.domain.contact import mobile_number
from services.identity.domain.errors import FormRefused, NotFound, RuleBroken

WAITS = timedelta(hours=24)


class CheckedHow(StrEnum):
    """How the coordinator made sure who it is."""

    IN_PERSON = "in_person"  # with an identity card
    KNOWN = "known"  # in person, known from work
    CALLED_BACK = "called_back"  # on a number of the hospital


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the first coordinator fills in."""

    mobile: str = field(repr=False)
    checked_how: CheckedHow
    reason: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class LostPhone:
    """One matter: whose phone it is, and who began it when."""

    user_id: int
    begun_by: int
    begun_at: datetime

    def waits(self, now: datetime) -> bool:
        """Tell whether it may still be confirmed."""
        return now - self.begun_at < WAITS


def read_wish(fields: Mapping[str, str]) -> Wish:
    """The form; raises FormRefused with one code a wrong field."""
    mobile, again = mobile_number(fields.get("mobile", "")), mobile_number(fields.get("mobile_again", ""))
    how = fields.get("checked_how", "")
    wrong = {
        "mobile": "mobile_malformed" if mobile is None else "",
        "mobile_again": "mobiles_differ" if mobile != again else "",
        "checked_how": "not_in_list" if how not in set(CheckedHow) else "",
        "reason": _fault(fields.get("reason", "")),
    }
    errors = {name: "required" if not fields.get(name, "").strip() else code for name, code in wrong.items() if code}
    if errors:
        raise FormRefused(errors)
    return Wish(mobile=mobile or "", checked_how=CheckedHow(how), reason=checked_reason(fields["reason"]))


def confirm(matter: LostPhone, *, by: int | None, now: datetime) -> None:
    """Raise unless this administrator may confirm now: a second person, and not the one concerned."""
    _check_not_concerned(matter, by, now)
    if by == matter.begun_by:
        raise RuleBroken("second_person_needed")


def reject(matter: LostPhone, *, by: int | None, now: datetime) -> None:
    """Raise unless this administrator may put an end to it; whoever began it may think better of it."""
    _check_not_concerned(matter, by, now)


def _check_not_concerned(matter: LostPhone, by: int | None, now: datetime) -> None:
    if not matter.waits(now):
        raise NotFound
    if by == matter.user_id:
        raise RuleBroken("own_access")


def _fault(reason: str) -> str:
    try:
        checked_reason(reason)
    except RuleBroken as broken:
        return broken.code
    return ""
