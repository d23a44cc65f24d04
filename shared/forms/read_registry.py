"""Reads registry.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from shared.forms.definition import Code
from shared.forms.flag_rules import read_flags
from shared.forms.patient_rules import read_patients
from shared.forms.read_condition import read_condition, read_condition_here
from shared.forms.read_messages import read_deadlines, read_messages, read_paper
from shared.forms.reading import Flaws, Node, read_yaml
from shared.forms.registry_rules import (
    Basis,
    BasisPeriod,
    ConsentRule,
    CourseType,
    InclusionRule,
    NationalRule,
    Organisation,
    PersonField,
    Place,
    RegistryRules,
    When,
)

COURSE_PLACES = ("started_on", "ended_on", "referred_on", "location", "ward")
# The numbers are the registers' own, and lists and figures know 1 as the course of somebody who was not seen.
NUMBERS = {When.NOT_SEEN: 1, When.SEEN_NOT_INCLUDED: 2, When.SEEN_INCLUDED: 3, When.ALWAYS: 3}
GROUPS = ("clinician", "patient", "paper")


def read_registry(file: Path, flaws: Flaws) -> RegistryRules | None:
    """The rules of a registry, or None with the flaws noted."""
    node = read_yaml(file, flaws)
    if node is None:
        return None
    deadlines = read_deadlines(node)
    seen, types = _course_types(node)
    rules = RegistryRules(
        key=node.word("key"),
        names=node.text("names", needed=True) or {},
        short_name=node.string("short_name", needed=True),
        controller=node.string("controller", needed=True),
        contact=node.take("contact", dict) or {},
        periods=_periods(node),
        forms=_groups(node),
        course=_course(node),
        course_types=types,
        seen=seen,
        deadlines=deadlines,
        inclusion=_inclusion(node),
        **_optional_parts(node),
    )
    node.close()
    if rules.key != file.parent.name:
        node.flaw("key", f"is not the name of the folder, {file.parent.name}")
    return rules


def _optional_parts(node: Node) -> dict[str, Any]:
    disclosure, opioids = node.node("disclosure"), node.node("opioids")
    parts: dict[str, Any] = {
        "national": _national(node),
        "consent": _consent(node),
        "messages": read_messages(node),
        "patients": read_patients(node),
        "patient_form_end": _patient_form_end(node),
        "paper": read_paper(node),
        "codings": _codings(node),
        "person_fields": tuple(_person_field(item) for item in node.nodes("person_fields")),
        "organisations": tuple(_organisation(item) for item in node.nodes("organisations")),
        "flags": read_flags(node),
        "regions": node.take("regions", dict) or {},
        "sample_clinics": tuple(node.take("sample_clinics", list) or ()),
    }
    if disclosure:
        parts["small_cell"] = disclosure.integer("small_cell", 5)
        parts["small_cell_least"] = disclosure.integer("small_cell_least", 3)
        disclosure.close()
    if opioids:
        parts["opioid_version"] = opioids.integer("version", needed=True)
        opioids.close()
    return parts


def _codings(node: Node) -> Mapping[str, int]:
    found = {}
    for name, version in (node.take("codings", dict) or {}).items():
        if str(version).isdigit():
            found[str(name)] = int(version)
        else:
            node.flaw(f"codings.{name}", "is not a whole number, which is what the register keeps")
    return found


def _periods(node: Node) -> tuple[BasisPeriod, ...]:
    found = []
    for item in node.nodes("legal_basis", needed=True):
        basis = item.one_of("basis", Basis) or Basis.RESERVATION
        found.append(BasisPeriod(basis, item.day("from"), item.day("until")))
        item.close()
    for earlier, later in pairwise(found):
        if earlier.last is None or later.first is None or earlier.last + timedelta(days=1) != later.first:
            node.flaw("legal_basis", "has a day with no basis or with two")
    if found and (found[0].first or found[-1].last):
        node.flaw("legal_basis", "does not reach from the first day to the last")
    return tuple(found)


def _inclusion(node: Node) -> InclusionRule | None:
    inner = node.node("inclusion")
    if inner is None:
        return None
    criteria = tuple(read_condition_here(item) for item in inner.nodes("criteria", needed=True))
    rule = InclusionRule(inner.string("form", needed=True), inner.string("result", needed=True), criteria)
    inner.close()
    return rule


def _course_types(node: Node) -> tuple[Any, tuple[CourseType, ...]]:
    inner = node.node("course_types", needed=True)
    if inner is None:
        return None, ()
    seen, types = read_condition(inner, "seen"), []
    for number in inner.names():
        if number == "seen":
            continue
        item = inner.node(number)
        if item is None or not isinstance(number, int):
            inner.flaw(str(number), "is not the number of a course type")
            continue
        when, label = item.one_of("when", When) or When.ALWAYS, item.text("label", needed=True) or {}
        if number != NUMBERS[when]:
            item.flaw("when", f"is what type {NUMBERS[when]} is")
        types.append(CourseType(number, when, label, _names(item, "forms")))
        item.close()
    if any(t.when is When.NOT_SEEN for t in types) and seen is None:
        inner.flaw("seen", "is missing")
    return seen, tuple(types)


def _names(node: Node, key: str) -> tuple[str, ...]:
    names = node.take(key, list, needed=True) or []
    if any(not isinstance(name, str) for name in names) or len(set(names)) != len(names):
        node.flaw(key, "is not a list of different names")
    return tuple(str(name) for name in names)


def _groups(node: Node) -> Mapping[str, tuple[str, ...]]:
    inner = node.node("forms", needed=True)
    if inner is None:
        return {}
    groups = {group: _names(inner, group) if inner.has(group) else () for group in GROUPS}
    inner.close()
    return groups


def _course(node: Node) -> Mapping[str, Place]:
    inner = node.node("course")
    if inner is None:
        return {}
    places = {name: read_place(inner, name) for name in COURSE_PLACES if inner.has(name)}
    inner.close()
    return {name: place for name, place in places.items() if place}


def read_place(node: Node, key: str) -> Place | None:
    """A form and one of its questions."""
    inner = node.node(key)
    if inner is None:
        return None
    place = Place(inner.string("form", needed=True), inner.string("question", needed=True))
    inner.close()
    return place


def _national(node: Node) -> NationalRule | None:
    inner = node.node("national")
    if inner is None:
        return None
    requires = inner.string("requires")
    if requires not in {"", "included"}:
        inner.flaw("requires", "can only be included")
    consent, form, condition = inner.node("consent_basis"), None, None
    if consent:
        form = consent.string("form", needed=True)
        condition = read_condition_here(consent)
    inner.close()
    return NationalRule(requires == "included", form, condition)


def _consent(node: Node) -> ConsentRule | None:
    inner = node.node("consent")
    if inner is None:
        return None
    rule = ConsentRule(
        form=inner.string("form", needed=True),
        question=inner.string("question", needed=True),
        date=inner.string("date", needed=True),
        reason=inner.string("reason", needed=True),
        withdrawn_date=inner.string("withdrawn_date") or None,
        reasons=inner.take("reasons", dict, needed=True) or {},
        set_by_system=tuple(inner.take("set_by_system", list) or ()),
        set_by_national_coordinator=tuple(inner.take("set_by_national_coordinator", list) or ()),
    )
    inner.close()
    return rule


def _patient_form_end(node: Node) -> Mapping[str, Mapping[str, Code]]:
    inner = node.node("patient_form_end")
    if inner is None:
        return {}
    found = {name: inner.take(name, dict) or {} for name in ("submitted", "closed")}
    inner.close()
    return found


def _person_field(node: Node) -> PersonField:
    found = PersonField(
        key=node.word("key"),
        label=node.text("label", needed=True) or {},
        source=node.string("from", needed=True),
        is_optional=node.flag("optional"),
        prompt=node.string("prompt") or None,
    )
    node.close()
    return found


def _organisation(node: Node) -> Organisation:
    found = Organisation(
        resh_id=node.integer("resh_id", needed=True),
        name=node.string("name", needed=True),
        short_name=node.string("short_name", needed=True),
        region=node.string("region", needed=True),
        together=node.string("together") or None,
    )
    node.close()
    return found
