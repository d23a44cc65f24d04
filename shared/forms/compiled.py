"""One version of a form, compiled once: everything that is asked about answers is asked here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from shared.forms.asked import asks_for_person
from shared.forms.checks import missing_in_row, warnings_of
from shared.forms.columns import ColumnSpec, FormRows, child_columns, columns_of
from shared.forms.context import PREFIX, Context
from shared.forms.definition import Audience, FormDefinition, Preparations, Question, Section, Type, say
from shared.forms.draft import Draft, RowsState, new_document
from shared.forms.filled import Filled, stand_stored
from shared.forms.items import Item, make_items
from shared.forms.names import Tell
from shared.forms.order import start_question, working_order
from shared.forms.page import Page, PageProblem
from shared.forms.page_maker import PageMaker, Showing
from shared.forms.posted import Fields
from shared.forms.problems import Problem
from shared.forms.read_page import read_page, read_values
from shared.forms.read_wording import lacks_wording
from shared.forms.registry_rules import RegistryRules
from shared.forms.rules import names_in
from shared.forms.schema import AnswersSchema, answers_schema
from shared.forms.standing import Shown, Standing, Worker

Document = Mapping[str, Any]


@dataclass(frozen=True)
class CompiledForm:
    """A form ready for use. Documents are those of docs/forms.md; contexts give what the form cannot know."""

    definition: FormDefinition
    rules: RegistryRules
    items: Mapping[str, Item]
    worker: Worker
    preparations: Mapping[int, Preparations]

    @property
    def key(self) -> str:
        """The form's key."""
        return self.definition.key

    @property
    def version(self) -> int:
        """The form's version."""
        return self.definition.version

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """All questions outside rows, by key."""
        return {question.key: question for question in self.definition.questions()}

    @cached_property
    def lacks_wording(self) -> bool:
        """Whether the owner's text of some instrument is wanted and not there: such a form is not sent."""
        return lacks_wording(self.definition)

    @cached_property
    def asks_for_person(self) -> bool:
        """Whether anything in the form depends on who it is about."""
        return asks_for_person(self.definition, self.rules)

    @cached_property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """The columns of the form's table."""
        return columns_of(self.definition)

    @cached_property
    def child_columns(self) -> Mapping[str, tuple[ColumnSpec, ...]]:
        """The columns of the tables of rows, by the question's key."""
        return {q.key: child_columns(q) for q in self.questions.values() if q.type is Type.ROWS}

    @cached_property
    def rows(self) -> FormRows:
        """What makes the rows of its tables."""
        return FormRows(self.definition)

    @cached_property
    def schema(self) -> type[AnswersSchema]:
        """The answers as a program sends them, for the API's documentation and its errors."""
        return answers_schema(self.definition, self._tables)

    def new(self, answers: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A document with nothing but these answers, and the initial ones of other questions."""
        initial = {q.key: q.initial for q in self.questions.values() if q.initial is not None and q.is_stored}
        return new_document(self.key, self.version, {**initial, **(answers or {})})

    def new_for_patient(self) -> dict[str, Any]:
        """The document a patient begins with: that the form is filled in is what filling it in means."""
        fixed = self.rules.patient_form_end.get("submitted", {})
        return self.new(
            {key: value for key, value in fixed.items() if key in self.questions and value != "submitted_on"}
        )

    def read(self, fields: Fields, document: Document) -> Draft:
        """The draft that a page's fields make of a document."""
        return read_page(fields, document, self.questions, self._tables)

    def read_values(self, given: Mapping[str, Any], document: Document, confirmed: Sequence[str] = ()) -> Draft:
        """The draft that a program's answers make of a document."""
        return read_values(given, document, self.questions, self._tables, confirmed)

    def filled(self, document: Document, context: Context) -> Filled:
        """The form with a document, for several questions about it at once."""
        return Filled(self.worker, self.questions, document, context)

    def stand(self, document: Document, context: Context) -> Standing:
        """What shows, what counts and what is needed."""
        return self.worker.stand(document["answers"], context)

    def stand_stored(self, document: Document) -> Standing:
        """How a stored document stands, read from what it says of itself: neither person nor day are asked."""
        return stand_stored(self.worker, document)

    def check(self, document: Document, context: Context) -> tuple[Problem, ...]:
        """Answers that cannot be as they are."""
        return self.filled(document, context).problems()

    def warnings(self, document: Document, context: Context) -> tuple[Problem, ...]:
        """Answers that ask to be confirmed and are not."""
        return self.filled(document, context).unconfirmed()

    def complete(self, document: Document, context: Context) -> tuple[Problem, ...]:
        """Everything that keeps the form from being finalised: errors, what is missing, what is not confirmed."""
        return self.filled(document, context).complete()

    def visible(self, document: Document, context: Context) -> tuple[str, ...]:
        """Paths of the questions that show, in page order."""
        return tuple(self.stand(document, context).shown)

    def required(self, document: Document, context: Context) -> tuple[str, ...]:
        """Paths of the questions that must be answered."""
        return tuple(path for path, shown in self.stand(document, context).shown.items() if shown.is_needed)

    def calculate(self, document: Document, context: Context) -> dict[str, Any]:
        """The computed answers that count."""
        shown = self.stand(document, context).shown.values()
        return {s.path: s.value for s in shown if s.item.calculate is not None and s.value is not None}

    def values(self, document: Document, context: Context) -> dict[str, Any]:
        """All answers that count, computed ones included, by question."""
        return self.filled(document, context).values

    def kept(self, document: Document, context: Context) -> dict[str, Any]:
        """The document as it is stored: without anything that tells who somebody is."""
        return self.filled(document, context).kept()

    def typed_row(self, document: Document, context: Context) -> dict[str, Any]:
        """What the answers write to the form's own table; NULL where a question does not show."""
        return self.rows.own(self.stand(document, context))

    def child_rows(self, document: Document, context: Context) -> dict[str, list[dict[str, Any]]]:
        """What the answers write to the tables of rows."""
        return self.rows.children(self.stand(document, context))

    def page(self, document: Document, context: Context, showing: Showing) -> Page:
        """The form as a page shows it. Problems are told beside their questions and in the summary."""
        standing, draft = self.stand(document, context), showing.draft
        told = (*(draft.problems if draft else ()), *showing.problems, *missing_in_row(standing, draft))
        maker = PageMaker(
            standing=standing,
            language=showing.language,
            problems=told,
            warnings=tuple(warnings_of(standing)),
            confirmed=document.get("confirmed", ()),
            typed=draft.typed if draft else {},
            person={**showing.person, **(draft.person if draft else {})},
            places=showing.places,
            tables=self._tables,
            rows=draft.rows if draft else RowsState(),
        )
        made = tuple(section for section in map(maker.section, self._sections(showing.audience)) if section.questions)
        keys = {question.key for section in made for question in section.questions}
        return Page(
            form=self.key,
            version=self.version,
            title=maker.say(self.definition.title),
            intro=maker.say(self.definition.intro),
            sections=made,
            problems=tuple(self._line(problem, standing, showing.language) for problem in told),
            shown=tuple(path for path, s in standing.shown.items() if _is_asked(s) and path.split(".")[0] in keys),
            is_sample=self.definition.is_sample,
            is_read_only=showing.is_read_only,
        )

    def _sections(self, audience: Audience) -> Iterator[Section]:
        is_patient = audience is Audience.PATIENT
        return (s for s in self.definition.sections if not (is_patient and s.audience is Audience.CLINICIAN))

    def _line(self, problem: Problem, standing: Standing, language: str) -> PageProblem:
        shown = standing.shown.get(problem.path) or standing.shown.get(problem.path.split(".")[0])
        label = say(shown.item.question.label, language) if shown else ""
        return PageProblem(path=problem.path, label=label, message=problem.message(language))

    def _tables(self, question: Question) -> Preparations:
        version = self.rules.opioid_version
        known = self.preparations.get(version) if version is not None else None
        found = known or question.preparations
        if found is None:
            raise LookupError(question.key)
        return found


def _is_asked(shown: Shown) -> bool:
    question = shown.item.question
    return question.type is not Type.COMPUTED and not question.is_hidden and not shown.is_filled


def _rules_of(form: FormDefinition, rules: RegistryRules) -> RegistryRules:
    """The rules as this version follows them: a criterion of inclusion counts where its question is asked."""
    inclusion = rules.inclusion
    if inclusion is None or inclusion.form != form.key:
        return rules
    asked = {question.key for question in form.questions()}
    own = (c for c in inclusion.criteria if all(n in asked or n.startswith(PREFIX) for n in names_in(c)))
    return replace(rules, inclusion=replace(inclusion, criteria=tuple(own)))


def compile_form(
    form: FormDefinition, rules: RegistryRules, preparations: Mapping[int, Preparations], tell: Tell
) -> CompiledForm:
    """Compile a form whose names are canonical; `tell` hears of circles."""
    rules = _rules_of(form, rules)
    items = make_items(form, rules, tell)
    worker = Worker(
        items=items,
        order=working_order(form, rules, tell),
        start_question=start_question(form, rules),
        basis_on=lambda day: next(period.basis for period in rules.periods if period.covers(day)),
    )
    return CompiledForm(form, rules, items, worker, preparations)
