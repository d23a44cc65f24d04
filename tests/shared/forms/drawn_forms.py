"""Random forms of all that FHIR can carry, as their files have them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

WORDS = st.sampled_from(["Smerte", "Søvn – natt", "Å gå «fort»", "x: y", "Ja", "100 %"])
TEXTS = st.fixed_dictionaries({"nb": WORDS}, optional={"nn": WORDS, "en": WORDS})
BOOLEANS = st.booleans()
DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))
KINDS = ["boolean", "integer", "decimal", "date", "text", "nrs", "choice", "choices"]


@st.composite
def forms(draw) -> dict[str, Any]:
    """A form of up to three sections; conditions look at any question that stands before."""
    sections, before = [], list[dict[str, Any]]()
    for number in range(draw(st.integers(1, 3))):
        head = {"key": f"part_{number}", "title": draw(TEXTS)}
        shown = draw(conditions(before))
        questions = []
        for place in range(draw(st.integers(1, 4))):
            questions.append(draw(questions_of(f"q{number}_{place}", before)))
            before.append(questions[-1])
        sections.append({**head, **shown, "questions": [*questions, *draw(sums(f"sum_{number}", before))]})
    head = {"form": "drawn", "version": 1, "published_on": date(2026, 1, 1), "table": "drawn", "audience": "patient"}
    intro = {"intro": draw(TEXTS)} if draw(BOOLEANS) else {}
    return {**head, "short": "Drawn", "title": draw(TEXTS), **intro, "sections": sections}


@st.composite
def questions_of(draw, key: str, before, *, inside: bool = False) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS if inside else [*KINDS, "rows"]))
    asked = {
        "key": key,
        "type": kind,
        "label": draw(TEXTS),
        **draw(_texts),
        **draw(_needed),
        **draw(conditions(before)),
    }
    if kind == "rows":
        inner = [draw(questions_of(f"{key}_in_{n}", [], inside=True)) for n in range(draw(st.integers(1, 2)))]
        named = [{**one, "field": one["key"].upper(), "name": one["key"]} for one in inner if one["type"] != "choices"]
        return {**asked, "table": "drawn_row" if named else f"drawn_{key}", "questions": named or inner}
    initial = {} if inside else draw(st.just({}) | _initial(kind))
    parts = draw(_PARTS[kind]) if kind in _PARTS else {}
    column = {} if kind == "choices" else draw(st.sampled_from([{}, {"field": key.upper(), "name": f"N{key}"}]))
    return {**asked, **parts, **column, **initial}


def _initial(kind: str) -> st.SearchStrategy[Any]:
    found = {"boolean": BOOLEANS, "integer": st.integers(0, 9), "date": DAYS, "text": WORDS, "nrs": st.integers(0, 10)}
    return found[kind].map(lambda value: {"initial": value}) if kind in found else st.just({})


_texts = st.fixed_dictionaries({}, optional={"help": TEXTS, "hint": TEXTS})
_needed = st.sampled_from([{}, {"required": True}])
_unknown = TEXTS.map(lambda label: {"label": label})
_whole = st.fixed_dictionaries({}, optional={"min": st.integers(0, 5), "max": st.integers(6, 99)}).filter(bool)
_days = st.fixed_dictionaries({}, optional={"min": DAYS, "max": st.just(date(2031, 1, 1))}).filter(bool)
_number = {"limit": _whole, "unit": TEXTS, "missing_field": _unknown}
_codes = st.sampled_from([[1, 2, 9], ["a", "b", "none"], ["01", "1"], [0, 1]])


@st.composite
def _options(draw, *, many: bool) -> dict[str, Any]:
    codes = draw(_codes)
    options: list[dict[str, Any]] = [{"code": code, "label": draw(TEXTS)} for code in codes]
    if many and draw(BOOLEANS):
        options[-1]["exclusive"] = True
    return {"options": options}


_PARTS = {
    "integer": st.fixed_dictionaries({}, optional=_number),
    "decimal": st.fixed_dictionaries({"decimals": st.integers(1, 3)}, optional=_number),
    "date": st.fixed_dictionaries({}, optional={"limit": _days}),
    "text": st.fixed_dictionaries({}, optional={"max_length": st.integers(1, 4000)}),
    "choice": _options(many=False)
    | st.sampled_from([{"codelist": "yes_no"}, {"codelist": "change", "allowed": [1, 2]}]),
    "choices": _options(many=True),
}


@st.composite
def conditions(draw, before) -> dict[str, Any]:
    """Nothing, one comparison, or several of which all or any must hold."""
    asked = [question for question in before if question["type"] not in {"rows", "computed"}]
    if not asked or draw(BOOLEANS):
        return {}
    number = draw(st.integers(1, 3))
    parts = [draw(_comparison(draw(st.sampled_from(asked)), is_alone=number == 1)) for _ in range(number)]
    word = draw(st.sampled_from(["all", "any"]))
    return {"show_if": parts[0] if len(parts) == 1 else {word: parts}}


@st.composite
def _comparison(draw, question, *, is_alone: bool) -> dict[str, Any]:
    """One comparison; that a number with a box is answered takes two in FHIR, which stand alone."""
    kind, name = question["type"], question["key"]
    value = draw(_VALUES[kind]) if kind in _VALUES else draw(st.sampled_from(_codes_of(question)))
    sized = ["greater", "less"] if kind in {"integer", "decimal", "date"} else []
    exists = ["exists"] if is_alone or "missing_field" not in question else []
    op = draw(st.sampled_from(["contains" if kind == "choices" else "equals", "not_equals", *exists, *sized]))
    return {"question": name, "op": op, "value": draw(BOOLEANS) if op == "exists" else value}


def _codes_of(question) -> list[Any]:
    if question["type"] == "nrs":
        return [*range(11), 99]
    if "codelist" in question:
        return question.get("allowed", [0, 1])
    return [option["code"] for option in question["options"]]


_VALUES = {
    "boolean": BOOLEANS,
    "integer": st.integers(-5, 100),
    "decimal": st.sampled_from([0, 0.5, 12.25]),
    "date": DAYS,
    "text": WORDS,
}


def sums(key: str, before) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Sometimes a computed question over the answers that are numbers."""
    numbers = [q["key"] for q in before if q["type"] in {"nrs", "integer"}]
    coded = [q["key"] for q in before if q["type"] == "nrs"]
    made = [{"function": "first_of", "arguments": {"values": numbers}}] if len(numbers) > 1 else []
    made += [{"function": "value_of", "arguments": {"value": name}} for name in numbers[:1]]
    if len(coded) > 1:
        made.append({"function": "sum_of", "arguments": {"items": coded}})
        given = {"items": coded, "highest": 10, "most_missing": 1}
        made.append({"function": "prorated_sum", "arguments": given})
    asked = [[{"key": key, "type": "computed", "label": {"nb": "Sum"}, "calculate": one}] for one in made]
    return st.sampled_from([[], *asked])
