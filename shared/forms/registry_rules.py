"""What registry.yaml says, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from shared.forms.definition import Code, Condition, Text
from shared.forms.flag_rules import FlagRule
from shared.forms.patient_rules import PatientRules
from shared.forms.representation import Representation


class Basis(StrEnum):
    """Legal basis of a registration."""

    CONSENT = "consent"
    RESERVATION = "reservation"


class When(StrEnum):
    """What makes a course be of a type."""

    NOT_SEEN = "not_seen"
    SEEN_NOT_INCLUDED = "seen_not_included"
    SEEN_INCLUDED = "seen_included"
    ALWAYS = "always"


class Trigger(StrEnum):
    """What orders a patient form."""

    INCLUDED_OR_CONSENTED = "included_or_consented"
    FORM_FINALISED = "form_finalised"
    COURSE_OPENED = "course_opened"
    COURSE_ENDED = "course_ended"


class ClosedDay(StrEnum):
    """A day on which a registry lets nothing leave by itself; `holidays` are the public ones."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAYS = "holidays"


@dataclass(frozen=True)
class BasisPeriod:
    """A legal basis and the days it was or is in force (both included; None is open)."""

    basis: Basis
    first: date | None
    last: date | None

    def covers(self, day: date) -> bool:
        """Whether the basis was in force on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Place:
    """A question of a form."""

    form: str
    question: str


@dataclass(frozen=True)
class InclusionRule:
    """Conditions over one form that must all hold; `result` is the question that shows the answer."""

    form: str
    result: str
    criteria: tuple[Condition, ...]


@dataclass(frozen=True)
class CourseType:
    """A type of course, what people call it, and the forms it opens."""

    number: int
    when: When
    label: Text
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """When a patient form is ordered; days are counted from `from_question` of form `of`, or from the trigger.

    With `until_end` it is not sent once the course has ended.
    """

    form: str
    on: Trigger
    of: str | None
    from_question: str | None
    days_after: int
    minutes_after: int
    until_end: bool = False


@dataclass(frozen=True)
class NationalEprom:
    """For the channel "national": the distribution rule there, and the catalogue's id of each form."""

    distribution: str
    forms: Mapping[str, str]


@dataclass(frozen=True)
class MessageSchedule:
    """Dispatch time of the day (in `zone`), orders, and the reasons that stop or close, death among them.

    What an outage keeps back is tried anew for `try_for_days`; then a person must look.
    """

    at: time
    zone: str
    orders: tuple[Order, ...]
    not_answered_reason: Code | None
    died_reason: Code | None
    stop_reasons: tuple[Code, ...]
    close_all_reasons: tuple[Code, ...]
    channels: tuple[str, ...]
    not_on: tuple[ClosedDay, ...] = ()
    try_for_days: int = 7
    protected_channels: tuple[str, ...] | None = None
    national_eprom: NationalEprom | None = None
    representation: Representation | None = None


@dataclass(frozen=True)
class Deadlines:
    """Days until a reminder, from the reminder until the lock, for paper forms, and from a letter to the lock."""

    reminder_after_days: int
    lock_after_days: int
    paper_days: int
    paper_lock_after_days: int = 0


@dataclass(frozen=True)
class ConsentRule:
    """Where consent stands, and what its reasons mean."""

    form: str
    question: str
    date: str
    reason: str
    withdrawn_date: str | None
    reasons: Mapping[str, Code]
    set_by_system: tuple[Code, ...]
    set_by_national_coordinator: tuple[Code, ...]


@dataclass(frozen=True)
class NationalRule:
    """What a course needs to count nationally: inclusion, and consent (a condition over `consent_form`)."""

    requires_inclusion: bool
    consent_form: str | None
    consent: Condition | None


@dataclass(frozen=True)
class PaperStart:
    """From which date days are counted for a paper form: by basis, or one place for both."""

    by_basis: Mapping[Basis, Place]


@dataclass(frozen=True)
class PersonField:
    """A field of the person page."""

    key: str
    label: Text
    source: str
    is_optional: bool
    prompt: str | None


@dataclass(frozen=True)
class Organisation:
    """A unit that takes part; units with the same `together` see each other's courses."""

    resh_id: int
    name: str
    short_name: str
    region: str
    together: str | None


@dataclass(frozen=True)
class RegistryRules:
    """Everything in registry.yaml; parts a registry does without are None or empty."""

    key: str
    names: Text
    short_name: str
    controller: str
    contact: Mapping[str, object]
    periods: tuple[BasisPeriod, ...]
    forms: Mapping[str, tuple[str, ...]]
    course: Mapping[str, Place]
    course_types: tuple[CourseType, ...]
    deadlines: Deadlines
    inclusion: InclusionRule | None = None
    seen: Condition | None = None
    national: NationalRule | None = None
    consent: ConsentRule | None = None
    messages: MessageSchedule | None = None
    patients: PatientRules = field(default_factory=PatientRules)
    patient_form_end: Mapping[str, Mapping[str, Code]] = field(default_factory=dict)
    paper: Mapping[str, PaperStart] = field(default_factory=dict)
    small_cell: int = 5
    small_cell_least: int = 3
    opioid_version: int | None = None
    codings: Mapping[str, int] = field(default_factory=dict)
    person_fields: tuple[PersonField, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    regions: Mapping[str, str] = field(default_factory=dict)
    sample_clinics: tuple[Mapping[str, object], ...] = ()
    flags: tuple[FlagRule, ...] = ()
