"""What Digipost prints and posts: the addresses of a message, read strictly, and documents that a printer takes."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # only elements that were read before

from deploy.standins.refusals import Refused
from deploy.standins.wording import health_word_in, national_number_in

NAMESPACE = "http://api.digipost.no/schema/v8"
_DETAILS = "recipient return-address color nondeliverable-handling print-instructions"
_CHOICES = {
    "color": frozenset({"MONOCHROME", "COLORS"}),
    "nondeliverable-handling": frozenset({"SHRED", "RETURN_TO_SENDER"}),
}
_NORWEGIAN = "addressline1 addressline2 addressline3 zip-code city"
_FOREIGN = "addressline1 addressline2 addressline3 addressline4 country country-code"
_NEEDED = {"norwegian-address": ("zip-code", "city"), "foreign-address": ("addressline1",)}
_LONGEST = {"name": 130, "city": 80, "country": 80, "country-code": 2, "zip-code": 4}
_LONGEST_LINE = 100
_POSTCODE = re.compile(r"\d{4}")
_A4, _MOST_PAGES = (595.28, 841.89), 20
_BOX = re.compile(rb"/MediaBox\s*\[\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\]")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_VERSION = re.compile(rb"%PDF-1\.[0-5]\s")
_PAGE, _FONT, _EMBEDDED = (re.compile(word) for word in (rb"/Type\s*/Page\b", rb"/FontDescriptor\s", rb"/FontFile"))


@dataclass(frozen=True, kw_only=True)
class PrintDetails:
    """Who a letter is printed for: the name, and the lines of the address under it."""

    name: str
    lines: tuple[str, ...]

    @property
    def address(self) -> str:
        """Name and address in one line, as the inbox shows them."""
        return ", ".join((self.name, *self.lines))


def read_print_details(element: ET.Element) -> PrintDetails:
    """The addressee; raises Refused for what the schema or the printer does not take."""
    _check_order(element, _DETAILS)
    for name, known in _CHOICES.items():
        text = element.findtext(f"{{{NAMESPACE}}}{name}")
        if text is not None and text not in known:
            raise _refused(f"{name} is one of {', '.join(sorted(known))}")
    addressee, sender = (_print_recipient(element, name) for name in ("recipient", "return-address"))
    # Who lives in a street named after a hospital gets post all the same; the sender chooses the own words.
    if health_word_in(sender.address) or national_number_in(addressee.address) or national_number_in(sender.address):
        raise Refused(403, "PRINT_TEXT", "the envelope tells of health, department, registry or number")
    return addressee


def check_printable(content: bytes) -> None:
    """Refuse a document that the printer cannot print: PDF 1.0 to 1.5, A4, its fonts inside, at most twenty pages."""
    if not _VERSION.match(content) or b"/Encrypt" in content:
        raise _refused("the printer takes PDF 1.0 to 1.5 that is not encrypted", "PRINT_PDF")
    text = content + b"".join(_unpacked(stream) for stream in _STREAM.findall(content))
    boxes = [tuple(float(side) for side in box) for box in _BOX.findall(text)]
    if not boxes or any(abs(right - _A4[0]) > 1 or abs(top - _A4[1]) > 1 for _, _, right, top in boxes):
        raise _refused("each page is an A4 sheet", "PRINT_PDF")
    if not 1 <= len(_PAGE.findall(text)) <= _MOST_PAGES:
        raise _refused(f"a letter has one to {_MOST_PAGES} pages", "PRINT_PDF")
    if _FONT.search(text) and not _EMBEDDED.search(text):
        raise _refused("the fonts must be in the document", "PRINT_PDF")


def _unpacked(stream: bytes) -> bytes:
    """What a packed stream holds; nothing for one that is packed in another way."""
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def _print_recipient(element: ET.Element, name: str) -> PrintDetails:
    found = element.find(f"{{{NAMESPACE}}}{name}")
    if found is None:
        raise _refused(f"print-details needs a {name}")
    kinds = [_local(child) for child in found]
    if kinds not in (["name", "norwegian-address"], ["name", "foreign-address"]):
        raise _refused(f"{name} is a name and one address")
    return PrintDetails(name=_text(found[0]), lines=_lines(found[1]))


def _lines(address: ET.Element) -> tuple[str, ...]:
    kind = _local(address)
    _check_order(address, _NORWEGIAN if kind == "norwegian-address" else _FOREIGN)
    told = {_local(child): _text(child) for child in address}
    if any(not told.get(name) for name in _NEEDED[kind]):
        raise _refused(f"{kind} needs {', '.join(_NEEDED[kind])}")
    if kind == "foreign-address":
        if not told.get("country") and not told.get("country-code"):
            raise _refused("foreign-address needs country or country-code")
        return tuple(told.values())
    if not _POSTCODE.fullmatch(told["zip-code"]):
        raise _refused("zip-code has four digits")
    street = [text for name, text in told.items() if name.startswith("addressline")]
    return (*street, f"{told['zip-code']} {told['city']}")


def _text(element: ET.Element) -> str:
    """The text of an element that has no empty or too long one."""
    text, longest = (element.text or "").strip(), _LONGEST.get(_local(element), _LONGEST_LINE)
    if not 0 < len(text) <= longest or len(element):
        raise _refused(f"{_local(element)} has 1 to {longest} signs")
    return text


def _check_order(element: ET.Element, names: str) -> None:
    order = names.split()
    places = [order.index(name) if name in order else -1 for name in map(_local, element)]
    if -1 in places or places != sorted(set(places)):
        raise _refused(f"the children of {_local(element)} are unknown, repeated or not in the order of the schema")


def _local(element: ET.Element) -> str:
    namespace, _, name = element.tag[1:].rpartition("}")
    return name if namespace == NAMESPACE else element.tag


def _refused(reason: str, code: str = "PRINT_DETAILS") -> Refused:
    return Refused(400, code, reason)
