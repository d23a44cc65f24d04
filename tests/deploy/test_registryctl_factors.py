"""The operator asks what a list of factors would change."""

from __future__ import annotations

import shutil

import pytest

from deploy.registryctl import __main__ as registryctl
from shared.forms.catalogue import FOLDER

pytestmark = pytest.mark.req("REG-15")


@pytest.fixture
def place(registration_machine):
    """A machine on which registration has been prepared, and a new list of factors."""
    shutil.copy(FOLDER / "smertereg/opioids/v1.csv", registration_machine / "v2.csv")
    return registration_machine


def asked(file, registry="smertereg"):
    return registryctl.main(["registration", "factors", "compare", registry, str(file)])


def test_a_list_is_compared_with_what_is_stored(place, capsys):
    assert asked(place / "v2.csv") == 0
    assert capsys.readouterr().out == "Version 2 against what is stored: nothing is changed.\n"


@pytest.mark.parametrize(
    ("name", "registry", "told"),
    [
        ("v2.csv", "unknown", "There is no registry unknown."),
        ("factors.csv", "smertereg", "is not named v<N>.csv"),
        ("v3.csv", "smertereg", "v3.csv"),
    ],
)
def test_what_cannot_be_compared_is_said(place, capsys, name, registry, told):
    (place / "v3.csv").write_text("key;nb\nmorphine;Morfin\n", encoding="utf-8")
    shutil.copy(place / "v2.csv", place / "factors.csv")

    assert asked(place / name, registry) == 1
    assert told in capsys.readouterr().err
