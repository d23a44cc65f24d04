"""The codebook says of every variable what a reader of the data must know."""

from __future__ import annotations

from datetime import date

import pytest

from shared.forms.catalogue import load_registry, registry
from shared.forms.codebook import codebook
from shared.forms.definition import Audience, Type
from tests.shared.forms.copies import copied, question_of, with_next_version

SMERTEREG = registry("smertereg")
BOOK = {variable.name: variable for variable in codebook(SMERTEREG)}


@pytest.mark.req("REG-29")
def test_every_question_is_in_it_once_in_the_order_of_the_forms():
    names = [variable.name for variable in codebook(SMERTEREG)]
    expected = [
        ".".join(part for part in (key, rows.key if rows else None, question.key) if part)
        for key in SMERTEREG.form_keys
        for top in SMERTEREG.form(key).definition.questions()
        for question, rows in [(top, None), *((inner, top) for inner in top.questions)]
    ]
    assert [name for name in names if name in expected] == expected
    assert [name for name in names if name not in expected] == ["to.enough_visits"]
    assert len(set(names)) == len(names)


@pytest.mark.req("REG-29", "REG-30")
@pytest.mark.parametrize("key", SMERTEREG.form_keys)
def test_it_has_every_column_of_every_table(key):
    form = SMERTEREG.form(key)
    columns = [spec.field for spec in form.columns]
    columns += [spec.field for specs in form.child_columns.values() for spec in specs]
    now = [v for v in BOOK.values() if v.form == key and v.last_on is None]
    assert sorted(c.field for v in now for c in v.columns) == sorted(columns)


def test_columns_of_rows_are_in_the_table_of_the_rows():
    column, *_ = BOOK["b11.pain_diagnoses.pain_category"].columns
    assert (column.table, column.form_order, column.column) == ("emp11_pain_diagnosis", None, "paincat")
    assert BOOK["b21.function_level"].columns[0].form_order == 2


def test_each_column_of_a_table_question_says_what_it_holds():
    columns = {column.name: column for column in BOOK["b11.opioids"].columns}
    dose = next(column for column in columns.values() if column.role == "dose")
    assert dose.label["nb"].endswith(", døgndose")
    assert dose.label["en"].endswith(", daily dose")
    assert dose.unit["nb"]
    assert [column.unit["en"] for column in columns.values() if column.role == "sum"] == ["mg a day"]
    roles = {column.role for column in BOOK["pasreg.contacts_last_year"].columns}
    assert roles == {"value", "unknown"}


def test_conditions_are_told_as_expressions_and_in_words():
    consent = BOOK["to.consent_date"]
    assert consent.shown_if == 'supervision = 1 and context.legal_basis = "consent" and consent = 1'
    assert consent.shown_in_words("nb") == (
        "«Har pasienten fått tilsyn?» er «Ja» og rettslig grunnlag er samtykke og «Skriftlig samtykke» er «Ja»"
    )
    assert (consent.required_if, consent.required_in_words("nb")) == ("always", "")
    assert BOOK["to.norwegian_speaking"].required_if == "supervision = 1"
    assert BOOK["to.norwegian_speaking"].required_in_words("en") == "«Har pasienten fått tilsyn?» is «Yes»"


def test_what_the_system_answers_says_how():
    assert BOOK["to.age"].calculated == "age_on(birth_date=context.birth_date, on=start_date)"
    assert BOOK["to.consent"].filled_if == "included = 0"
    assert BOOK["to.age"].is_computed
    assert not BOOK["to.consent"].is_computed


def test_it_says_who_answers():
    assert BOOK["pasreg.sleep_before_admission"].answered_by is Audience.PATIENT
    assert BOOK["pasreg.complete"].answered_by is Audience.CLINICIAN
    assert BOOK["to.supervision"].answered_by is Audience.CLINICIAN


def test_it_says_what_opens_what():
    assert BOOK["b12.can_state_nrs"].opens
    assert BOOK["b12.strongest_at_rest"].is_follow_up
    assert not BOOK["b12.registered_date"].is_follow_up


@pytest.mark.req("REL-01")
def test_free_text_and_contact_data_may_not_leave():
    staying = {name for name, variable in BOOK.items() if not variable.may_leave}
    assert {"po.phone", "po.email", "b11.admission_diagnosis"} <= staying
    assert {name for name in staying if BOOK[name].type is not Type.TEXT} == {"po.birth_date"}


def test_every_condition_can_be_told_in_every_language():
    for variable in BOOK.values():
        for language in ("nb", "nn", "en"):
            assert bool(variable.shown_in_words(language)) == bool(variable.shown_if)
            assert "context." not in variable.shown_in_words(language)


@pytest.mark.req("REG-36")
def test_variables_and_codes_that_went_out_of_use_stay_with_their_versions(tmp_path):
    folder = copied(tmp_path)

    def change(body):
        body["published_on"] = date(2027, 1, 1)
        question_of(body, "overall")["key"] = "all_in_all"
        question_of(body, "remembers_team")["allowed"] = [1]

    with_next_version(folder, "eval", change, dropped=["overall"], codes={"remembers_team": {2: None}})
    book = {variable.name: variable for variable in codebook(load_registry(folder))}
    gone, come, kept = (book[f"eval.{key}"] for key in ("overall", "all_in_all", "remembers_team"))
    assert (gone.first_version, gone.last_version, gone.last_on) == (2, 2, date(2027, 1, 1))
    assert (come.first_version, come.last_version, come.first_on, come.last_on) == (3, 3, date(2027, 1, 1), None)
    assert (kept.first_version, kept.last_version, kept.last_on) == (2, 3, None)
    assert [(code.code, code.last_version) for code in kept.codes] == [(1, 3), (2, 2)]
    assert [name for name in book if name.startswith("eval.")][-1] == "eval.overall"


@pytest.mark.req("REG-36")
def test_a_code_that_changed_its_meaning_tells_both():
    codes = {code.code: code for code in BOOK["to.no_consent_reason"].codes}
    meant = {code: [(last, label["nb"]) for last, label in found.earlier] for code, found in codes.items()}

    assert meant == {1: [], 2: [], 3: [(1, "Ikke spurt")], 4: [(1, "Tilbaketrukket samtykke")], 5: []}
    assert BOOK["hads.item_1"].codes[-1].last_version == 1
