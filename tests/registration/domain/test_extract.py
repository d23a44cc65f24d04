"""Sheets of extracts, their codebook and their smallest cell."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.extract import Course, Field, Sheet, Variable, codebook, smallest_cell, table
from services.registration.gateways.extract_package import _harmless

COLOUR = Field(name="Farge", column="colour", codes={"1": "Rød", "2": "Blå"})
DOSE = Field(name="Dose", column="dose", label="Dose", unit="mg")


def course(pid, course_id, day=date(2026, 1, 1)):
    return Course(pid=pid, course_id=course_id, started_on=day)


def sheet(lines, *fields):
    return Sheet(name="data", fields=fields or (COLOUR,), lines=lines)


@pytest.mark.req("REL-07")
@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (0, "0"), (4, "4"), (2.5, "2.5"), (date(2026, 1, 31), "2026-01-31"), ("C50", "C50")]
)
def test_an_answer_is_written_plainly(value, text):
    header, line = table(sheet({7: [[value]]}), [course(1, 7)], str)

    assert header == ["person", "course", "Farge"]
    assert line == ["1", "1", text]


@pytest.mark.req("REL-07", "GEN-04")
def test_courses_are_numbered_in_time_and_sorted_by_pseudonym():
    courses = [course(1, 10, date(2026, 3, 1)), course(1, 11, date(2026, 2, 1)), course(2, 12)]
    lines = list(table(sheet({10: [["late"]], 11: [["early"]], 12: [["other"]]}), courses, {1: "z", 2: "a"}.get))

    assert lines[1:] == [["a", "1", "other"], ["z", "1", "early"], ["z", "2", "late"]]


@pytest.mark.req("REL-07", "REG-09")
def test_a_course_has_as_many_lines_as_rows():
    lines = list(table(sheet({10: [[1], [2]], 12: []}), [course(1, 10), course(2, 12)], str))

    assert lines[1:] == [["1", "1", "1"], ["1", "1", "2"]]


@pytest.mark.req("REL-07")
def test_the_smallest_cell_counts_persons_not_courses_or_rows():
    courses = [course(1, 1), course(2, 2), course(3, 3), course(3, 4)]
    lines = {1: [[1]], 2: [[1]], 3: [[2], [2]], 4: [[2]]}

    assert smallest_cell([sheet(lines)], courses) == 1
    assert smallest_cell([sheet({1: [[1]], 2: [[1]]})], courses[:2]) == 2
    assert smallest_cell([sheet({1: [[None]], 2: [[1]]})], courses[:1] * 2 + courses[1:2]) == 1
    assert smallest_cell([sheet(lines, DOSE)], courses) == 3


@pytest.mark.req("REL-07")
def test_the_codebook_has_a_line_for_each_column_and_code():
    inner = Variable(name="f.rows.dose", form="f", question="dose", type="decimal", fields=(DOSE,))
    variables = [
        Variable(name="f.colour", form="f", question="colour", type="choice", fields=(COLOUR,)),
        Variable(name="f.rows", form="f", question="rows", type="rows", inner=(inner,)),
    ]

    assert list(codebook(variables))[1:] == [
        ["f.colour", "Farge", "choice", "", "", "", ""],
        ["f.colour", "Farge", "choice", "", "", "1", "Rød"],
        ["f.colour", "Farge", "choice", "", "", "2", "Blå"],
        ["f.rows.dose", "Dose", "decimal", "Dose", "mg", "", ""],
    ]


def test_a_sheet_in_a_log_shows_no_answers():
    assert repr(sheet({1: [["secret"]]})) == "Sheet(data)"


@pytest.mark.req("REL-07")
@pytest.mark.parametrize(
    ("text", "shown"), [("=1+1", "'=1+1"), ("-4.5", "-4.5"), ("-cmd", "'-cmd"), ("@a", "'@a"), ("", ""), ("3", "3")]
)
def test_no_cell_is_run_as_a_formula(text, shown):
    assert _harmless(text) == shown
