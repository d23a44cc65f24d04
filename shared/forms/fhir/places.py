"""Places in a QuestionnaireResponse, as FHIRPath; nothing that a sender has written stands in them."""

from __future__ import annotations

from collections.abc import Iterator

from shared.forms.fhir.elements import Element

ROOT = "QuestionnaireResponse"
MOST_PLACES = 10
# Elements of R4 that may be there and are not taken.
KNOWN = frozenset(
    (
        *("partOf", "subject", "encounter", "author", "contained", "text", "extension"),
        *("modifierExtension", "implicitRules"),
    )
)


def place_of_element(name: str) -> str:
    """The place of an element of the response itself."""
    return f"{ROOT}.{name}" if name in KNOWN else ROOT


def places_of(response: Element, link: str, *, is_missing: bool = False) -> tuple[str, ...]:
    """Where the items of a linkId stand, at most ten of them; with `is_missing` where it would stand."""
    if is_missing:
        return (f"{ROOT}.descendants().where(linkId = '{link}')",)
    found = [place for place, item in _items(response, ROOT) if item["linkId"] == link]
    return tuple(found[:MOST_PLACES]) or (f"{ROOT}.item",)


def _items(element: Element, place: str) -> Iterator[tuple[str, Element]]:
    for number, item in enumerate(element.get("item", [])):
        inner = f"{place}.item[{number}]"
        yield inner, item
        yield from _items(item, inner)
        for index, answer in enumerate(item.get("answer", [])):
            yield from _items(answer, f"{inner}.answer[{index}]")
