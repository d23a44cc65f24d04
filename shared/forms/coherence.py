"""Checks across the files of a registry: names that lead somewhere, keys and fields used once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from shared.forms.columns import child_columns, columns_of
from shared.forms.definition import Audience, Condition, FormDefinition, Question, Type
from shared.forms.flag_rules import FlagRule
from shared.forms.names import renamed
from shared.forms.read_answers import TABLES
from shared.forms.reading import LANGUAGES, Flaws
from shared.forms.registry_rules import Basis, PaperStart, Place, RegistryRules

Forms = Mapping[str, FormDefinition]  # the newest version of each form


def check_form(form: FormDefinition, file: Path, flaws: Flaws) -> None:
    """Keys and fields are used once; patients find every text in their language, and one question a screen."""
    everything = list(form.all_questions())
    for key in _repeated(question.key for question in everything):
        flaws.add(file, key, "is the key of two questions")
    for key in _repeated(section.key for section in form.sections):
        flaws.add(file, key, "is the key of two sections")
    for field in _repeated(spec.field for spec in columns_of(form)):
        flaws.add(file, field, "is the field of two answers")
    for question in (q for q in everything if q.type is Type.ROWS):
        for field in _repeated(spec.field for spec in child_columns(question)):
            flaws.add(file, f"{question.key}.{field}", "is the field of two answers")
    if form.audience is Audience.PATIENT:
        _check_languages(form, file, flaws)
        for question in (q for q in _patient_questions(form) if q.type in TABLES | {Type.ROWS}):
            flaws.add(file, question.key, "is a table, and patients are asked one question at a time")


def _check_languages(form: FormDefinition, file: Path, flaws: Flaws) -> None:
    for question in _patient_questions(form):
        for text in _texts(question):
            if any(language not in text for language in LANGUAGES):
                flaws.add(file, question.key, f"lacks a language: {', '.join(sorted(text))}")


def _patient_questions(form: FormDefinition) -> Iterator[Question]:
    for section in form.sections:
        if section.audience is not Audience.CLINICIAN:
            yield from section.questions


def _texts(question: Question) -> Iterator[Mapping[str, str]]:
    yield question.label
    for text in (question.help, question.hint):
        if text:
            yield text


def _repeated(names: Iterator[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _paper_places(rules: RegistryRules, start: PaperStart) -> Iterator[tuple[Basis, Place]]:
    """Places without a form: the consent's date is in the form of consent, the start date in that of the start."""
    homes = {Basis.CONSENT: rules.consent.form if rules.consent else "", Basis.RESERVATION: ""}
    if "started_on" in rules.course:
        homes[Basis.RESERVATION] = rules.course["started_on"].form
    for basis, place in start.by_basis.items():
        yield basis, place if place.form else Place(homes[basis], place.question)


def with_checked_rules(
    rules: RegistryRules, every: Iterable[FormDefinition], file: Path, flaws: Flaws
) -> RegistryRules:
    """The rules with canonical names in their conditions; places and forms that do not exist are flaws.

    A criterion of inclusion may name a question that only older versions have.
    """
    versions = sorted(every, key=lambda form: form.version)
    forms = {form.key: form for form in versions}
    paper = {form: PaperStart(dict(_paper_places(rules, start))) for form, start in rules.paper.items()}
    rules = replace(rules, paper=paper)
    for name, place in _places(rules):
        _check_place(place, name, forms, file, flaws)
    for name, key in _form_names(rules):
        if key not in forms:
            flaws.add(file, name, f"names an unknown form: {key!r}")
    inclusion, national = rules.inclusion, rules.national
    if inclusion:
        ever = _scope(form for form in versions if form.key == inclusion.form)
        criteria = (_renamed(c, ever, "inclusion", file, flaws) for c in inclusion.criteria)
        inclusion = replace(inclusion, criteria=tuple(c for c in criteria if c))
    if national and national.consent and national.consent_form:
        consent = _renamed(national.consent, _newest(forms, national.consent_form), "national", file, flaws)
        national = replace(national, consent=consent)
    seen_form = inclusion.form if inclusion else next(iter(forms), "")
    seen = _renamed(rules.seen, _newest(forms, seen_form), "course_types.seen", file, flaws) if rules.seen else None
    flags = tuple(_checked_flags(rules, forms, file, flaws))
    return replace(rules, inclusion=inclusion, national=national, seen=seen, flags=flags)


def _checked_flags(rules: RegistryRules, forms: Forms, file: Path, flaws: Flaws) -> Iterator[FlagRule]:
    for key in _repeated(flag.key for flag in rules.flags):
        flaws.add(file, f"flags.{key}", "is the key of two flags")
    for flag in rules.flags:
        if flag.form not in rules.forms["patient"]:
            flaws.add(file, f"flags.{flag.key}", f"is not about a form of patients: {flag.form!r}")
        when = _renamed(flag.when, _newest(forms, flag.form), f"flags.{flag.key}", file, flaws)
        yield replace(flag, when=when or flag.when)


def _scope(forms: Iterable[FormDefinition]) -> dict[str, Question]:
    return {question.key: question for form in forms for question in form.questions()}


def _newest(forms: Forms, key: str) -> dict[str, Question]:
    return _scope([forms[key]] if key in forms else [])


def _renamed(
    condition: Condition, scope: Mapping[str, Question], name: str, file: Path, flaws: Flaws
) -> Condition | None:
    return renamed(condition, scope, name, lambda place, message: flaws.add(file, place, message))


def _places(rules: RegistryRules) -> Iterator[tuple[str, Place]]:
    yield from ((f"course.{name}", place) for name, place in rules.course.items())
    if rules.inclusion:
        yield "inclusion.result", Place(rules.inclusion.form, rules.inclusion.result)
    if rules.consent:
        for question in (rules.consent.question, rules.consent.date, rules.consent.reason):
            yield "consent", Place(rules.consent.form, question)
    for order in rules.messages.orders if rules.messages else ():
        if order.of and order.from_question:
            yield f"messages.orders.{order.form}", Place(order.of, order.from_question)
    for form, start in rules.paper.items():
        yield from ((f"paper.{form}", place) for place in start.by_basis.values())


def _form_names(rules: RegistryRules) -> Iterator[tuple[str, str]]:
    for group, names in rules.forms.items():
        yield from ((f"forms.{group}", name) for name in names)
    for kind in rules.course_types:
        yield from ((f"course_types.{kind.number}", name) for name in kind.forms)
    for order in rules.messages.orders if rules.messages else ():
        yield f"messages.orders.{order.form}", order.form


def _check_place(place: Place, name: str, forms: Forms, file: Path, flaws: Flaws) -> None:
    form: Any = forms.get(place.form)
    if form is None or all(question.key != place.question for question in form.questions()):
        flaws.add(file, name, f"names no question: {place.form}.{place.question}")
