"""What can be applied for: the registries, their forms and organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FormEntry:
    """One form of a registry, with its title in each language and the variables that may leave it."""

    key: str
    titles: Mapping[str, str]
    variables: Sequence[str]

    def title(self, language: str) -> str:
        """The title in a language."""
        return self.titles.get(language) or self.titles["nb"]


@dataclass(frozen=True, kw_only=True)
class RegistryEntry:
    """One registry as release sees it; `small_cell` is the fewest persons a cell may show without a yes."""

    key: str
    names: Mapping[str, str]
    forms: Sequence[FormEntry]
    organisations: Mapping[int, str]
    small_cell: int

    def name(self, language: str) -> str:
        """The registry's name in a language."""
        return self.names.get(language) or self.names["nb"]

    def variables(self, forms: Sequence[str]) -> list[str]:
        """The variables of some forms, in the registry's order."""
        return [variable for form in self.forms if form.key in forms for variable in form.variables]


Catalog = Mapping[str, RegistryEntry]
