"""Computed answers as FHIRPath, where FHIRPath has the means."""

from __future__ import annotations

from collections.abc import Sequence

from shared.forms.definition import Calculation
from shared.forms.fhir.conditions import Conditions
from shared.forms.fhir.elements import FHIRPATH, SDC, Element, extension


def calculated(made: Calculation, conditions: Conditions, *, in_rows: bool) -> list[Element]:
    """The extension that works the answer out; none where only the note can say how."""
    if in_rows:
        return []
    path = _path(made, conditions)
    value = {"language": FHIRPATH, "expression": path}
    return [extension(f"{SDC}sdc-questionnaire-calculatedExpression", valueExpression=value)] if path else []


def _path(made: Calculation, conditions: Conditions) -> str:
    names = [name for value in made.arguments.values() for name in (value if isinstance(value, tuple) else (value,))]
    if made.function == "value_of":
        return _answer(str(names[0]))
    if made.function == "first_of":
        return _first([_answer(str(name)) for name in names])
    if made.function == "sum_of":  # nothing plus a number is nothing, as it should be
        return " + ".join(_number(str(name), conditions) for name in names)
    return prorated(made) if made.function == "prorated_sum" else ""


def prorated(made: Calculation) -> str:
    """The sum of the answered items, with the mean of them for each missing one."""
    items, highest, most_missing = (made.arguments[name] for name in ("items", "highest", "most_missing"))
    names = [str(name) for name in items] if isinstance(items, tuple) else []
    wanted = " or ".join(f"linkId='{name}'" for name in names)
    codes = f"%resource.descendants().where({wanted}).answer.value.select(code.toInteger())"
    points = f"{codes}.where($this >= 0 and $this <= {highest})"
    total = f"({points}.aggregate($total + $this, 0) * {len(names)} / {points}.count() + 0.5).floor()"
    return f"iif({points}.count() >= {len(names)} - {most_missing}, {total}, {{}})"


def _answer(name: str) -> str:
    return f"%resource.descendants().where(linkId='{name}').answer.value"


def _number(name: str, conditions: Conditions) -> str:
    question = conditions.questions.get(name)
    return f"{_answer(name)}.code.toInteger()" if question and question.options else _answer(name)


def _first(answers: Sequence[str]) -> str:
    first, *others = answers
    return f"iif({first}.exists(), {first}, {_first(others)})" if others else first
