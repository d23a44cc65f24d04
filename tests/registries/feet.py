"""A form as Helsenorge's editor writes it, with its extensions, conditions of many kinds and a score."""

from __future__ import annotations

HL7 = "http://hl7.org/fhir/StructureDefinition/"
EHELSE = "http://ehelse.no/fhir/StructureDefinition/"
YES_NO = "urn:oid:2.16.578.1.12.4.1.1101"
TABLE = "urn:registry:footcare:table:feet"
YES = {"answerCoding": {"system": YES_NO, "code": "1"}}


def worded(name, words):
    """A text in bokmål, and the same in the two other languages."""
    others = [
        {
            "url": f"{HL7}translation",
            "extension": [{"url": "lang", "valueCode": lang}, {"url": "content", "valueString": words}],
        }
        for lang in ("nn-NO", "en-GB")
    ]
    return {name: words, f"_{name}": {"extension": others}}


def item(link, kind, words, *, when=(), every=True, extension=(), **more):
    """One item; `when` are its conditions."""
    behavior = {"enableBehavior": "all" if every else "any"} if len(when) > 1 else {}
    conditions = {"enableWhen": list(when), **behavior} if when else {}
    return {"linkId": link, "type": kind, **worded("text", words), "extension": list(extension), **conditions, **more}


def when(question, operator, **answer):
    return {"question": question, "operator": operator, **answer}


def control(code):
    coding = {"system": "http://hl7.org/fhir/ValueSet/questionnaire-item-control", "code": code}
    return {"url": f"{HL7}questionnaire-itemControl", "valueCodeableConcept": {"coding": [coding]}}


def option(code, words, **more):
    return {"valueCoding": {"system": "urn:uuid:feet", "code": code, **worded("display", words)}, **more}


def graded(link, words):
    """A question of a score: codes are letters, points stand beside them."""
    points = enumerate(("aldri", "noen ganger", "alltid"))
    options = [option("abc"[n], said) for n, said in points]
    for number, one in enumerate(options):
        one["valueCoding"]["extension"] = [{"url": f"{HL7}ordinalValue", "valueDecimal": number}]
    return item(
        link, "choice", words, code=[{"system": "http://ehelse.no/scoringFormulas", "code": "QS"}], answerOption=options
    )


ALONE = [{"url": f"{HL7}questionnaire-optionExclusive", "valueBoolean": True}]
TOE = {"answerCoding": {"system": "urn:uuid:feet", "code": "toe"}}
FEET = item(
    "1", "group", "Føttene",
    item=[
        item("1.1", "choice", "Har du vondt i føttene?", required=True, answerValueSet="#1101"),
        item("1.2", "choice", "Hvor gjør det vondt?", repeats=True, extension=[control("check-box")], when=[when("1.1", "=", **YES)],
             answerOption=[option("heel", "Hælen"), option("toe", "Tærne"), option("all", "Overalt", extension=ALONE)]),
        item("1.3", "integer", "Hvor mange dager i måneden?", when=[when("1.1", "=", **YES), when("1.2", "exists", answerBoolean=True)],
             required=True, extension=[{"url": f"{HL7}minValue", "valueInteger": 0}, {"url": f"{HL7}maxValue", "valueInteger": 31},
                                       {"url": f"{EHELSE}validationtext", "valueString": "Mellom 0 og 31"}]),
        item("1.4", "date", "Når begynte det?", when=[when("1.3", ">", answerInteger=7)],
             extension=[{"url": f"{EHELSE}sdf-maxvalue", "valueString": "today()"}]),
        item("1.5", "text", "Hva hjelper?", maxLength=500, every=False, when=[when("1.3", ">=", answerInteger=20), when("1.2", "=", **TOE)]),
        item("1.6", "boolean", "Bruker du såler?"),
        item("1.7", "open-choice", "Hvilke såler?", when=[when("1.6", "=", answerBoolean=True)], answerOption=[option("soft", "Myke")]),
    ],
)  # fmt: skip
SUM = item(
    "2.4", "quantity", "Sum", readOnly=True, code=[
        {"system": "http://ehelse.no/Score", "code": "score"},
        {"system": "http://ehelse.no/scoringFormulas", "code": "TS"},
        {"system": TABLE, "code": "FEET_SUM", "display": "FotSum"},
    ],
    extension=[{"url": f"{EHELSE}sdf-calculatedExpression", "valueString": "sum"}],
)  # fmt: skip
WALKING = item(
    "2", "group", "Gangen", when=[when("1.1", "=", **YES)],
    item=[
        *(graded(f"2.{n}", words) for n, words in enumerate(("Halter du?", "Må du hvile?", "Bruker du stokk?"), 1)), SUM,
        item("2.5", "choice", "Vil du bli ringt?", when=[when("2.4", ">=", answerQuantity={"value": 4})], answerValueSet="#1101"),
    ],
)  # fmt: skip
VALUE_SET = {
    "resourceType": "ValueSet",
    "id": "1101",
    "compose": {"include": [{"system": YES_NO, "concept": [
        {"code": code, "display": words, "designation": [{"language": lang, "value": words} for lang in ("nn", "en")]}
        for code, words in (("1", "Ja"), ("2", "Nei"))
    ]}]},
}  # fmt: skip
QUESTIONNAIRE = {
    "resourceType": "Questionnaire",
    "id": "fot-1",
    "url": "Questionnaire/fot-1",
    "name": "Fot",
    **worded("title", "Føtter"),
    "language": "nb-NO",
    "status": "active",
    "date": "2026-01-01",
    "meta": {
        "profile": [f"{EHELSE}sdf-Questionnaire"],
        "security": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7618", "code": "1", "display": "Helseregister"}],
    },
    "extension": [
        {"url": f"{EHELSE}sdf-endpoint", "valueReference": {"reference": "Endpoint/35"}},
        {"url": f"{EHELSE}sdf-authenticationrequirement", "valueCoding": {"code": "3"}},
        {"url": f"{EHELSE}sdf-canbeperformedby", "valueCoding": {"code": "1"}},
    ],
    "contained": [VALUE_SET],
    "item": [FEET, WALKING],
}
