"""The change log tells every answer that changed, and enough to go from one document to the next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.forms.catalogue import registry
from shared.forms.changes import Change, changes

SMERTEREG = registry("smertereg")
CONTEXT = {"today": date(2026, 11, 21), "birth_date": date(1957, 5, 17)}
KEYS = st.sampled_from(["a", "b", "c"])
SINGLE = st.sampled_from([True, False, 0, 1, 2, 1.5, "x", "y", [1], [1, 2], []])
TABLE = st.dictionaries(KEYS, st.integers(0, 2), min_size=1)
ROWS = st.lists(st.sampled_from(["r1", "r2", "r3"]), unique=True, min_size=1).flatmap(
    lambda ids: st.tuples(*(st.dictionaries(KEYS, SINGLE).map(_row(row_id)) for row_id in ids)).map(list)
)
ANSWERS = st.fixed_dictionaries({}, optional={"one": SINGLE, "two": SINGLE, "table": TABLE, "rows": ROWS})


def _row(row_id):
    return lambda answers: {"id": row_id, **answers}


def kept(form, document=None, **answers):
    draft = form.read_values(answers, document or form.new())
    assert draft.problems == ()
    return form.kept(draft.document, CONTEXT)


def redone(before: dict[str, Any], log: tuple[Change, ...]) -> dict[str, Any]:
    """The answers that a log makes of answers, worked out the plain way."""
    flat = {(c.variable, c.row, c.part): c.new for c in log}
    order = flat.get(("rows", None, None), [row["id"] for row in before.get("rows", ())])
    old_rows = {row["id"]: row for row in before.get("rows", ())}
    rows = []
    for row_id in order or ():
        row = dict(old_rows.get(row_id, {"id": row_id}))
        row |= {v.partition(".")[2]: new for (v, r, _), new in flat.items() if r == row_id}
        rows.append({key: value for key, value in row.items() if value is not None})
    table = {**before.get("table", {}), **{part: new for (v, _, part), new in flat.items() if v == "table"}}
    answers = {key: flat.get((key, None, None), before.get(key)) for key in ("one", "two")}
    answers |= {"rows": rows, "table": {key: value for key, value in table.items() if value is not None}}
    return {key: value for key, value in answers.items() if value is not None and (value or key in {"one", "two"})}


@pytest.mark.req("REG-33")
@given(before=ANSWERS, after=ANSWERS)
def test_a_log_leads_from_one_document_to_the_next(before, after):
    log = changes({"answers": before}, {"answers": after})
    assert redone(before, log) == after
    assert len({(c.variable, c.row, c.part) for c in log}) == len(log)


@pytest.mark.req("REG-33")
@given(ANSWERS)
def test_nothing_changed_is_nothing_told(answers):
    assert changes({"answers": answers, "values": answers}, {"answers": answers, "values": answers}) == ()


@pytest.mark.req("REG-33")
def test_old_and_new_answer_are_told_and_what_follows_from_them():
    to = SMERTEREG.form("to")
    before = kept(to, start_date="2026-11-03", supervision=1)
    after = kept(to, before, start_date="2026-11-04", supervision=None)
    assert changes(before, after) == (
        Change(variable="start_date", old="2026-11-03", new="2026-11-04"),
        Change(variable="supervision", old=1, new=None),
    )
    first = {change.variable: change for change in changes(None, before)}
    assert (first["start_date"].old, first["start_date"].by_system) == (None, False)
    assert (first["age"].new, first["age"].by_system) == (69, True)


@pytest.mark.req("REG-33")
def test_what_the_system_answers_is_told_as_its_own():
    to = SMERTEREG.form("to")
    old = {"referral_date": "2022-10-01", "start_date": "2022-10-02", "supervision": 1, "norwegian_speaking": 1}
    before = kept(to, **old, cognitively_impaired=0, consent=1, consent_date="2022-10-02")
    after = kept(to, before, cognitively_impaired=1)
    told = {change.variable: (change.old, change.new, change.by_system) for change in changes(before, after)}
    assert told == {
        "cognitively_impaired": (0, 1, False),
        "included": (1, 0, True),
        "consent": (1, 0, True),
        "consent_date": ("2022-10-02", None, True),
        "no_consent_reason": (None, 3, True),
    }


@pytest.mark.req("REG-33")
def test_rows_are_told_answer_by_answer():
    b11 = SMERTEREG.form("b11")
    one, two = {"id": "a1", "pain_category": 1}, {"id": "b2", "pain_category": 3}
    before = kept(b11, pain_diagnoses=[one])
    after = kept(b11, before, pain_diagnoses=[{**one, "pain_category": 2}, two])
    by_people = [change for change in changes(before, after) if not change.by_system]
    assert by_people == [
        Change(variable="pain_diagnoses", old=["a1"], new=["a1", "b2"]),
        Change(variable="pain_diagnoses.pain_category", row="a1", old=1, new=2),
        Change(variable="pain_diagnoses.pain_category", row="b2", old=None, new=3),
    ]


@pytest.mark.req("REG-33")
def test_tables_are_told_line_by_line():
    b22, b11 = SMERTEREG.form("b22"), SMERTEREG.form("b11")
    key = next(q.key for q in b22.questions.values() if q.type == "visits_table")
    code = b22.questions[key].lines[0].code
    (ticked,) = (c for c in changes(None, kept(b22, **{key: {code: None}})) if c.variable == key)
    assert (ticked.part, ticked.old, ticked.new) == (code, None, "unknown")
    before = kept(b11, analgesics_first_visit=["opioids"], opioids={"morphine_pills": 10})
    after = kept(b11, before, opioids={"morphine_pills": 20})
    told = {change.part: (change.old, change.new) for change in changes(before, after)}
    assert told == {"doses.morphine_pills": (10.0, 20.0), "omeq.morphine_pills": (10.0, 20.0), "sum": (10.0, 20.0)}
