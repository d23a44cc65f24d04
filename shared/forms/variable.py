"""A variable of the codebook: one question of a form, with all that readers of its data need to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.forms.context import PREFIX, repeats_identity
from shared.forms.definition import Audience, Code, Condition, Interval, Kind, Question, Text, Type
from shared.forms.expression import calculation, expression
from shared.forms.rules import names_in
from shared.forms.wording import in_words


@dataclass(frozen=True, kw_only=True)
class VariableCode:
    """One answer that can be picked; versions are those of the form, days those of the code list. Yes is 1, no 0.

    `earlier` is what the code meant before, where it meant something else: the last version of it, and its text.
    """

    code: Code
    label: Text
    help: Text | None = None
    is_exclusive: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    first_version: int
    last_version: int
    earlier: tuple[tuple[int, Text], ...] = ()


@dataclass(frozen=True, kw_only=True)
class VariableColumn:
    """One physical field of a variable: `role` and `part` say which part of the answer it holds, `label` names it.

    Roles: `value`, `unknown` (1 when a number is unknown), `tick` (1 when `part` is chosen), `times` (number of visits
    of `part`), `dose` and `omeq` (of the preparation `part`), `sum`.
    """

    table: str
    form_order: int | None
    field: str
    name: str
    kind: Kind
    role: str
    part: Code | None
    label: Text
    unit: Text | None

    @property
    def column(self) -> str:
        """The name of the typed column."""
        return self.field.lower()


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One question, as the newest version that has it words it.

    `rows` is the key of the question whose rows hold this one. `opens` are the keys that show because of it. `first_on`
    is the day of the first version that has it, `last_on` that of the first one without; None while it is in use. Codes
    of a question with a `source` are kept by the service. `scope` are the questions its conditions may name.
    """

    registry: str
    form: str
    form_title: Text
    form_short: str
    section: str
    section_title: Text
    rows: str | None
    question: Question
    answered_by: Audience
    codes: tuple[VariableCode, ...]
    columns: tuple[VariableColumn, ...]
    shown_when: Condition | None
    opens: tuple[str, ...]
    first_version: int
    last_version: int
    first_on: date | None
    last_on: date | None
    scope: Mapping[str, Question] = field(repr=False)

    @property
    def name(self) -> str:
        """The variable's name, unique in the registry, such as `to.supervision` or `b11.pain_diagnoses.back_part`."""
        return ".".join(part for part in (self.form, self.rows, self.key) if part)

    @property
    def key(self) -> str:
        """The question's key, unique in its form."""
        return self.question.key

    @property
    def type(self) -> Type:
        """The question's type."""
        return self.question.type

    @property
    def kind(self) -> Kind | None:
        """What a single answer is; None where an answer has parts."""
        return self.question.kind

    @property
    def label(self) -> Text:
        """The question."""
        return self.question.label

    @property
    def help(self) -> Text | None:
        """What the question mark shows."""
        return self.question.help

    @property
    def unit(self) -> Text | None:
        """The unit of a number."""
        return self.question.unit

    @property
    def limit(self) -> Interval:
        """Bounds outside of which an answer is refused."""
        return self.question.limit or Interval()

    @property
    def normal(self) -> Interval:
        """Bounds outside of which an answer asks to be confirmed."""
        return self.question.normal or Interval()

    @property
    def is_computed(self) -> bool:
        """Whether nobody answers it, but the system works it out."""
        return self.type is Type.COMPUTED

    @property
    def is_follow_up(self) -> bool:
        """Whether another question of the form decides if it shows."""
        return any(not name.startswith(PREFIX) for name in names_in(self.shown_when))

    @property
    def may_leave(self) -> bool:
        """Whether it may be handed out; free text and what says who somebody is never are."""
        is_identity = self.question.in_person_store or repeats_identity(self.question)
        return self.type is not Type.TEXT and not is_identity

    @property
    def calculated(self) -> str:
        """How the system works it out, such as `age_on(birth_date=context.birth_date, on=start_date)`, or empty."""
        made = self.question.calculate
        return calculation(made) if made else ""

    @property
    def filled_if(self) -> str:
        """When the system answers by itself, as an expression, or empty."""
        fill = self.question.fill
        return expression(fill.when) if fill else ""

    @property
    def shown_if(self) -> str:
        """When it shows, as an expression, or empty for always."""
        return expression(self.shown_when)

    @property
    def required_if(self) -> str:
        """When it must be answered while it shows: `always`, an expression, or empty for never."""
        return "always" if self.question.required else expression(self.question.required_if)

    def shown_in_words(self, language: str) -> str:
        """When it shows, as readers say it, or empty for always."""
        return in_words(self.shown_when, self.scope, language)

    def required_in_words(self, language: str) -> str:
        """The condition that makes it required, as readers say it, or empty where there is none."""
        return in_words(self.question.required_if, self.scope, language)
