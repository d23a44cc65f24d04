"""A registry as registration sees it: its forms, the types of course, the legal basis by date, who takes part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.registration.domain.course import LegalBasis
from services.registration.domain.form_state import FormState, shown_state
from services.registration.domain.representation import RepresentationRule

_FALLBACK = "nb"


@dataclass(frozen=True, kw_only=True)
class FormEntry:
    """One form: `short` is what fits over a column of icons, `reasons` are the names of the codes for no answer."""

    key: str
    short: str
    titles: Mapping[str, str]
    is_patient: bool
    reasons: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def title(self, language: str) -> str:
        """The title in a language, or in Norwegian."""
        return self.titles.get(language) or self.titles[_FALLBACK]

    def reason(self, code: int, language: str) -> str:
        """What a code for no answer means, in a language or in Norwegian; nothing for a code that is not known."""
        names = self.reasons.get(code, {})
        return names.get(language) or names.get(_FALLBACK, "")


@dataclass(frozen=True, kw_only=True)
class Period:
    """A legal basis and the days it was or is in force, both included; None is open."""

    basis: LegalBasis
    first: date | None
    last: date | None


@dataclass(frozen=True, kw_only=True)
class Registry:
    """One registry. `forms` stand in the order of the digits of a course's form states.

    `first_type` is the type of a course in which nothing is answered yet; without `asks_inclusion` all are included.
    With `has_factors` some form asks for opioids and works out their morphine equivalents.
    """

    key: str
    names: Mapping[str, str]
    short_name: str
    forms: tuple[FormEntry, ...]
    open_forms: Mapping[int, frozenset[str]]
    type_names: Mapping[int, Mapping[str, str]]
    first_type: int
    asks_inclusion: bool
    periods: tuple[Period, ...]
    organisations: Mapping[int, str]
    together: tuple[frozenset[int], ...]
    small_cell: int
    has_factors: bool
    representation: RepresentationRule | None = None

    @property
    def form_count(self) -> int:
        """How many forms there are."""
        return len(self.forms)

    def basis_on(self, day: date) -> LegalBasis:
        """The legal basis in force on a day."""
        for period in self.periods:
            if (period.first is None or period.first <= day) and (period.last is None or day <= period.last):
                return period.basis
        raise LookupError(f"{self.key} has no legal basis for a day")

    def seen_from(self, organisation: int) -> frozenset[int]:
        """The organisations whose courses a user of this one sees: its own, and those it works together with."""
        return next((group for group in self.together if organisation in group), frozenset({organisation}))

    def opening_types(self, form: str) -> frozenset[int]:
        """The types of course in which a form is open."""
        return frozenset(number for number, forms in self.open_forms.items() if form in forms)

    def type_name(self, number: int, language: str) -> str:
        """What a type of course is called, in a language or in Norwegian."""
        names = self.type_names[number]
        return names.get(language) or names[_FALLBACK]

    def form(self, key: str) -> FormEntry | None:
        """The form with this key, if the registry has it."""
        return next((form for form in self.forms if form.key == key), None)

    def shown_states(self, form_status: str, course_type: int) -> dict[str, FormState]:
        """The state of every form as a list shows it, by the digits of a course and its type."""
        is_open = self.open_forms[course_type]
        kept = zip(self.forms, form_status, strict=True)
        return {form.key: shown_state(FormState(int(digit)), is_open=form.key in is_open) for form, digit in kept}

    def with_state(self, form_status: str, form: str, state: FormState) -> str:
        """The digits of a course after one form has another state."""
        digits = list(form_status)
        digits[[entry.key for entry in self.forms].index(form)] = str(int(state))
        return "".join(digits)
