"""An official list takes the place of the registry's own, and no code that was ever used vanishes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.forms.catalogue import FOLDER, load_registry
from shared.forms.coding import Coding
from shared.forms.definition import Option
from shared.forms.errors import DefinitionError
from shared.forms.import_codings import compare, list_in_force, read_given, write_list

pytestmark = pytest.mark.req("REG-14")
FIRST = date(2026, 1, 1)
ENDS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
LISTS = st.dictionaries(st.sampled_from("ABCDEFG"), st.tuples(st.sampled_from(["one", "two"]), ENDS), min_size=1)


def coding(version, **codes):
    return Coding("x", version, [Option(code, {"nb": text}, valid_to=end) for code, (text, end) in codes.items()])


def given_file(folder, *lines):
    file = folder / "official.csv"
    file.write_text("\n".join(("code;text;valid_from;valid_to", *lines)) + "\n", encoding="utf-8")
    return file


def test_what_is_new_changed_and_gone_is_told():
    before = coding(2025, A=("Alfa", None), B=("Beta", None), C=("Ceta", date(2024, 12, 31)))
    found = compare(before, coding(2026, B=("Bravo", None), D=("Delta", None)), FIRST)
    assert (found.new, found.changed, found.gone) == (("D",), ("B",), ("A",))
    ends = {option.code: option.valid_to for option in found.options}
    assert ends == {"A": date(2025, 12, 31), "B": None, "C": date(2024, 12, 31), "D": None}


@given(LISTS, LISTS)
def test_every_code_is_kept_and_only_those_of_the_new_list_are_in_use(old, new):
    found = compare(coding(2025, **old), coding(2026, **new), FIRST)
    kept = Coding("x", 2026, found.options)
    assert set(kept.options) == set(old) | set(new)
    in_use = {option.code for option in kept.search("", [FIRST.isoformat()])}
    assert in_use == {code for code, (_, end) in new.items() if end is None or end >= FIRST}
    again = compare(kept, coding(2026, **new), FIRST)
    assert (again.new, again.changed, again.gone) == ((), (), ())
    assert list(again.options) == list(found.options)


def test_a_list_is_in_force_once_it_is_written(tmp_path):
    official = read_given(given_file(tmp_path, "C50.9;Mamma;2026-01-01;", "M54;Rygg;;"), "icd10", 2026)
    found = compare(list_in_force("smertereg", "icd10", tmp_path), official, FIRST)
    write_list("smertereg", "icd10", 2026, found.options, tmp_path)
    now = list_in_force("smertereg", "icd10", tmp_path)
    assert (now.version, now.options["C50.9"].label, now.options["C61"].valid_to) == (
        2026,
        {"nb": "Mamma"},
        date(2025, 12, 31),
    )
    assert load_registry(FOLDER / "smertereg", imported_codings=tmp_path).rules.codings["icd10"] == 2026


def test_a_list_without_the_codes_that_a_form_asks_for_is_refused_and_not_kept(tmp_path):
    with pytest.raises(DefinitionError, match="begins no code of icd10"):
        write_list("smertereg", "icd10", 2026, [Option("M54", {"nb": "Rygg"})], tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["C50;;;", "C50;Bryst;1.1.2026;", ";Bryst;;"])
def test_a_faulty_file_is_refused(tmp_path, line):
    with pytest.raises(DefinitionError, match="official"):
        read_given(given_file(tmp_path, line), "icd10", 2026)
