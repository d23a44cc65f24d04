"""What two people wrote at once is put together, and nothing of either is lost unasked."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.merge import Side, merge, merged_set

pytestmark = pytest.mark.req("REG-13")
KEYS, ROWS = ("pain", "operated", "reasons"), "diagnoses"
VALUES = st.one_of(st.none(), st.integers(0, 2), st.booleans(), st.lists(st.integers(1, 2), max_size=2))
ROW = st.fixed_dictionaries({}, optional=dict.fromkeys(("code", "side"), st.integers(0, 2)))


@st.composite
def documents(draw):
    answers = {key: value for key in KEYS if (value := draw(VALUES)) is not None}
    rows = [{"id": name, **draw(ROW)} for name in "abc" if draw(st.booleans())]
    return {**answers, **({ROWS: rows} if rows else {})}


def cells(document):
    """Every answer by its place; a row is its own answers together, told by its id."""
    rows = {row["id"]: row for row in document.get(ROWS, [])}
    return {key: document.get(key) for key in KEYS}, rows


def alike(one, other):
    """No answer, nothing chosen and an unticked box are the same; true is not one."""
    one, other = (None if value is False or value == [] else value for value in (one, other))
    return type(one) is type(other) and one == other


def expected(base, mine, theirs):
    """The three ways out, written down case by case: an answer, or None for a question to ask."""
    if alike(mine, theirs):
        return (theirs,)
    if alike(mine, base):
        return (theirs,)
    return (mine,) if alike(theirs, base) else None


def outcomes(base, mine, theirs):
    """What is expected at each place."""
    (b, b_rows), (m, m_rows), (t, t_rows) = (cells(one) for one in (base, mine, theirs))
    found = {key: expected(b[key], m[key], t[key]) for key in KEYS}
    for name in {*b_rows, *m_rows, *t_rows}:
        before, own, other = (rows.get(name) for rows in (b_rows, m_rows, t_rows))
        if own is None or other is None:
            found[f"{ROWS}.{name}"] = expected(before, own, other)
        else:
            for key in ("code", "side"):
                values = [(row or {}).get(key) for row in (before, own, other)]
                found[f"{ROWS}.{name}.{key}"] = expected(*values)
    return found


def value_at(answers, place):
    plain, rows = cells(answers)
    if place in plain:
        return plain[place]
    _, name, *key = place.split(".")
    row = rows.get(name)
    return row.get(key[0]) if key and row else row


@given(documents(), documents(), documents())
def test_each_answer_is_that_of_whoever_changed_it_or_is_asked(base, mine, theirs):
    merged = merge(base, mine, theirs)
    found = outcomes(base, mine, theirs)
    assert {one.place for one in merged.asked} == {place for place, way in found.items() if way is None}
    for place, way in found.items():
        if way is not None:
            assert alike(value_at(merged.answers, place), way[0]), place


@given(documents(), documents(), documents(), st.data())
def test_what_was_asked_becomes_what_was_chosen(base, mine, theirs, data):
    before = copy.deepcopy((base, mine, theirs))
    asked = merge(base, mine, theirs).asked
    picks = {one.place: data.draw(st.sampled_from(Side)) for one in asked}
    answers = merge(base, mine, theirs, picks).answers
    for one in asked:
        wanted = one.mine if picks[one.place] is Side.MINE else one.theirs
        assert alike(value_at(answers, one.place), wanted)
    assert (base, mine, theirs) == before


@given(documents(), documents())
def test_where_nobody_knows_what_was_seen_every_difference_is_asked(mine, theirs):
    merged = merge(None, mine, theirs)
    assert merged.only_mine == merged.only_theirs == []
    differing = {
        place for place, way in outcomes(theirs, mine, theirs).items() if not alike(way[0], value_at(theirs, place))
    }
    assert {one.place for one in merged.asked} == differing


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "together"),
    [("ab", "abc", "ab", "abc"), ("ab", "a", "ab", "a"), ("ab", "a", "b", ""), ("", "x", "y", "yx")],
)
def test_confirmations_come_and_go_one_by_one(base, mine, theirs, together):
    assert merged_set(base, mine, theirs) == list(together)
