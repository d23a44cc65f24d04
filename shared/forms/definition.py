"""Definitions of forms as frozen values; nothing here reads files or knows answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.forms.coding import Coding
from shared.forms.licence import LICENSED, Licence
from shared.forms.row_table import RowTable

Text = Mapping[str, str]
Code = int | str
UNKNOWN, NRS_UNKNOWN = "unknown", 99


def say(text: Text, language: str) -> str:
    """The text in a language; bokmål where it is missing, empty where there is none."""
    return text.get(language) or text.get("nb", "")


class Type(StrEnum):
    """Types of questions."""

    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT = "text"
    NRS = "nrs"
    ROWS = "rows"
    OPIOID_TABLE = "opioid_table"
    VISITS_TABLE = "visits_table"
    COMPUTED = "computed"


class Kind(StrEnum):
    """What a single answer is: decides column types and what may be compared with it."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"


class Audience(StrEnum):
    """Who fills in a form or a section."""

    CLINICIAN = "clinician"
    PATIENT = "patient"


class Op(StrEnum):
    """Comparisons of conditions."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    IN = "in"
    CONTAINS = "contains"
    GREATER = "greater"
    LESS = "less"
    EXISTS = "exists"


@dataclass(frozen=True)
class Comparison:
    """One answer compared with a value; `name` is a question's key or `context.<x>`."""

    name: str
    op: Op
    value: object


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition = Comparison | All | AnyOf | Not


@dataclass(frozen=True)
class Reference:
    """A bound taken from another question or from `context.<x>`."""

    name: str


Bound = int | float | str | Reference


@dataclass(frozen=True)
class Interval:
    """Lower and upper bounds; the strictest of each counts. Dates are ISO texts."""

    low: tuple[Bound, ...] = ()
    high: tuple[Bound, ...] = ()


@dataclass(frozen=True)
class Column:
    """Physical field and the name in the register's reports."""

    field: str
    name: str


@dataclass(frozen=True)
class Option:
    """One code that can be chosen; in `choices` it has a column of its own."""

    code: Code
    label: Text
    help: Text | None = None
    column: Column | None = None
    exclusive: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Calculation:
    """A named function of the engine with its arguments as written."""

    function: str
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Fill:
    """What the system answers while a condition holds."""

    when: Condition
    value: Code | bool


@dataclass(frozen=True)
class MissingBox:
    """The tick box beside a number that says the number is unknown."""

    label: Text
    column: Column | None


@dataclass(frozen=True)
class VisitLine:
    """A caregiver: a tick box and a number of visits."""

    code: str
    label: Text
    help: Text | None
    column: Column
    times: Column


@dataclass(frozen=True)
class Preparation:
    """An opioid preparation: its unit, and the factor from each dose upwards (rising, the first from 0)."""

    key: str
    label: Text
    unit: str
    atc: str
    steps: tuple[tuple[Decimal, Decimal], ...]
    field: str
    name: str
    source: str
    valid_from: date
    status: str
    note: str

    @property
    def is_derived(self) -> bool:
        """Whether the factor is our own reckoning or doubtful, and is to be shown as such."""
        return self.status != "given"


@dataclass(frozen=True)
class Preparations:
    """One version of the list of preparations."""

    version: int
    items: tuple[Preparation, ...]


@dataclass(frozen=True)
class Question:
    """One question. Which parts are set follows from its type; see docs/forms.md."""

    key: str
    type: Type
    label: Text
    kind: Kind | None = None
    help: Text | None = None
    hint: Text | None = None
    column: Column | None = None
    required: bool = False
    required_if: Condition | None = None
    show_if: Condition | None = None
    limit: Interval | None = None
    normal: Interval | None = None
    unit: Text | None = None
    decimals: int = 0
    max_length: int | None = None
    missing: MissingBox | None = None
    codelist: str | None = None
    coding: Coding | None = None
    options: tuple[Option, ...] = ()
    source: str | None = None
    calculate: Calculation | None = None
    fill: Fill | None = None
    initial: Code | float | None = None
    is_hidden: bool = False
    in_person_store: bool = False
    is_internal: bool = False
    table: str | None = None
    questions: tuple[Question, ...] = ()
    row_table: RowTable | None = None
    preparations: Preparations | None = None
    name_suffix: str = ""
    total: Column | None = None
    lines: tuple[VisitLine, ...] = ()

    @property
    def is_stored(self) -> bool:
        """Whether the answer is part of the document."""
        return not self.in_person_store

    def option(self, code: object) -> Option | None:
        """The option with a code."""
        return self.coding.option(code) if self.coding else next((o for o in self.options if o.code == code), None)


@dataclass(frozen=True)
class Section:
    """A heading with questions; one that is an instrument may have a licence of its own."""

    key: str
    title: Text
    questions: tuple[Question, ...]
    show_if: Condition | None = None
    audience: Audience | None = None
    licence: Licence | None = None


@dataclass(frozen=True)
class FormDefinition:
    """One version of a form."""

    registry: str
    key: str
    version: int
    table: str
    title: Text
    short: str
    audience: Audience
    sections: tuple[Section, ...]
    published_on: date | None = None
    form_order: int | None = None
    intro: Text | None = None
    licence: Licence | None = None

    @property
    def is_sample(self) -> bool:
        """Whether wording of some licensed instrument stands in for the owner's."""
        licences = [self.licence, *(section.licence for section in self.sections)]
        return any(licence is not None and licence.wording != LICENSED for licence in licences)

    def questions(self) -> Iterator[Question]:
        """All questions in page order, without those inside rows."""
        for section in self.sections:
            yield from section.questions

    def all_questions(self) -> Iterator[Question]:
        """All questions in page order, those inside rows after their rows question."""
        for question in self.questions():
            yield question
            yield from question.questions
