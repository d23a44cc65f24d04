"""Code systems: searched by code and words, by date, and read from files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.forms.catalogue import FOLDER, load_registry
from shared.forms.coding import Coding
from shared.forms.definition import Option
from shared.forms.errors import DefinitionError
from tests.shared.forms.copies import copied

pytestmark = pytest.mark.req("REG-14")
TEXTS = {
    "A01": "Sjögrens syndrom",
    "A01.1": "Ulcerøs kolitt i øvre del",
    "B02": "Brudd i håndledd",
    "B03": "Annet brudd, også i håndleddet",
    "C10": "Ærverdig sykdom",
}
CODING = Coding("icd10", 2025, [Option(code, {"nb": text}) for code, text in TEXTS.items()])
IN_2024 = {"today": date(2024, 6, 1)}


def found(words, *days):
    return [option.code for option in CODING.search(words, days)]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("a01", ["A01", "A01.1"]),
        ("A011", ["A01.1"]),
        ("a 01.1", ["A01.1"]),
        ("sjogren", ["A01"]),
        ("SJØGREN", ["A01"]),
        ("ulceros", ["A01.1"]),
        ("øvre kolitt", ["A01.1"]),
        ("ærverdig", ["C10"]),
        ("aerverdig", ["C10"]),
        ("håndledd brudd", ["B02", "B03"]),
        ("handledd BRUDD", ["B02", "B03"]),
        ("b0 brudd", ["B02", "B03"]),
        ("leddet", ["B03"]),
        ("kolitt brudd", []),
        ("", list(TEXTS)),
    ],
)
def test_codes_are_found_by_code_and_by_words_in_any_order(words, codes):
    assert found(words) == codes


def test_a_word_that_begins_a_word_comes_before_one_inside():
    coding = Coding("x", 1, [Option("1A", {"nb": "Kjevebrudd"}), Option("2A", {"nb": "Brudd i kjeve"})])
    assert [option.code for option in coding.search("brudd")] == ["2A", "1A"]


@given(st.text(max_size=12))
def test_any_search_gives_codes_of_the_list_each_once(words):
    codes = found(words)
    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(TEXTS)


@given(st.sampled_from(sorted(TEXTS)), st.booleans(), st.booleans())
def test_a_code_is_found_however_it_is_written(code, is_small, has_stop):
    written = code.lower() if is_small else code
    option = CODING.find(written if has_stop else written.replace(".", ""))
    assert option is not None
    assert option.code == code


def with_list(folder, *lines, key="icd10", version=2025):
    """An unpublished registry with another list."""
    registry = copied(folder)
    (registry / "published.json").unlink()
    for file in (registry / "codings" / key).glob("*.csv"):
        file.unlink()
    text = "\n".join(("code;text;valid_from;valid_to", *lines))
    (registry / "codings" / key / f"{version}.csv").write_text(text, encoding="utf-8")
    return registry


def cancer(code):
    return {"pain_diagnoses": [{"id": "a", "pain_category": 2, "lasting_category": 2, "code_cancer": code}]}


@pytest.mark.parametrize(
    ("today", "started_on", "told"),
    [
        ("2024-06-01", None, []),
        ("2025-06-01", None, ["choice.not_valid"]),
        ("2025-06-01", "2024-12-31", []),
        ("2023-12-31", "2023-12-01", ["choice.not_valid"]),
    ],
)
def test_a_code_counts_that_was_in_use_today_or_when_the_course_began(tmp_path, today, started_on, told):
    registry = with_list(tmp_path, "C50;Bryst;2024-01-01;2024-12-31", "C61;Prostata;;")
    form = load_registry(registry).form("b11")
    days = {"today": date.fromisoformat(today), "started_on": started_on and date.fromisoformat(started_on)}
    document = form.read_values(cancer("C50"), form.new()).document
    assert [problem.text for problem in form.check(document, days)] == told


def test_a_code_out_of_use_is_not_offered_and_still_told(tmp_path):
    form = load_registry(with_list(tmp_path, "C50;Bryst;;2024-12-31", "C61;Prostata;;")).form("b11")
    question = next(q for q in form.questions["pain_diagnoses"].questions if q.key == "code_cancer")
    assert [option.code for option in question.coding.search("", ["2025-01-01"])] == ["C61"]
    document = form.read_values(cancer("C50"), form.new()).document
    assert form.child_rows(document, IN_2024)["pain_diagnoses"][0]["diagdescription"] == "Bryst"


def test_only_codes_that_begin_as_the_question_says_are_taken(tmp_path):
    form = load_registry(with_list(tmp_path, "C50;Bryst;;", "M54;Rygg;;")).form("b11")
    assert [problem.text for problem in form.read_values(cancer("M54"), form.new()).problems] == ["code.unknown"]


def test_an_imported_list_stands_in_for_the_registry_s_own_and_names_its_version(tmp_path):
    theirs = tmp_path / "imported/smertereg/icd10"
    theirs.mkdir(parents=True)
    for version, code in ((2026, "C98"), (2027, "C99")):
        (theirs / f"{version}.csv").write_text(f"code;text;valid_from;valid_to\n{code};Ny;;\n", encoding="utf-8")
    form = load_registry(FOLDER / "smertereg", imported_codings=tmp_path / "imported").form("b11")
    document = form.read_values(cancer("C99"), form.new()).document
    (row,) = form.child_rows(document, IN_2024)["pain_diagnoses"]
    assert (row["diagcode"], row["diag_version"]) == ("C99", 2027)
    assert form.read_values(cancer("C98"), form.new()).problems


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["C50;Bryst;;", "C50;Bryst;;"], "has the same code twice"),
        (["C50;;;"], "has no code or no text"),
        (["C50;Bryst;01.01.2024;"], "is not a date"),
        (["M54;Rygg;;"], "begins no code of icd10"),
    ],
)
def test_a_faulty_list_is_refused_with_its_place(tmp_path, lines, told):
    with pytest.raises(DefinitionError, match=told):
        load_registry(with_list(tmp_path, *lines))


def test_a_list_is_named_by_its_version(tmp_path):
    registry = Path(with_list(tmp_path, "C50;Bryst;;"))
    (registry / "codings/icd10/2025.csv").rename(registry / "codings/icd10/newest.csv")
    with pytest.raises(DefinitionError, match="has no <version>"):
        load_registry(registry)
