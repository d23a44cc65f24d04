"""A form from outside becomes a version of a registry's form, and answers of the version before find their place."""

from __future__ import annotations

import json
from datetime import date

import pytest

from shared.forms.catalogue import load_registry
from shared.forms.definition import Audience
from shared.forms.errors import DefinitionError, UnknownForm
from shared.forms.import_form import read_import, write_import
from tests.shared.forms.conftest import QUESTIONNAIRES
from tests.shared.forms.copies import copied

pytestmark = pytest.mark.req("EPR-01", "REG-36")
SLEEP = QUESTIONNAIRES / "sleep.json"


@pytest.fixture
def place(tmp_path):
    copied(tmp_path)
    return tmp_path


def written(place, file=SLEEP, form="sleep", **more):
    found = read_import(file, "smertereg", form, Audience.PATIENT, root=place, **more)
    write_import(found, "smertereg", place)
    return found


def files(place):
    return sorted(path.name for path in (place / "smertereg/forms/sleep").glob("*"))


def changed(place, change):
    """The sleep form as its owner has changed it since."""
    resource = json.loads(SLEEP.read_text(encoding="utf-8"))
    change(resource)
    file = place / "later.json"
    file.write_text(json.dumps(resource), encoding="utf-8")
    return file


def test_a_first_version_stands_in_the_registry_s_folder(place):
    found = written(place)
    assert (found.version, found.questions, files(place)) == (1, 6, ["v1.yaml"])
    form = load_registry(place / "smertereg").form("sleep")
    assert form.definition.published_on == date(2026, 10, 1)
    assert form.definition.title["en"] == "Sleep and pain"


def test_a_next_version_tells_what_becomes_of_answers(place):
    def change(resource):
        asked = resource["item"][1]["item"]
        trouble, first = asked[0], asked[1]
        first["answerOption"] = [first["answerOption"][0], first["answerOption"][2]]
        trouble["type"] = "boolean"
        del trouble["answerValueSet"]
        for item in asked[1:3]:
            del item["enableWhen"]
        del asked[3:5]

    written(place)
    found = written(place, changed(place, change), first_day=date(2027, 1, 1))
    assert found.mapping == {
        "form": "sleep",
        "from": 1,
        "to": 2,
        "dropped": ["trouble", "hours", "why"],
        "codes": {"q_1_1": {"some": None}},
    }
    assert files(place) == ["v1.yaml", "v1_to_v2.yaml", "v2.yaml"]
    registry = load_registry(place / "smertereg")
    before = registry.form("sleep", 1).new({"trouble": 1, "q_1_1": "some", "q_1_2": "most", "hours": 7})
    after, _ = registry.moved(before, registry.form("sleep"))
    assert (after["version"], after["answers"]) == (2, {"q_1_2": "most"})


def test_published_versions_stay_as_they_are(place):
    before = {path: path.read_bytes() for path in (place / "smertereg").rglob("*") if path.is_file()}
    written(place)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda resource: resource.update(resourceType="Bundle"), "later.json: resourceType: is not Questionnaire"),
        (
            lambda resource: resource["item"][1]["item"][3].pop("_text"),
            "forms/sleep/v1.yaml: hours: lacks a language: nb",
        ),
        (lambda resource: resource.pop("date"), "later.json: date: is missing"),
        (lambda resource: resource["item"][1]["item"][3].update(type="time"), "later.json: hours.type: is none"),
    ],
)
def test_a_form_that_cannot_be_used_leaves_nothing_behind(place, change, told):
    with pytest.raises(DefinitionError) as caught:
        written(place, changed(place, change))
    assert told in str(caught.value)
    assert files(place) == []


@pytest.mark.parametrize("content", [b"", b"<Questionnaire/>", b"\xff\xfe", b"[1]", b'"x"', b"{}"])
def test_a_file_that_is_no_questionnaire_is_refused(place, content):
    file = place / "given.json"
    file.write_bytes(content)
    with pytest.raises(DefinitionError, match=r"given\.json"):
        written(place, file)


@pytest.mark.parametrize(("registry", "form"), [("tea", "sleep"), ("../smertereg", "sleep"), ("smertereg", "../x")])
def test_names_of_nothing_and_names_that_leave_the_folder_are_refused(place, registry, form):
    with pytest.raises(UnknownForm):
        read_import(SLEEP, registry, form, Audience.PATIENT, root=place)
