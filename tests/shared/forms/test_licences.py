"""The wording of a licensed instrument comes from its owner's file, for a whole form or for a part of one."""

from __future__ import annotations

import pytest
import yaml

from shared.forms.catalogue import FOLDER, load_registry
from shared.forms.definition import Audience
from shared.forms.errors import DefinitionError
from shared.forms.fhir.questionnaire import questionnaire
from shared.forms.page_maker import Showing
from shared.forms.reading import LANGUAGES

pytestmark = [pytest.mark.req("EPR-12")]
REGISTRIES = {key: load_registry(FOLDER / key) for key in ("smertereg", "norpain")}
LABEL = dict.fromkeys(LANGUAGES, "Ordlyden")


def questions_of(instrument, registry):
    """What the newest forms of a registry ask in an instrument, by key."""
    definitions = [versions[max(versions)].definition for versions in REGISTRIES[registry].forms.values()]
    sections = [(s.licence or form.licence, s) for form in definitions for s in form.sections]
    asked = [s for licence, s in sections if licence and licence.instrument == instrument and s.audience is None]
    return {question.key: question for section in asked for question in section.questions}


def body_of(instrument, registry="norpain", **more):
    """The owner's text of an instrument, whole."""
    words = {
        key: {
            "label": LABEL,
            **({"options": {o.code: {"nb": f"Svaret {o.code}"} for o in q.options}} if q.options else {}),
        }
        for key, q in questions_of(instrument, registry).items()
        if q.calculate is None
    }
    return {"instrument": instrument, "questions": words, **more}


def supplied(folder, body, *, name="", inside=""):
    place = folder / inside
    place.mkdir(exist_ok=True)
    file = place / f"{name or body['instrument']}.yaml"
    file.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    return folder


def said(form, key):
    """The label of a question, and what its codes mean."""
    question = form.questions[key]
    return question.label["nb"], {option.code: option.label["nb"] for option in question.options}


def refused(folder, registry="norpain"):
    with pytest.raises(DefinitionError) as caught:
        load_registry(FOLDER / registry, folder)
    return [str(flaw) for flaw in caught.value.flaws]


def test_an_owner_s_file_words_its_part_in_every_form_that_has_it(tmp_path):
    folder = supplied(tmp_path, body_of("isi", title={"nb": "Søvnskjema"}))
    found = load_registry(FOLDER / "norpain", folder)
    for form in (found.form("baseline"), found.form("followup")):
        label, codes = said(form, "isi_1")
        assert (label, codes[3]) == ("Ordlyden", "Svaret 3")
        section = next(section for section in form.definition.sections if section.key == "isi")
        assert (section.title["nb"], section.licence.wording) == ("Søvnskjema", "licensed")


def test_codes_and_columns_stay_when_the_words_come(tmp_path):
    before = REGISTRIES["norpain"].form("baseline")
    after = load_registry(FOLDER / "norpain", supplied(tmp_path, body_of("isi"))).form("baseline")
    fields = [[column.field for column in one.columns] for one in (before, after)]
    assert fields[0] == fields[1]
    assert said(before, "isi_1")[1].keys() == said(after, "isi_1")[1].keys()


def test_a_form_is_a_sample_until_the_last_of_its_instruments_is_worded(tmp_path):
    found = [REGISTRIES["norpain"].form("midway")]
    for instrument in ("hads", "eq5d"):
        folder = supplied(tmp_path, body_of(instrument))
        found.append(load_registry(FOLDER / "norpain", folder).form("midway"))
    assert [form.definition.is_sample for form in found] == [True, True, False]
    assert [form.lacks_wording for form in found] == [False, True, False]
    assert [questionnaire(form).get("experimental") for form in found] == [True, True, None]


def test_a_whole_form_is_worded_by_its_own_file_in_all_its_versions(tmp_path):
    intro = dict.fromkeys(LANGUAGES, "Innledning")
    folder = supplied(tmp_path, body_of("hads", "smertereg", intro=intro))
    found = load_registry(FOLDER / "smertereg", folder)
    for version in (1, 2, 3):
        assert said(found.form("hads", version), "item_1")[0] == "Ordlyden"
    assert found.form("hads").definition.intro == intro
    assert not found.form("hads").definition.is_sample


def test_each_registry_has_a_folder_for_files_of_its_own(tmp_path):
    for registry in ("smertereg", "norpain"):
        supplied(tmp_path, body_of("hads", registry), inside=registry)
    assert said(load_registry(FOLDER / "smertereg", tmp_path).form("hads"), "item_1")[0] == "Ordlyden"
    assert said(load_registry(FOLDER / "norpain", tmp_path).form("midway"), "hads_1")[0] == "Ordlyden"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", list(Audience))
def test_a_form_whose_file_is_not_there_says_so_and_may_not_be_sent(tmp_path, language, audience):
    form = load_registry(FOLDER / "smertereg", tmp_path).form("hads")
    page = form.page(form.new(), {}, Showing(language=language, audience=audience))
    begins = {
        "nb": "Teksten til dette skjemaet er ikke lagt inn",
        "nn": "Teksten til dette",
        "en": "The text of this form",
    }
    assert page.intro.startswith(begins[language])
    assert (form.lacks_wording, form.definition.licence.wording) == (True, "missing")
    assert not load_registry(FOLDER / "smertereg", tmp_path).form("eval").lacks_wording


def test_the_demo_marks_its_samples_and_lacks_nothing():
    form = REGISTRIES["smertereg"].form("hads")
    assert (form.definition.is_sample, form.lacks_wording) == (True, False)
    assert form.definition.intro["nb"].startswith("Eksempeltekst")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hscl_1": {"label": LABEL}}, "isi.yaml: questions.hscl_1: is not a question of the form, or has no texts"),
        (
            {"isi_1": {"label": LABEL, "options": {7: LABEL}}},
            "isi.yaml: questions.isi_1.options.7: is no code of the question",
        ),
        ({"isi_1": {"label": LABEL}}, "isi.yaml: questions.isi_1.options: has no text for 0, 1, 2, 3, 4"),
        ({"isi_2": {"help": LABEL}}, "isi.yaml: questions.isi_2: has no text"),
        ({"isi_1": {"label": {"nb": "Bare bokmål"}}}, "lacks a language: nb"),
        ({"isi_1": {"label": LABEL, "tea": 1}}, "isi.yaml: questions.isi_1.tea: is an unknown key"),
    ],
)
def test_a_file_with_wrong_or_missing_texts_is_refused_with_its_place(tmp_path, change, told):
    body = body_of("isi")
    assert any(
        told in line for line in refused(supplied(tmp_path, {**body, "questions": {**body["questions"], **change}}))
    )


def test_a_file_of_another_instrument_is_refused(tmp_path):
    found = refused(supplied(tmp_path, {**body_of("isi"), "instrument": "pcs"}, name="isi"))
    assert "forms/baseline/v1.yaml: licence: isi.yaml holds the texts of pcs, which is not isi" in found


def test_a_file_that_lacks_a_question_is_refused(tmp_path):
    body = body_of("hads", "smertereg")
    del body["questions"]["item_14"]
    assert refused(supplied(tmp_path, body), "smertereg") == ["hads.yaml: questions.item_14: has no text"]
