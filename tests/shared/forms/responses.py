"""Responses as somebody else's program sends them: a form of patients answered as far as it must be."""

from __future__ import annotations

from datetime import date

from shared.forms.definition import Audience, Type
from shared.forms.fhir import questionnaire, questionnaire_response

TODAY = date(2026, 11, 23)
PLAIN = {Type.BOOLEAN: True, Type.DATE: "2026-11-01", Type.TEXT: "tekst", Type.NRS: 3}


def answer_to(question):
    """Any answer that a question takes."""
    if question.type in {Type.CHOICE, Type.CHOICES}:
        code = next(option.code for option in question.options if not option.exclusive)
        return [code] if question.type is Type.CHOICES else code
    if question.type is Type.ROWS:
        return [{inner.key: answer_to(inner) for inner in question.questions if inner.required}]
    low = question.limit.low[0] if question.limit and question.limit.low else 1
    return PLAIN.get(question.type, low)


def answered(form, **given):
    """A document of a patient in which these questions are answered, and all that this makes necessary."""
    document = form.read_values(given, form.new_for_patient()).document
    for _ in range(200):
        missing = [
            path for path in form.required(document, {"today": TODAY}) if path in form.questions and path in asked(form)
        ]
        left = [path for path in missing if path not in document["answers"]]
        if not left:
            break
        document = form.read_values({left[0]: answer_to(form.questions[left[0]])}, document).document
    return document


def asked(form):
    """The questions that patients are asked."""
    sections = (s for s in form.definition.sections if s.audience is not Audience.CLINICIAN)
    return {question.key for section in sections for question in section.questions}


def response_to(form, document=None, **given):
    """The response of a program that showed the form to a patient."""
    document = form.kept(document or answered(form, **given), {"today": TODAY})
    shown = {item["linkId"] for item in questionnaire(form, Audience.PATIENT)["item"] if "extension" not in item}
    response = questionnaire_response(form, document)
    response["item"] = [item for item in response["item"] if item["linkId"] in shown]
    return {**response, "authored": "2026-11-23T10:15:00+01:00"}


def items_of(element):
    """Every item of a response, those inside answers too."""
    for item in element.get("item", []):
        yield item
        yield from items_of(item)
        for answer in item.get("answer", []):
            yield from items_of(answer)


def item_of(response, link):
    return next(item for item in items_of(response) if item["linkId"] == link)
