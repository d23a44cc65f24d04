"""Long lists in pages by key, not by offset: a cursor says after which row the next page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import marshmallow as ma
import orjson
from flask import request

from shared.web.problems import BadCursor

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200
LONGEST_CURSOR = 500
T = TypeVar("T")
Key = str | int | None


class PageQuerySchema(ma.Schema):
    """Query of a list: how many rows, and from where on."""

    class Meta:
        """A misspelt field is an error."""

        unknown = ma.RAISE

    limit = ma.fields.Integer(load_default=DEFAULT_LIMIT, validate=ma.validate.Range(1, LARGEST_LIMIT))
    cursor = ma.fields.String(load_default=None, validate=ma.validate.Length(max=LONGEST_CURSOR))


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows; `next_cursor` is None on the last one."""

    items: Sequence[T]
    next_cursor: str | None

    def link(self) -> dict[str, str]:
        """Return the Link header to the next page, keeping the query of this request; empty on the last page."""
        if self.next_cursor is None:
            return {}
        query = urlencode({**request.args.to_dict(), "cursor": self.next_cursor})
        return {"Link": f'<{request.script_root}{request.path}?{query}>; rel="next"'}


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[Key]]) -> Page[T]:
    """Return a page of rows fetched with `limit + 1`; `key` gives the sort key of a row (codes and ids only)."""
    if len(rows) <= limit:
        return Page(rows, None)
    return Page(rows[:limit], write_cursor(key(rows[limit - 1])))


def write_cursor(values: Sequence[Key]) -> str:
    """Return the cursor that stands for a sort key."""
    return base64.urlsafe_b64encode(orjson.dumps(list(values))).rstrip(b"=").decode()


def read_cursor(cursor: str | None, *kinds: type[Any]) -> tuple[Any, ...] | None:
    """Return the sort key of a cursor with values of the given types (or None); raises BadCursor (400)."""
    if cursor is None:
        return None
    try:
        values = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise BadCursor from error
    if not isinstance(values, list) or len(values) != len(kinds):
        raise BadCursor
    for value, kind in zip(values, kinds, strict=True):
        if isinstance(value, bool) or not (value is None or isinstance(value, kind)):
            raise BadCursor
    return tuple(values)
