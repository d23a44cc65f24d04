"""What a form asks about person and course, wherever in its definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from shared.forms.context import PREFIX
from shared.forms.definition import FormDefinition
from shared.forms.registry_rules import RegistryRules

OF_PERSON = frozenset({"birth_date", "gender", "address_type", "deceased", "deceased_date"})


def asks_for_person(form: FormDefinition, rules: RegistryRules) -> bool:
    """Whether anything in the form depends on who it is about."""
    names = {text.removeprefix(PREFIX) for text in _texts((form.sections, rules.inclusion)) if text.startswith(PREFIX)}
    return bool(names & OF_PERSON) or any(question.in_person_store for question in form.questions())


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))
    elif isinstance(part, Mapping):
        yield from _texts(tuple(part.values()))
    elif isinstance(part, list | tuple | set | frozenset):
        for item in part:
            yield from _texts(item)
