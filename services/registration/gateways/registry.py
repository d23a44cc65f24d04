"""What registration sees of the registries, from the engine's definitions."""

from __future__ import annotations

from collections.abc import Sequence

from services.registration.domain.course import LegalBasis
from services.registration.domain.patient_form import REASON
from services.registration.domain.registry import FormEntry, Period, Registry
from services.registration.domain.representation import RepresentationRule
from shared.forms import registry as engine
from shared.forms.catalogue import registries
from shared.forms.definition import FormDefinition
from shared.forms.registry_rules import BasisPeriod, Organisation, RegistryRules


def load_registries() -> dict[str, Registry]:
    """All registries, by key."""
    return {key: _registry(defined) for key, defined in registries().items()}


def _registry(defined: engine.Registry) -> Registry:
    rules = defined.rules
    return Registry(
        key=rules.key,
        names=rules.names,
        short_name=rules.short_name,
        forms=tuple(_form(defined.form(key).definition, rules) for key in defined.form_keys),
        open_forms={kind.number: frozenset(kind.forms) for kind in rules.course_types},
        type_names={kind.number: kind.label for kind in rules.course_types},
        first_type=defined.course_type({}),
        asks_inclusion=rules.inclusion is not None,
        periods=tuple(_period(period) for period in rules.periods),
        organisations={unit.resh_id: unit.name for unit in rules.organisations},
        together=_together(rules.organisations),
        small_cell=rules.small_cell,
        has_factors=rules.opioid_version is not None,
        representation=_representation(rules),
    )


def _representation(rules: RegistryRules) -> RepresentationRule | None:
    told = rules.messages.representation if rules.messages else None
    return RepresentationRule(parents_until=told.parents_until, child_from=told.child_from) if told else None


def _form(form: FormDefinition, rules: RegistryRules) -> FormEntry:
    asked = [name for name, value in rules.patient_form_end.get("closed", {}).items() if value == REASON]
    options = [option for question in form.questions() if question.key in asked for option in question.options]
    return FormEntry(
        key=form.key,
        short=form.short,
        titles=form.title,
        is_patient=form.key in rules.forms["patient"],
        reasons={option.code: option.label for option in options if isinstance(option.code, int)},
    )


def _period(period: BasisPeriod) -> Period:
    return Period(basis=LegalBasis(period.basis), first=period.first, last=period.last)


def _together(units: Sequence[Organisation]) -> tuple[frozenset[int], ...]:
    groups: dict[str, set[int]] = {}
    for unit in units:
        if unit.together:
            groups.setdefault(unit.together, set()).add(unit.resh_id)
    return tuple(frozenset(group) for group in groups.values())
