"""One version of a form as a FHIR R4 Questionnaire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.forms.compiled import CompiledForm
from shared.forms.definition import Audience, Question, Section
from shared.forms.fhir.conditions import Conditions, context_names
from shared.forms.fhir.elements import BASE, HIDDEN, SECTION, Element, filled, resource_id, worded
from shared.forms.fhir.items import KINDS, Items
from shared.forms.fhir.notes import Notes
from shared.forms.problems import said
from shared.forms.rules import names_in


def questionnaire(form: CompiledForm, audience: Audience = Audience.CLINICIAN) -> Element:
    """The form as clinicians or patients fill it in, ready for JSON.

    Values of the context that conditions look at are hidden items of a group `context`, for the system to fill in. What
    patients never see is hidden and fixed in their version. Items have the paths of the form's fields as their linkId.
    """
    definition = form.definition
    key = resource_id(definition)
    day = definition.published_on
    return filled(
        {
            "resourceType": "Questionnaire",
            "id": key,
            "language": BASE,
            "url": f"Questionnaire/{key}",
            "identifier": [{"system": f"urn:registry:{definition.registry}:form", "value": definition.key}],
            "version": str(definition.version),
            "name": f"{definition.registry}_{definition.key}".capitalize(),
            **worded("title", definition.title),
            "status": "active",
            "experimental": definition.is_sample or None,
            "subjectType": ["Patient"],
            "date": day.isoformat() if day else None,
            "publisher": form.rules.controller,
            **(worded("description", definition.intro) if definition.intro else {}),
            "item": list(_items(form, audience)),
        }
    )


def _items(form: CompiledForm, audience: Audience) -> Iterator[Element]:
    questions = {question.key: question for question in form.definition.all_questions()}
    conditions = Conditions(form.definition, questions)
    maker = Items(conditions, Notes(questions))
    used = _used(form)
    given = context_names(form.definition)
    if given:
        items = [_given(name, conditions) for name in given]
        head = {"linkId": "context", "type": "group", **worded("text", said("note.context"))}
        yield {**head, "extension": [HIDDEN], "item": items}
    for section in form.definition.sections:
        item = _section(form, section, maker)
        is_closed = audience is Audience.PATIENT and section.audience is Audience.CLINICIAN
        shown = _closed(item, used, _fixed(form)) if is_closed else item
        if shown["item"]:
            yield shown


def _used(form: CompiledForm) -> frozenset[str]:
    """Names that some condition looks at."""
    conditions = [section.show_if for section in form.definition.sections]
    conditions += [question.show_if for question in form.definition.all_questions()]
    return frozenset(name for condition in conditions for name in names_in(condition))


def _given(name: str, conditions: Conditions) -> Element:
    text = said(name)
    return {"linkId": name, "type": KINDS[conditions.kind(name)], **worded("text", text), "readOnly": True}


def _section(form: CompiledForm, section: Section, maker: Items) -> Element:
    inner = [item for question in _asked(section) for item in maker.items(question, form.definition.table)]
    head = {"linkId": f"{SECTION}{section.key}", "type": "group", **worded("text", section.title)}
    return {**head, **maker.conditions.enabling(section.show_if), "item": inner}


def _asked(section: Section) -> Iterator[Question]:
    """Person data and comments that stay in the unit are no part of what is exchanged."""
    return (q for q in section.questions if not q.in_person_store and not q.is_internal)


def _fixed(form: CompiledForm) -> Mapping[str, Any]:
    return form.rules.patient_form_end.get("submitted", {})


def _closed(section: Element, used: frozenset[str], fixed: Mapping[str, Any]) -> Element:
    """The section as patients have it: hidden, with what conditions need and its fixed answers."""
    items = [_answered(item, fixed.get(item["linkId"])) for item in section["item"] if item["linkId"] in used]
    return {**section, "extension": [*section.get("extension", []), HIDDEN], "item": items}


def _answered(item: Element, code: object) -> Element:
    options = [
        {**option, "initialSelected": True} if option["valueCoding"]["code"] == str(code) else option
        for option in item.get("answerOption", [])
    ]
    return filled({**item, "required": None, "readOnly": True, "answerOption": options})
