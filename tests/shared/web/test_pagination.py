"""Pages by key: every row once, cursors that are ours only, limits that hold."""

from __future__ import annotations

import marshmallow as ma
import pytest

from shared.web.pagination import Page, PageQuerySchema, page_of, read_cursor, write_cursor
from shared.web.problems import BadCursor

ROWS = [("2026-01-01", number) for number in range(1, 8)]


def fetch(after, limit):
    """What a query does: rows after the key, one more than asked for."""
    return [row for row in ROWS if after is None or row > after][: limit + 1]


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_following_the_cursors_gives_every_row_once(limit):
    seen, cursor = [], None
    while True:
        page = page_of(fetch(read_cursor(cursor, str, int), limit), limit, key=lambda row: row)
        assert len(page.items) <= limit
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == ROWS


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "====",
        write_cursor(["a"]),
        write_cursor(["a", 1, 2]),
        write_cursor([1, "a"]),
        write_cursor(["a", "1"]),
        write_cursor(["a", True]),
        "e30",
        "bnVsbA",
        "W1siYSJdLDFd",
    ],
)
def test_a_cursor_we_did_not_make_is_refused(cursor):
    with pytest.raises(BadCursor):
        read_cursor(cursor, str, int)


def test_a_cursor_may_hold_an_empty_value():
    assert read_cursor(write_cursor([None, 7]), str, int) == (None, 7)
    assert read_cursor(None, str) is None


@pytest.mark.req("OPS-06")
@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"limit": "x"}, {"cursor": "x" * 501}, {"offset": 5}])
def test_a_faulty_query_is_refused(query):
    with pytest.raises(ma.ValidationError):
        PageQuerySchema().load(query)


def test_the_query_has_defaults():
    assert PageQuerySchema().load({}) == {"limit": 50, "cursor": None}


def test_the_link_to_the_next_page_keeps_the_query(lite):
    with lite.app.test_request_context("/api/notes?limit=2&cursor=old", base_url="http://localhost/small"):
        assert Page([1], "new").link() == {"Link": '</small/api/notes?limit=2&cursor=new>; rel="next"'}
        assert Page([1], None).link() == {}
