"""A registry ready for use: its rules and its compiled forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from shared.forms.compiled import CompiledForm
from shared.forms.definition import Option
from shared.forms.errors import UnknownForm
from shared.forms.registry_rules import Basis, RegistryRules, When
from shared.forms.rules import compile_rule, names_in
from shared.forms.versions import Mappings, Moved


@dataclass(frozen=True)
class Registry:
    """Rules, forms by key and version, and code lists."""

    rules: RegistryRules
    forms: Mapping[str, Mapping[int, CompiledForm]]
    codelists: Mapping[str, tuple[Option, ...]]
    mappings: Mappings = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The registry's key."""
        return self.rules.key

    @cached_property
    def form_keys(self) -> tuple[str, ...]:
        """All forms in the registry's order: clinicians' first, then patients'."""
        return (*self.rules.forms["clinician"], *self.rules.forms["patient"])

    def form(self, key: str, version: int | None = None) -> CompiledForm:
        """A version of a form, the newest by default; raises UnknownForm."""
        versions = self.forms.get(key)
        if not versions:
            raise UnknownForm(f"{self.key}/{key}")
        found = versions.get(max(versions) if version is None else version)
        if found is None:
            raise UnknownForm(f"{self.key}/{key}/v{version}")
        return found

    def form_on(self, key: str, day: date) -> CompiledForm:
        """The version of a form that was in force on a day; the first one for days before it; raises UnknownForm."""
        published = {number: form.definition.published_on for number, form in self.forms.get(key, {}).items()}
        in_force = [number for number, since in published.items() if since is None or since <= day]
        return self.form(key, max(in_force, default=min(published, default=None)))

    def moved(self, document: Mapping[str, Any], newest: CompiledForm) -> tuple[dict[str, Any], tuple[Moved, ...]]:
        """The document as a newer version has it, by one mapping after the other, and what does not stay as it was."""
        found, told = dict(document), list[Moved]()
        while found["version"] < newest.version:
            mapping = self.mappings[newest.key, found["version"]]
            told += mapping.moved(found)
            found = mapping.apply(found)
        return found, tuple(told)

    def basis_on(self, day: date) -> Basis:
        """The legal basis in force on a day."""
        return next(period.basis for period in self.rules.periods if period.covers(day))

    def is_included(self, values: Mapping[str, Any]) -> bool | None:
        """What the values of the form of inclusion decide; None while it is open."""
        if self.rules.inclusion is None:
            return None
        result = values.get(self.rules.inclusion.result)
        return None if result is None else bool(result)

    def course_type(self, values: Mapping[str, Any]) -> int:
        """The type of course that the values of the form of inclusion make."""
        seen = self._is_seen(values)
        when = When.NOT_SEEN if not seen else When.SEEN_INCLUDED
        if seen and self.is_included(values) is not True:
            when = When.SEEN_NOT_INCLUDED
        kinds = self.rules.course_types
        return next(kind.number for kind in kinds if kind.when in {when, When.ALWAYS})

    def forms_of_type(self, number: int) -> tuple[str, ...]:
        """The forms that a type of course opens."""
        return next(kind.forms for kind in self.rules.course_types if kind.number == number)

    def _is_seen(self, values: Mapping[str, Any]) -> bool:
        """Whether the patient was seen; as long as nobody has said so, that is taken for granted."""
        rule = self.rules.seen
        if not any(name in values for name in names_in(rule)):
            return True
        return rule is None or compile_rule(rule, {})(values)
