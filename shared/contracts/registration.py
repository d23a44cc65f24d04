"""Events: what registration tells."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shared.contracts.event import Event


@dataclass(frozen=True, kw_only=True)
class CourseOpened(Event):
    """A course was opened for a person; its forms are those in force on `definitions_on`."""

    NAME: ClassVar[str] = "registration.course_opened.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    registry: str
    organisation: int
    started_on: date | None
    definitions_on: date


@dataclass(frozen=True, kw_only=True)
class CourseMoved(Event):
    """A course was moved to newer definitions; its forms are those in force on `definitions_on`."""

    NAME: ClassVar[str] = "registration.course_moved.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    registry: str
    organisation: int
    definitions_on: date


@dataclass(frozen=True, kw_only=True)
class InclusionDecided(Event):
    """The answers decide anew whether the course is included."""

    NAME: ClassVar[str] = "registration.inclusion_decided.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    registry: str
    organisation: int
    included: bool | None
    basis: str
    course_type: int


@dataclass(frozen=True, kw_only=True)
class ConsentRecorded(Event):
    """A consent, or its absence with a reason, was recorded."""

    NAME: ClassVar[str] = "registration.consent_recorded.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    registry: str
    organisation: int
    consented: bool | None
    reason: int | None
    consented_on: date | None


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The person has withdrawn the consent."""

    NAME: ClassVar[str] = "registration.consent_withdrawn.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    withdrawn_on: date


@dataclass(frozen=True, kw_only=True)
class ExtractsRecalled(Event):
    """A course counts nationally no more; these extracts held it and are not to be handed over."""

    NAME: ClassVar[str] = "registration.extracts_recalled.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    extracts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FormFinalised(Event):
    """A clinician's form was finalised and locked."""

    NAME: ClassVar[str] = "registration.form_finalised.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    registry: str
    organisation: int
    form: str
    definition_version: int
    ended_on: date | None


@dataclass(frozen=True, kw_only=True)
class FormReopened(Event):
    """A locked form was opened again."""

    NAME: ClassVar[str] = "registration.form_reopened.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    form: str


@dataclass(frozen=True, kw_only=True)
class CourseDeleted(Event):
    """A course was deleted."""

    NAME: ClassVar[str] = "registration.course_deleted.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int


@dataclass(frozen=True, kw_only=True)
class PromStopped(Event):
    """A clinician stopped the sending of patient forms."""

    NAME: ClassVar[str] = "registration.prom_stopped.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    reason: int


@dataclass(frozen=True, kw_only=True)
class PromOrdered(Event):
    """A clinician ordered a patient form at once."""

    NAME: ClassVar[str] = "registration.prom_ordered.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    registry: str
    organisation: int
    form: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class PaperFormEntered(Event):
    """A patient form was entered from paper."""

    NAME: ClassVar[str] = "registration.paper_form_entered.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    pid: int
    form: str


@dataclass(frozen=True, kw_only=True)
class PatientFormStored(Event):
    """Answers fetched from eprom are stored."""

    NAME: ClassVar[str] = "registration.patient_form_stored.v1"
    AGGREGATE: ClassVar[str] = "course"
    AGGREGATE_FIELD: ClassVar[str] = "course_id"
    course_id: int
    order_id: str
    form: str


@dataclass(frozen=True, kw_only=True)
class PersonDied(Event):
    """The population register says that a person is dead."""

    NAME: ClassVar[str] = "registration.person_died.v1"
    AGGREGATE: ClassVar[str] = "person"
    AGGREGATE_FIELD: ClassVar[str] = "pid"
    pid: int
    died_on: date


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """Everything about a person in a registry is erased here; `extracts` held the person."""

    NAME: ClassVar[str] = "registration.person_erased.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
    registry: str
    pid: int | None
    extracts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExtractReady(Event):
    """An extract is made and can be fetched."""

    NAME: ClassVar[str] = "registration.extract_ready.v1"
    AGGREGATE: ClassVar[str] = "extract"
    AGGREGATE_FIELD: ClassVar[str] = "extract_id"
    extract_id: str
    delivery_id: str
    persons: int
    rows: int
    smallest_cell: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ExtractFailed(Event):
    """An extract could not be made."""

    NAME: ClassVar[str] = "registration.extract_failed.v1"
    AGGREGATE: ClassVar[str] = "extract"
    AGGREGATE_FIELD: ClassVar[str] = "extract_id"
    extract_id: str
    delivery_id: str
    code: str


@dataclass(frozen=True, kw_only=True)
class CorrectionDecided(Event):
    """A proposed correction was decided."""

    NAME: ClassVar[str] = "registration.correction_decided.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class AccessPartReady(Event):
    """Registration's part of an access answer can be fetched."""

    NAME: ClassVar[str] = "registration.access_part_ready.v1"
    AGGREGATE: ClassVar[str] = "case"
    AGGREGATE_FIELD: ClassVar[str] = "case_id"
    case_id: str
