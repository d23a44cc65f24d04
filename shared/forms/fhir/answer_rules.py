"""Whether the answers to one item are of its type, among its options and within its limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from shared.forms.fhir.elements import HL7, Element
from shared.forms.fhir.enabling import is_same

Offered = Sequence[Any]  # codings, texts or numbers
PLAIN: Mapping[str, tuple[str, ...]] = {
    "boolean": ("valueBoolean",),
    "integer": ("valueInteger",),
    "decimal": ("valueDecimal",),
    "date": ("valueDate",),
    "dateTime": ("valueDateTime",),
    "time": ("valueTime",),
    "string": ("valueString",),
    "text": ("valueString",),
    "url": ("valueUri",),
    "quantity": ("valueQuantity",),
    "attachment": ("valueAttachment",),
    "reference": ("valueReference",),
    "choice": ("valueCoding",),
    "open-choice": ("valueCoding", "valueString"),
}
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # no sign of a string in R4, or of none at all
LARGEST = 2**31  # whole numbers have 32 bits in R4


def offered_by(questionnaire: Element) -> dict[str, Offered | None]:
    """What each item offers, by linkId; None where it offers nothing, or a list that is not in the file."""
    sets = {f"#{one.get('id')}": _concepts(one) for one in questionnaire.get("contained", [])}
    return dict(_offered(questionnaire, sets))


def _offered(element: Element, sets: Mapping[str, Offered]) -> Iterator[tuple[str, Offered | None]]:
    for item in element.get("item", []):
        options = [value for option in item.get("answerOption", []) for value in _values(option).values()]
        yield item["linkId"], options or sets.get(item.get("answerValueSet", ""))
        yield from _offered(item, sets)


def _concepts(value_set: Element) -> Offered:
    included = value_set.get("compose", {}).get("include", [])
    return [{"system": one.get("system"), "code": c["code"]} for one in included for c in one.get("concept", [])]


def answer_flaws(item: Element, answers: Sequence[Element], offered: Offered | None) -> Iterator[str]:
    """`type`, `option` or `limit` for each answer that is not as it must be."""
    values = [_values(answer) for answer in answers]
    for found in values:
        (name, value), *more = [*found.items()] or [("", None)]
        if more or name not in _names(item, offered) or not _FITS.get(name, _is_mapping)(value):
            yield "type"
        elif not _is_offered(item, name, value, offered):
            yield "option"
        elif not _is_within(item, value):
            yield "limit"
    chosen = [value for found in values for value in found.values()]
    if len(chosen) > 1 and any(is_same(value, one) for value in chosen for one in _exclusive(item)):
        yield "option"


def several_flaws(item: Element, number: int) -> Iterator[str]:
    """`repeated` when there are more answers, or rows, than an item may have."""
    most = _extended(item, f"{HL7}questionnaire-maxOccurs")
    if most is not None and number > most:
        yield "repeated"


def _is_offered(item: Element, name: str, value: Any, offered: Offered | None) -> bool:
    is_own_words = item["type"] == "open-choice" and name == "valueString"
    return offered is None or is_own_words or any(is_same(value, one) for one in offered)


def _names(item: Element, offered: Offered | None) -> tuple[str, ...]:
    plain = [one for one in offered or () if not isinstance(one, Mapping)] if item["type"] == "choice" else []
    more = {"valueInteger" if isinstance(one, int) else "valueString" for one in plain}
    return (*PLAIN.get(item["type"], ()), *more)


def _values(element: Element) -> dict[str, Any]:
    return {name: value for name, value in element.items() if name.startswith("value")}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -LARGEST <= value < LARGEST


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(ISO_DAY.match(value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not NO_TEXT.search(value)


def _is_coding(value: Any) -> bool:
    is_whole = isinstance(value, Mapping) and isinstance(value.get("code"), str)
    return is_whole and isinstance(value.get("system", ""), str)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "valueBoolean": lambda value: isinstance(value, bool),
    "valueInteger": _is_whole,
    "valueDecimal": _is_number,
    "valueDate": _is_day,
    **dict.fromkeys(("valueString", "valueUri", "valueDateTime", "valueTime"), _is_text),
    "valueCoding": _is_coding,
}


def _is_within(item: Element, value: Any) -> bool:
    if isinstance(value, str) and len(value) > item.get("maxLength", len(value)):
        return False
    low, high = (_extended(item, f"{HL7}{name}Value") for name in ("min", "max"))
    places = _extended(item, f"{HL7}maxDecimalPlaces")
    if _is_number(value) and places is not None and -int(Decimal(str(value)).normalize().as_tuple().exponent) > places:
        return False
    is_sized = _is_number(value) or isinstance(value, str)
    return not is_sized or ((low is None or value >= low) and (high is None or value <= high))


def _exclusive(item: Element) -> Iterator[Any]:
    for option in item.get("answerOption", []):
        if _extended(option, f"{HL7}questionnaire-optionExclusive"):
            yield from _values(option).values()


def _extended(element: Element, url: str) -> Any:
    found: Element = next((one for one in element.get("extension", []) if one.get("url") == url), {})
    return next(iter(_values(found).values()), None)
