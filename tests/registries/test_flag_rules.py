"""Flags of a registry: what their rules say, and what of them is refused when the registry is read."""

from __future__ import annotations

import pytest
import yaml

from shared.forms.catalogue import load_registry, registry
from shared.forms.errors import DefinitionError
from shared.forms.flag_rules import Urgency, raised_by
from tests.shared.forms.copies import copied

pytestmark = pytest.mark.req("EPR-13")
RULE = {
    "key": "low",
    "form": "hads",
    "urgency": "today",
    "title": {"nb": "Lav"},
    "when": {"question": "anxiety_score", "op": "less", "value": 3},
}


def with_flags(folder, *flags):
    home = copied(folder)
    file = home / "registry.yaml"
    body = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump({**body, "flags": list(flags)}, allow_unicode=True), encoding="utf-8")
    return load_registry(home).rules.flags


def test_the_one_flag_that_comes_along_is_marked_as_a_sample():
    assert [(rule.key, rule.is_sample) for rule in registry("smertereg").rules.flags] == [("sample_depression", True)]
    assert registry("norpain").rules.flags == ()


def test_a_flag_is_read(tmp_path):
    (rule,) = with_flags(tmp_path, RULE)
    assert (rule.key, rule.form, rule.urgency, rule.is_sample) == ("low", "hads", Urgency.TODAY, False)


@pytest.mark.parametrize(
    ("values", "found"),
    [({"depression_score": 15}, 1), ({"depression_score": 14}, 0), ({"depression_score": None}, 0), ({}, 0)],
)
def test_a_flag_holds_for_answers_that_are_there(values, found):
    known = registry("smertereg")
    questions = dict(known.form("hads").questions)

    assert len(raised_by(known.rules.flags, "hads", values, questions)) == found
    assert raised_by(known.rules.flags, "pasreg", values, questions) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"form": "b22"}, "is not about a form of patients"),
        ({"when": {"question": "nothing", "op": "less", "value": 3}}, "nothing"),
        ({"when": {}}, "when"),
        ({"urgency": "yesterday"}, "urgency"),
    ],
)
def test_a_flag_that_leads_nowhere_is_refused(tmp_path, changed, told):
    with pytest.raises(DefinitionError, match=told):
        with_flags(tmp_path, {**RULE, **changed})


def test_two_flags_have_two_keys(tmp_path):
    with pytest.raises(DefinitionError, match="is the key of two flags"):
        with_flags(tmp_path, RULE, RULE)
