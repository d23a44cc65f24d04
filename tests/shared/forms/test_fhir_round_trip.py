"""A form that left as a Questionnaire comes back as the form that it was, as far as FHIR can carry it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given, settings

from shared.forms.catalogue import registry
from shared.forms.compiled import compile_form
from shared.forms.definition import Audience
from shared.forms.errors import DefinitionError
from shared.forms.fhir import questionnaire
from shared.forms.fhir.intake import Wanted, form_of
from shared.forms.names import with_canonical_names
from shared.forms.read_form import read_form
from shared.forms.read_question import Lists
from shared.forms.reading import Flaws
from tests.shared.forms.carried import carried
from tests.shared.forms.drawn_forms import forms
from tests.shared.forms.fhir_rules import flaws

pytestmark = pytest.mark.req("REG-35", "EPR-01")
SMERTEREG = registry("smertereg")
WHOLE = ["b12", "b21", "pasreg", "hads", "eval", "opioid"]
# What FHIR has no element for, and what it makes of it.
NOT_CARRIED = {
    "to": "age.readOnly: nothing says how it is worked out",
    "b11": "opioids.morphine_pills.omeq.readOnly: nothing says how it is worked out",
}


def defined(body, folder):
    """The definition that the file of a form makes."""
    file, found = Path(folder, body["form"], f"v{body['version']}.yaml"), Flaws(Path(folder))
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    form = read_form(file, "smertereg", Lists(SMERTEREG.codelists, {}), found)
    form = with_canonical_names(form, lambda place, message: found.add(file, place, message))
    found.stop()
    return form


def compiled(definition):
    return compile_form(definition, SMERTEREG.rules, {}, lambda place, message: pytest.fail(f"{place}: {message}"))


def taken_in(form, *, version=1):
    """What the Questionnaire of a form becomes, over JSON as it is sent."""
    sent = json.loads(json.dumps(questionnaire(form)))
    wanted = Wanted("smertereg", form.key, version, Audience.PATIENT, SMERTEREG.codelists)
    return form_of(sent, Path("form.json"), wanted).body


def same(one, other):
    assert carried(replace(one, short="")) == carried(replace(other, short=""))


@pytest.mark.parametrize("key", WHOLE)
def test_forms_of_the_register_come_back_as_they_were(key, tmp_path):
    form = SMERTEREG.form(key)
    same(defined(taken_in(form, version=form.version), tmp_path), form.definition)


@settings(max_examples=80)
@given(forms())
def test_any_form_of_what_fhir_carries_comes_back_as_it_was(body):
    with TemporaryDirectory() as folder:
        form = compiled(defined(body, folder))
        assert flaws(json.loads(json.dumps(questionnaire(form)))) == []
        back = defined(taken_in(form), folder)
    same(back, form.definition)
    again = compiled(back)
    assert questionnaire(again)["item"] == questionnaire(form)["item"]


@pytest.mark.parametrize(("key", "told"), NOT_CARRIED.items())
def test_what_fhir_cannot_carry_is_refused_and_never_left_out_unsaid(key, told):
    with pytest.raises(DefinitionError) as caught:
        taken_in(SMERTEREG.form(key))
    assert f"form.json: {told}" in str(caught.value)
