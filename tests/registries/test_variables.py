"""The definitions and the register's list of variables tell the same story, read from either side."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.registries.definitions import FORMS, Written, codes_of, read_csv, read_unmapped, written_by

KIND_OF_TYPE = {
    "date": {"date"},
    "choice": {"list"},
    "nrs": {"list"},
    "tick": {"tick"},
    "integer": {"number"},
    "decimal": {"number"},
    "number": {"number"},
    "text": {"text", "long_text"},
    "code": {"text"},
    "computed": {"hidden", "number", "date", "list", "text"},
}
NRS = [str(number) for number in range(11)] + ["99"]


def _facts(form: str) -> list[dict[str, str]]:
    return [row for row in read_csv("register_variables.csv") if row["form"] == form]


def _elsewhere() -> set[tuple[str, str]]:
    return {(row["table"], row["field"]) for row in read_unmapped()["written_elsewhere"]}


def _codes(fact: dict[str, str]) -> set[str]:
    return {code.split("=")[0] for code in fact["codes"].split("|")}


def _pairs(form: str) -> list[tuple[dict[str, str], Written]]:
    by_name = {written.name: written for written in written_by(form)}
    return [(fact, by_name[fact["name"]]) for fact in _facts(form) if fact["name"] in by_name]


@pytest.mark.req("REG-11")
@pytest.mark.parametrize("form", FORMS)
def test_every_variable_of_the_register_is_written_once(form):
    times = Counter(written.name for written in written_by(form))

    here = [f for f in _facts(form) if (f["table"], f["field"]) not in _elsewhere()]

    assert here
    assert {f["name"]: times[f["name"]] for f in here if times[f["name"]] != 1} == {}


@pytest.mark.req("REG-11")
@pytest.mark.parametrize("form", FORMS)
def test_a_form_writes_only_what_the_register_has(form):
    known = {fact["name"] for fact in _facts(form)}

    assert [written.name for written in written_by(form) if written.name not in known] == []


@pytest.mark.req("REG-11")
@pytest.mark.parametrize("form", FORMS)
def test_variables_stand_in_the_register_s_table_and_column(form):
    assumed = {(row["table"], row["field"]) for row in read_unmapped()["assumed_fields"]}

    for fact, written in _pairs(form):
        assert written.table == fact["table"], written
        assert written.field == fact["field"] or (written.table, written.field) in assumed, written


@pytest.mark.req("REG-11")
@pytest.mark.parametrize("form", FORMS)
def test_the_type_of_a_question_fits_the_register_s(form):
    wrong = [(fact["name"], w.type) for fact, w in _pairs(form) if fact["kind"] not in KIND_OF_TYPE[w.type]]

    assert wrong == []


def test_every_list_of_the_register_is_a_list_here():
    bare = [
        w.name for form in FORMS for fact, w in _pairs(form) if fact["codes"] and w.type == "choice" and not w.codelist
    ]

    assert bare == []


@pytest.mark.req("REG-11")
@pytest.mark.parametrize("form", FORMS)
def test_a_list_has_exactly_the_codes_of_the_register(form):
    for fact, written in _pairs(form):
        if fact["codes"] and (written.codelist or written.type == "nrs"):
            codes = NRS if written.type == "nrs" else codes_of(str(written.codelist))
            assert set(codes) == _codes(fact), written
            assert len(codes) == len(set(codes)), written


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_elsewhere_is_not_written_by_a_question_too(form):
    assert not {(w.table, w.field) for w in written_by(form)} & _elsewhere()


def test_every_line_of_what_is_written_elsewhere_names_a_variable_and_a_reason():
    known = {(row["table"], row["field"]) for row in read_csv("register_variables.csv")}

    for row in read_unmapped()["written_elsewhere"]:
        assert (row["table"], row["field"]) in known
        assert row["by"] in {"course", "form", "row", "reservation"}
        assert row["reason"]
