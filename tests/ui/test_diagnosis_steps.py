"""Whatever is done to the rows of a page, in whatever order: they are what a plain list would be."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ui.diagnosis_desk import KEY, Desk

pytestmark = pytest.mark.req("REG-14")
ROWS = st.fixed_dictionaries({"pain_category": st.sampled_from([3, 4]), "main_diagnosis": st.sampled_from([0, 1])})
PLACES = st.integers(0, 9)
STEPS = st.one_of(
    st.tuples(st.sampled_from(["add", "give_up"]), st.just(0), ROWS),
    st.tuples(st.sampled_from(["change", "take_back"]), PLACES, ROWS),
    st.tuples(st.sampled_from(["remove", "save", "reload"]), PLACES, st.just({})),
)


class Model:
    """The rows on the page and those that are stored, as plain lists."""

    def __init__(self):
        self.rows, self.stored = [], []

    def step(self, act, place, row):
        if act == "add":
            self.rows = [*self.rows, row]
        if act == "save":
            self.stored = list(self.rows)
        if act == "reload":
            self.rows = list(self.stored)
        if self.rows and act in {"change", "remove"}:
            at = place % len(self.rows)
            self.rows = [*self.rows[:at], *([row] if act == "change" else []), *self.rows[at + 1 :]]


def do(desk, act, place, row):
    """The same by the buttons of the page."""
    path = desk.table.rows[place % len(desk.table.rows)].path if desk.table.rows else None
    if act in {"add", "give_up"}:
        desk.begin(**row).press("_done_row" if act == "add" else "_cancel_row")
    elif act == "save":
        desk.save()
    elif act == "reload":
        desk.reload()
    elif path and act == "remove":
        desk.press("_remove_row", path)
    elif path:
        desk.press("_edit_row", path).press("_draw", "1", **row)
        desk.press("_done_row" if act == "change" else "_cancel_row", path)


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, max_size=8))
def test_rows_are_what_a_plain_list_would_be(steps):
    desk, model = Desk(), Model()
    for step in steps:
        do(desk, *step)
        model.step(*step)
        assert desk.rows == model.rows
        assert [row.is_open for row in desk.table.rows] == [False] * len(model.rows)
        assert len(desk.stored["answers"].get(KEY, [])) == len(model.stored)
