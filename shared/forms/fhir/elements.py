"""Small parts that all FHIR resources of the forms are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.forms.definition import FormDefinition, Question, Text, say

Element = dict[str, Any]
HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
ITEM_CONTROL = "http://hl7.org/fhir/questionnaire-item-control"
FHIRPATH = "text/fhirpath"
BASE = "nb"
SECTION, CONTEXT = "section.", "context."


def resource_id(form: FormDefinition) -> str:
    """The id of one version of a form, such as `smertereg-to-1`."""
    return f"{form.registry}-{form.key}-{form.version}".replace("_", "-")


def canonical(form: FormDefinition) -> str:
    """The canonical address of one version of a form, as responses name it."""
    return f"Questionnaire/{resource_id(form)}|{form.version}"


def system(form: FormDefinition, question: Question) -> str:
    """The code system of a question's options: its code list, or its own."""
    if question.codelist:
        return f"urn:registry:{form.registry}:codelist:{question.codelist}"
    if question.source:
        return f"urn:registry:{form.registry}:{question.source}"
    if question.coding:
        return f"urn:registry:{form.registry}:coding:{question.coding.key}"
    return f"urn:registry:{form.registry}:form:{form.key}:{question.key}"


def is_coded(question: Question) -> bool:
    """Whether the answer is a code."""
    return bool(question.options or question.source or question.coding)


def extension(url: str, **value: Any) -> Element:
    """An extension with one value, such as `valueBoolean=True`."""
    return {"url": url, **value}


HIDDEN = extension(f"{HL7}questionnaire-hidden", valueBoolean=True)


def worded(name: str, text: Text) -> Element:
    """A text in bokmål under its name, with its other languages as translations."""
    others = [_translation(language, words) for language, words in text.items() if language != BASE and words]
    return {name: say(text, BASE), **({f"_{name}": {"extension": others}} if others else {})}


def _translation(language: str, words: str) -> Element:
    parts = [extension("lang", valueCode=language), extension("content", valueString=words)]
    return {"url": f"{HL7}translation", "extension": parts}


def coding(code: object, label: Text, of: str) -> Element:
    """A code of a system with its text."""
    return {"system": of, "code": str(code), **worded("display", label)}


def control(code: str) -> Element:
    """How an item is to be shown: `help`, `prompt` and the like."""
    return extension(
        f"{HL7}questionnaire-itemControl",
        valueCodeableConcept={"coding": [{"system": ITEM_CONTROL, "code": code}]},
    )


def filled(element: Mapping[str, Any]) -> Element:
    """The element without what is empty: FHIR has no empty texts, lists or objects."""
    return {name: value for name, value in element.items() if value is not None and value not in ("", [], {})}
