"""An operator takes in a form that its owner has made as a FHIR Questionnaire."""

from __future__ import annotations

import pytest

from deploy.registryctl import __main__ as registryctl
from shared.forms.catalogue import load_registry
from tests.shared.forms.conftest import QUESTIONNAIRES
from tests.shared.forms.copies import copied

pytestmark = pytest.mark.req("EPR-01")


@pytest.fixture
def place(registration_machine):
    """A machine on which registration has been prepared, with a registry's folder of its own."""
    (registration_machine / "registries").mkdir()
    copied(registration_machine / "registries")
    return registration_machine


def asked(place, *more, name="sleep", registry="smertereg"):
    file, root = str(QUESTIONNAIRES / f"{name}.json"), str(place / "registries")
    return registryctl.main(["registration", "forms", "import-fhir", registry, name, file, "--folder", root, *more])


def forms(place):
    return sorted(
        path.name for path in (place / "registries/smertereg/forms").glob("*/v*.yaml") if "sleep" in str(path)
    )


def test_a_form_is_told_tried_and_taken_in(place, capsys):
    assert asked(place, "--dry-run") == 0
    told = capsys.readouterr().out
    assert "sleep version 1: 6 questions\nleft out: sleep.json: sidebar-1: " in told
    assert "linkId 1.1 is q_1_1" in told
    assert forms(place) == []
    assert asked(place, "--why", "the sleep form of 2026") == 0
    assert "Publish it, then restart the services" in capsys.readouterr().out
    assert load_registry(place / "registries/smertereg").form("sleep").version == 1


def test_what_is_wrong_is_told_in_full_and_nothing_is_written(place, capsys):
    assert asked(place, "--why", "try", name="diary") == 1
    told = capsys.readouterr().err
    assert "Nothing was taken in:\nforms/diary/v1.yaml: receiver: lacks a language: nb" in told
    assert "forms/diary/v1.yaml: days: is a table, and patients are asked one question at a time" in told
    assert not (place / "registries/smertereg/forms/diary").exists()


@pytest.mark.parametrize(
    ("given", "more", "told"),
    [
        ({"registry": "tea"}, ["--why", "x"], "There is no registry"),
        ({}, [], "Say why: --why TEXT."),
    ],
)
def test_what_cannot_be_done_is_said(place, capsys, given, more, told):
    assert asked(place, *more, **given) == 1
    assert told in capsys.readouterr().err
    assert forms(place) == []
