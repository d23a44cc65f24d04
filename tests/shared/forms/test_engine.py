"""The engine on every form of the register, and on what only some of them have."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from shared.forms.catalogue import FOLDER, load_registry, registry
from shared.forms.definition import Kind, Type
from shared.forms.errors import DefinitionError
from shared.forms.opioids import omeq
from shared.forms.page_maker import Showing

SMERTEREG = registry("smertereg")
CONTEXT = {"today": date(2026, 11, 21), "birth_date": date(1957, 5, 17), "started_on": date(2026, 11, 20)}
FORMS = sorted(SMERTEREG.form_keys)


@pytest.mark.parametrize("key", FORMS)
def test_every_form_begins_without_errors_and_says_what_is_missing(key):
    form = SMERTEREG.form(key)
    document = form.new()
    assert form.check(document, CONTEXT) == ()
    assert {problem.path for problem in form.complete(document, CONTEXT)} <= set(form.required(document, CONTEXT))


@pytest.mark.parametrize("key", FORMS)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_page_sent_back_as_it_was_changes_nothing_that_counts(key, language):
    form = SMERTEREG.form(key)
    page = form.page(form.new(), CONTEXT, Showing(language=language))
    draft = form.read(MultiDict([("_shown", path) for path in page.shown]), form.new())
    boxes = {q.key for q in form.questions.values() if q.type is Type.BOOLEAN}
    assert draft.problems == ()
    assert {k for k, v in draft.document["answers"].items() if v not in ([], None)} <= boxes


@pytest.mark.parametrize("key", FORMS)
def test_a_row_has_every_column_once(key):
    form = SMERTEREG.form(key)
    names = [spec.column for spec in form.columns]
    assert len(set(names)) == len(names)
    assert set(form.typed_row(form.new(), CONTEXT)) == set(names)


@pytest.mark.req("REG-09")
def test_rows_are_added_filled_and_removed():
    form = SMERTEREG.form("b11")
    added = form.read(MultiDict([("_add_row", "pain_diagnoses")]), form.new()).document
    (row,) = added["answers"]["pain_diagnoses"]
    path = f"pain_diagnoses.{row['id']}.pain_category"
    code = next(q for q in form.questions["pain_diagnoses"].questions if q.key == "pain_category").options[0].code
    filled = form.read(MultiDict([("_shown", path), (path, str(code))]), added).document
    assert form.child_rows(filled, CONTEXT)["pain_diagnoses"][0]["position"] == 1
    assert filled["answers"]["pain_diagnoses"][0]["pain_category"] == code
    gone = form.read(MultiDict([("_remove_row", f"pain_diagnoses.{row['id']}")]), filled).document
    assert "pain_diagnoses" not in gone["answers"]


@pytest.mark.req("REG-10")
def test_the_opioid_table_sums_rounded_rows_and_keeps_its_factors():
    form = SMERTEREG.form("b11")
    given = {"analgesics_first_visit": ["opioids"], "opioids": {"morphine_pills": "12,5", "oxycodone_capsules": 10}}
    document = form.read_values(given, form.new()).document
    table = document["answers"]["opioids"]
    assert table["sum"] == pytest.approx(sum(table["omeq"].values()))
    assert table["factors"] == SMERTEREG.rules.opioid_version
    assert form.read_values(given, document).document["answers"]["opioids"] is table
    row = form.typed_row(document, CONTEXT)
    assert row["omeq_morphineequivalence"] == table["sum"]


def test_more_of_a_drug_never_counts_as_less():
    for item in SMERTEREG.form("b11").questions["opioids"].preparations.items:
        counted = [omeq(item, dose / 2) for dose in range(200)]
        assert counted == sorted(counted)


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("forms/to/v2.yaml", ("question: supervision, op", "question: nothing, op"), "unknown question"),
        ("forms/to/v2.yaml", ("type: date", "type: day"), "none of"),
        ("registry.yaml", ("forms: [po, to, b11]", "forms: [po, to, b99]"), "unknown form"),
        ("registry.yaml", ("until: 2022-11-30", "until: 2022-11-29"), "day with no basis"),
    ],
)
def test_a_registry_with_a_fault_is_refused_with_file_and_place(tmp_path, file, change, told):
    folder = tmp_path / "smertereg"
    shutil.copytree(FOLDER / "smertereg", folder)
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(DefinitionError, match=told) as caught:
        load_registry(folder)
    assert any(flaw.file == file for flaw in caught.value.flaws)


@pytest.mark.req("REG-12")
def test_an_answer_that_is_taken_back_is_gone():
    form = SMERTEREG.form("to")
    answered = form.read(MultiDict([("_shown", "supervision"), ("supervision", "1")]), form.new()).document
    assert answered["answers"]["supervision"] == 1
    again = MultiDict([("_shown", "supervision"), ("supervision", "1"), ("_clear", "supervision")])
    assert "supervision" not in form.read(again, answered).document["answers"]


@pytest.mark.req("REG-30")
@pytest.mark.parametrize(
    ("form", "question", "kind"),
    [
        ("to", "age", Kind.INTEGER),
        ("to", "included", Kind.INTEGER),
        ("hads", "anxiety_score", Kind.INTEGER),
        ("po", "deceased_date", Kind.DATE),
        ("b11", "diagnosis_code", Kind.TEXT),
    ],
)
def test_what_is_computed_has_the_kind_of_what_it_is_made_from(form, question, kind):
    found = {q.key: q.kind for q in SMERTEREG.form(form).definition.all_questions()}
    assert found[question] is kind


@pytest.mark.req("REG-14")
@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({"lasting_category": 1, "primary_subcategory": "a", "code_widespread": "M79.7"}, "Fibromyalgi"),
        ({"lasting_category": 2, "code_cancer": "C50.9"}, "Kreft i bryst, uspesifisert"),
        ({"lasting_category": 1, "primary_subcategory": "b", "code_widespread": "M79.7"}, None),
    ],
)
def test_a_diagnosis_has_the_text_of_the_list_it_was_picked_from(answers, text):
    form = SMERTEREG.form("b11")
    document = form.read_values({"pain_diagnoses": [{"id": "a", "pain_category": 2, **answers}]}, form.new()).document
    (row,) = form.child_rows(document, CONTEXT)["pain_diagnoses"]
    assert row["diagdescription"] == text
