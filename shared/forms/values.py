"""Reads single values as people and programs write them; raises Refused with the sentence to show."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.forms.coding import Coding
from shared.forms.definition import UNKNOWN, Code, Question, Type
from shared.forms.problems import Refused

YES, NO = frozenset({"true", "1", "ja", "on", "yes"}), frozenset({"false", "0", "nei", "off", "no"})
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
NORWEGIAN = re.compile(r"(\d{1,2})[.\-/ ](\d{1,2})[.\-/ ](\d{4}|\d{2})\Z")
DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})\Z")
NUMBER = re.compile(r"-?\d{1,12}([.,]\d{0,9})?\Z")
CENTURY_TURNS = 50
LONGEST_TEXT = 4000
MOST_REPEATED = 40


def read_boolean(raw: object) -> bool | None:
    """true, false, 1, 0, ja, nei."""
    if raw is None or isinstance(raw, bool):
        return raw
    text = str(raw).strip().lower()
    if not text:
        return None
    if text not in YES | NO:
        raise Refused("boolean.format")
    return text in YES


def read_date(raw: object) -> str | None:
    """dd.mm.yyyy, d.m.yy, ddmmyy, ddmmyyyy or ISO, as ISO; years of two digits lie between 1950 and 2049."""
    text = "" if raw is None else str(raw).strip()
    if not text:
        return None
    if found := ISO.match(text):
        year, month, day = found.groups()
    elif found := NORWEGIAN.match(text) or DIGITS.match(text):
        day, month, year = found.groups()
    else:
        raise Refused("date.format")
    whole = int(year) if len(year) > 2 else int(year) + (2000 if int(year) < CENTURY_TURNS else 1900)  # noqa: PLR2004
    try:
        return date(whole, int(month), int(day)).isoformat()
    except ValueError:
        raise Refused("date.not_real") from None


def read_number(raw: object, decimals: int) -> int | float | None:
    """12, "12", "12,5"; whole numbers as int."""
    if raw is None or isinstance(raw, bool):
        if raw is None:
            return None
        raise Refused("number.format")
    text = str(raw).strip().replace("\u00a0", "").replace(" ", "")
    if not text:
        return None
    if not NUMBER.match(text):
        raise Refused("number.format")
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise Refused("number.format") from None
    if number != round(number, decimals):
        raise Refused("number.decimals", decimals=decimals) if decimals else Refused("number.whole")
    return float(number) if decimals else int(number)


def read_code(raw: object, question: Question) -> Code | None:
    """One code of the question's options; codes of a list that the service keeps are whole numbers."""
    if raw is None or raw == "":
        return None
    if question.source:
        number = read_number(raw, 0)
        return None if number is None else int(number)
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise Refused("choice.unknown")
    text = str(raw).strip()
    if question.coding:
        return _read_listed(text, question.coding)
    for option in question.options:
        if str(option.code) == text:
            return option.code
    raise Refused("choice.unknown")


def _read_listed(text: str, coding: Coding) -> Code:
    found = coding.find(text)
    if found is None:
        raise Refused("code.unknown", written=text[:MOST_REPEATED])
    return found.code


def read_codes(raw: object, question: Question) -> list[Code] | None:
    """Several codes, in the order of the options; an empty list says that none was ticked."""
    if raw is None:
        return None
    given = [item for item in (raw if isinstance(raw, list | tuple) else [raw]) if item != ""]
    codes = {read_code(item, question) for item in given}
    return [option.code for option in question.options if option.code in codes]


def read_text(raw: object, question: Question) -> str | None:
    """A text without blanks around it; line ends as one sign."""
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise Refused("text.format")
    text = raw.replace("\r\n", "\n").strip()
    longest = question.max_length or LONGEST_TEXT
    if len(text) > longest:
        raise Refused("text.too_long", max=longest)
    return text or None


def read_single(raw: object, question: Question) -> Any:
    """The answer to a question of a type with one value; None when nothing was written."""
    if question.missing and raw == UNKNOWN:
        return UNKNOWN
    return _READERS[question.type](raw, question)


_READERS: Mapping[Type, Callable[[object, Question], Any]] = {
    Type.BOOLEAN: lambda raw, _: read_boolean(raw),
    Type.CHOICE: read_code,
    Type.NRS: read_code,
    Type.CHOICES: read_codes,
    Type.INTEGER: lambda raw, _: read_number(raw, 0),
    Type.DECIMAL: lambda raw, question: read_number(raw, question.decimals),
    Type.DATE: lambda raw, _: read_date(raw),
    Type.TEXT: read_text,
}
