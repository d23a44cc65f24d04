"""Fields of the schema of a form: what JSON holds is taken as it is, and nothing is turned into something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import marshmallow as ma

from shared.forms.coding import Coding
from shared.forms.definition import UNKNOWN, Code
from shared.forms.problems import sentence
from shared.forms.values import MOST_REPEATED

LANGUAGE = "nb"
LARGEST = 10**12 - 1
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def told(key: str, **values: object) -> str:
    """A sentence of the engine, as errors of the API have it."""
    return sentence(key, LANGUAGE, **{name: str(value) for name, value in values.items()})


def _messages(key: str) -> dict[str, str | list[Any] | dict[Any, Any]]:
    return dict.fromkeys(("invalid", "too_large", "special", "invalid_utf8", "null"), told(key))


class YesNo(ma.fields.Boolean):
    """true or false; 1 and "ja" are neither."""

    default_error_messages = _messages("boolean.format")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Whole(ma.fields.Integer):
    """A whole number, or "unknown" where the question has a box for it."""

    default_error_messages = _messages("number.whole")

    def __init__(self, *, may_be_unknown: bool = False, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)
        self.may_be_unknown = may_be_unknown

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        is_unknown = self.may_be_unknown and value == UNKNOWN
        return value if is_unknown else super()._deserialize(value, attr, data, **kwargs)

    def _validated(self, value: Any) -> int:
        number = super()._validated(value)
        if abs(number) > LARGEST:
            raise ma.ValidationError(told("number.format"))
        return number


class Number(ma.fields.Float):
    """A number with at most so many decimals, or "unknown" where the question has a box for it."""

    default_error_messages = _messages("number.format")

    def __init__(self, *, decimals: int, may_be_unknown: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.decimals, self.may_be_unknown = decimals, may_be_unknown

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        is_unknown = self.may_be_unknown and value == UNKNOWN
        return value if is_unknown else super()._deserialize(value, attr, data, **kwargs)

    def _validated(self, value: Any) -> float:
        if not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        number = super()._validated(value)
        exact = Decimal(repr(number))
        if abs(exact) >= LARGEST + 1:
            raise ma.ValidationError(told("number.format"))
        if exact != round(exact, self.decimals):
            raise ma.ValidationError(told("number.decimals", decimals=self.decimals))
        return number


class IsoDate(ma.fields.Date):
    """A date as its ISO text, and it stays a text."""

    default_error_messages = _messages("date.iso")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not ISO_DATE.match(value):
            raise self.make_error("invalid", input=value)
        super()._deserialize(value, attr, data, **kwargs)
        return value


class Words(ma.fields.String):
    """A text."""

    default_error_messages = _messages("text.format")


def trimmed(text: str) -> None:
    """Refuse blanks around a text, and line ends of two signs."""
    if text != text.strip() or "\r\n" in text:
        raise ma.ValidationError(told("text.format"))


class ListedCode:
    """A code as its list has it."""

    def __init__(self, coding: Coding) -> None:
        self._coding = coding

    def __call__(self, code: str) -> None:
        """Refuse what is not in the list."""
        if self._coding.option(code) is None:
            raise ma.ValidationError(told("code.unknown", written=code[:MOST_REPEATED]))


class InOrder:
    """Codes each at most once, in the order of the options."""

    def __init__(self, codes: Sequence[Code]) -> None:
        self._codes = codes

    def __call__(self, chosen: Sequence[Code]) -> None:
        """Refuse another order."""
        if [code for code in self._codes if code in chosen] != list(chosen):
            raise ma.ValidationError(told("choice.unknown"))


def different_ids(rows: Sequence[dict[str, Any]]) -> None:
    """Refuse two rows of one id."""
    ids = [row["id"] for row in rows if row.get("id") is not None]
    if len(set(ids)) < len(ids):
        raise ma.ValidationError(told("rows.format"))


def has_doses(table: dict[str, Any]) -> None:
    """Refuse a table that has only what is worked out from its doses."""
    if table and "doses" not in table:
        raise ma.ValidationError(told("rows.format"))
