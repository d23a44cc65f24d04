"""The catalog, from the engine's definitions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from services.release.domain.catalog import Catalog, FormEntry, RegistryEntry
from shared.forms.catalogue import registries
from shared.forms.codebook import codebook
from shared.forms.registry import Registry


@cache
def load_catalog() -> Catalog:
    """All registries, by key."""
    return {key: _registry(defined) for key, defined in registries().items()}


def _registry(defined: Registry) -> RegistryEntry:
    rules, names = defined.rules, dict[str, list[str]]()
    for variable in codebook(defined):
        if variable.may_leave and variable.rows is None:
            names.setdefault(variable.form, []).append(variable.name)
    return RegistryEntry(
        key=rules.key,
        names=rules.names,
        forms=[_form(defined, key, names.get(key, ())) for key in defined.form_keys],
        organisations={unit.resh_id: unit.name for unit in rules.organisations},
        small_cell=rules.small_cell,
    )


def _form(defined: Registry, key: str, variables: Sequence[str]) -> FormEntry:
    return FormEntry(key=key, titles=defined.form(key).definition.title, variables=variables)
