"""How examples are drawn for these tests: the same ones every time, with no clock; `--hypothesis-profile` draws anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from shared.forms.catalogue import load_registry
from shared.forms.definition import Audience
from shared.forms.import_form import read_import, write_import
from tests.shared.forms.copies import copied

QUESTIONNAIRES = Path(__file__).parent / "questionnaires"

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("same", deadline=None, derandomize=True, database=None, suppress_health_check=QUIET)
settings.register_profile("anew", deadline=None, max_examples=3000, database=None, suppress_health_check=QUIET)


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--hypothesis-profile", default=None):
        settings.load_profile("same")


@pytest.fixture
def taken_in(tmp_path):
    """Takes a Questionnaire of the folder into a copy of SmerteReg and gives the form."""

    def take(name):
        folder = copied(tmp_path)
        audience = Audience.CLINICIAN if name == "diary" else Audience.PATIENT
        found = read_import(QUESTIONNAIRES / f"{name}.json", "smertereg", name, audience, root=tmp_path)
        write_import(found, "smertereg", tmp_path)
        return load_registry(folder).form(name)

    return take
