"""The definitions and the register's list of variables tell the same story, read from either side."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.registries.definitions import (
    FOLDER,
    FORMS,
    Written,
    codes_of,
    questions_of,
    read_csv,
    read_unmapped,
    written_by,
)

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
NUMBERS = {"integer", "decimal", "opioid_table", "visits_table"}
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


WIDEST = {"tinyint": 127, "smallint": 32767, "int": 2**31 - 1}


def _largest(column: str) -> float | None:
    """The largest number a column of the register takes; None where its type is no number."""
    kind, _, size = column.rstrip(")").partition("(")
    if kind == "decimal":
        digits, places = map(int, size.split(","))
        return (10**digits - 1) / 10**places
    return WIDEST.get(kind)


@pytest.mark.req("REG-11")
@pytest.mark.parametrize("form", FORMS)
def test_a_number_is_limited_to_what_the_register_s_column_takes(form):
    columns = {fact["name"]: _largest(fact["column_type"]) for fact in _facts(form)}
    limits = [(item, item.get("limit", {}).get("max")) for item in questions_of(form) if item["type"] in NUMBERS]

    assert [item["key"] for item, most in limits if most is None] == []
    for item, most in limits:
        names = [item[key] for key in ("name",) if key in item] + [row["times_name"] for row in item.get("rows", ())]
        assert all(most <= (columns[name] or most) for name in names), item["key"]


@pytest.mark.req("REG-11")
@pytest.mark.parametrize("form", FORMS)
def test_a_code_is_called_what_the_register_calls_it(form):
    for fact, written in _pairs(form):
        texts = dict(code.partition("=")[::2] for code in fact["codes"].split("|"))
        if written.codelist and fact["codes"]:
            here = {row["code"]: row["nb"] for row in read_csv(f"codelists/{written.codelist}.csv")}
            assert {code: here[code] for code, text in texts.items() if text and here[code] != text} == {}, fact["name"]


@pytest.mark.req("REG-11")
@pytest.mark.parametrize("group", ["written_elsewhere", "assumed_fields"])
def test_what_is_left_stands_in_the_paper_of_the_registry(group):
    paper = (FOLDER.parents[2] / "docs/registers/smertereg.md").read_text(encoding="utf-8")

    for row in read_unmapped()[group]:
        assert f"| `{row['table']}.{row['field']}` | {row.get('reason') or row['name']} |" in paper
