"""What the contact register holds of a person, derived from how the person can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deploy.standins.persons import Profile, StandinPerson

_EXPIRE_MONTHS = 18
_WITH_EMAIL = frozenset(
    {Profile.HELSENORGE, Profile.DIGIPOST, Profile.EMAIL_SMS, Profile.EMAIL_ONLY, Profile.EXPIRED, Profile.RESERVED}
)
_WITH_MOBILE = _WITH_EMAIL - {Profile.EMAIL_ONLY} | {Profile.MOBILE_ONLY}


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """One person's entry; `status` in the words of the contact register."""

    status: str
    is_reserved: bool
    may_be_notified: bool
    email: str | None
    mobile: str | None
    confirmed_on: str | None
    mailbox: str | None
    language: str | None


def contact_facts(person: StandinPerson, today: date) -> ContactFacts:
    """Return the entry as it is on a day; contact data grow old when the clock is moved."""
    if person.died_on is not None or person.profile in (Profile.NONE, Profile.DELETED):
        status = "SLETTET" if person.profile is Profile.DELETED else "IKKE_REGISTRERT"
        return ContactFacts(
            status=status, is_reserved=False, may_be_notified=False,
            email=None, mobile=None, confirmed_on=None, mailbox=None, language=None,
        )  # fmt: skip
    is_reserved = person.profile is Profile.RESERVED
    return ContactFacts(
        status="AKTIV",
        is_reserved=is_reserved,
        may_be_notified=not is_reserved and not is_expired(date.fromisoformat(person.confirmed_on), today),
        email=person.email if person.profile in _WITH_EMAIL else None,
        mobile=person.mobile if person.profile in _WITH_MOBILE else None,
        confirmed_on=person.confirmed_on,
        mailbox=f"{person.email.split('@', maxsplit=1)[0]}#{person.id[:4].upper()}" if person.has_mailbox else None,
        language=person.language,
    )


def is_expired(confirmed_on: date, today: date) -> bool:
    """Tell whether contact data confirmed on a day are 18 months old or more."""
    months = (today.year - confirmed_on.year) * 12 + today.month - confirmed_on.month
    return months > _EXPIRE_MONTHS or (months == _EXPIRE_MONTHS and today.day >= confirmed_on.day)
