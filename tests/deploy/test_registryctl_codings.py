"""An operator takes in the official list of a code system."""

from __future__ import annotations

import pytest

from deploy.registryctl import __main__ as registryctl
from shared.forms.import_codings import list_in_force

pytestmark = pytest.mark.req("REG-14")
LINES = ("code;text;valid_from;valid_to", "NFB20;Ny tekst;;", "NFB99;Ny operasjon;2026-01-01;")


@pytest.fixture
def place(registration_machine):
    """A machine on which registration has been prepared, and a file from outside."""
    (registration_machine / "ncsp.csv").write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return registration_machine


def asked(place, *more, coding="ncsp", version="2026"):
    file = str(place / "ncsp.csv")
    return registryctl.main(
        ["registration", "codings", "import", "smertereg", coding, file, "--version", version, *more]
    )


def test_a_list_is_told_tried_and_taken_in(place, capsys):
    assert asked(place, "--dry-run") == 0
    assert "1 new: NFB99\n1 changed: NFB20\n78 out of use: " in capsys.readouterr().out
    assert list_in_force("smertereg", "ncsp", place / "files/codings").version == 2025
    assert asked(place, "--why", "the list for 2026") == 0
    assert "Restart the services" in capsys.readouterr().out
    now = list_in_force("smertereg", "ncsp", place / "files/codings")
    assert (now.version, len(now), now.options["NFB99"].label) == (2026, 80, {"nb": "Ny operasjon"})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"version": "2024"}, "Version 2025 is in force, which is newer."),
        ({"coding": "icd11"}, "smertereg uses no code system icd11."),
        ({}, "Say why: --why TEXT."),
    ],
)
def test_what_cannot_be_taken_in_is_said(place, capsys, given, told):
    assert asked(place, **given) == 1
    assert told in capsys.readouterr().err
    assert not (place / "files/codings").exists()


def test_the_lists_in_force_are_told(place, capsys):
    assert registryctl.main(["registration", "codings", "list"]) == 0
    assert "smertereg  ncsp  version 2025  79 codes" in capsys.readouterr().out
