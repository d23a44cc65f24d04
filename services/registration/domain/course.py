"""What a course (forløp) is, and what its answers decide: type, inclusion, basis, open forms, placing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class CourseType(IntEnum):
    """1 not seen; 2 seen, criteria not met (or not yet known); 3 seen and criteria met."""

    NOT_SEEN = 1
    SEEN = 2
    INCLUDED = 3


class LegalBasis(StrEnum):
    """On what right the registry holds a course."""

    CONSENT = "consent"
    RESERVATION = "reservation"


class Placing(StrEnum):
    """Where a course counts: in national figures, or only in the hospital's own."""

    LOCAL = "local"
    NATIONAL = "national"


class LocalReason(StrEnum):
    """Why a course counts in the hospital's own figures alone."""

    NOT_SEEN = "not_seen"
    NOT_INCLUDED = "not_included"
    INCLUSION_OPEN = "inclusion_open"
    CONSENT_OPEN = "consent_open"
    NO_CONSENT = "no_consent"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the finished and unfinished answers say about a course right now."""

    course_type: CourseType
    is_included: bool | None
    basis: LegalBasis
    placing: Placing


def course_type_of(*, is_seen: bool | None, is_included: bool | None) -> CourseType:
    """The type; a course without an answer yet is taken as seen, so that its clinician forms are open."""
    if is_seen is False:
        return CourseType.NOT_SEEN
    return CourseType.INCLUDED if is_included else CourseType.SEEN


def placing_of(*, is_included: bool | None, basis: LegalBasis, has_consented: bool | None) -> Placing:
    """National when included and, on the consent basis, consented. Reserved persons have no course at all."""
    allowed = basis is LegalBasis.RESERVATION or has_consented is True
    return Placing.NATIONAL if is_included and allowed else Placing.LOCAL


def local_reason(
    *, course_type: int, is_included: bool | None, basis: str, has_consented: bool | None, is_withdrawn: bool
) -> LocalReason | None:
    """Why a course counts locally alone; None for one that counts nationally."""
    if course_type == CourseType.NOT_SEEN:
        return LocalReason.NOT_SEEN
    if is_included is not True:
        return LocalReason.INCLUSION_OPEN if is_included is None else LocalReason.NOT_INCLUDED
    if basis == LegalBasis.RESERVATION or has_consented is True:
        return None
    if has_consented is None:
        return LocalReason.CONSENT_OPEN
    return LocalReason.WITHDRAWN if is_withdrawn else LocalReason.NO_CONSENT


def standing_of(
    *, is_seen: bool | None, is_included: bool | None, basis: LegalBasis, has_consented: bool | None
) -> Standing:
    """All that the answers decide, at once."""
    included = is_included if is_seen is not False else False
    return Standing(
        course_type=course_type_of(is_seen=is_seen, is_included=included),
        is_included=included,
        basis=basis,
        placing=placing_of(is_included=included, basis=basis, has_consented=has_consented),
    )


def age_on(birth_on: date, day: date) -> int:
    """Whole years from birth to `day`; a birthday on 29 February counts on 1 March in other years."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))
