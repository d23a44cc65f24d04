"""What registry.yaml says of patients: how they log in, their own copy, and what they are told at the end."""

from __future__ import annotations

import pytest

from shared.forms.patient_rules import LogIn, PatientRules, read_patients
from shared.forms.reading import Flaws, read_yaml

pytestmark = [pytest.mark.req("GEN-01", "EPR-08")]


@pytest.fixture
def read(tmp_path):
    """Reads the text of a registry.yaml; gives the rules and the flaws."""

    def read(text):
        file, flaws = tmp_path / "registry.yaml", Flaws(tmp_path)
        file.write_text(text, encoding="utf-8")
        return read_patients(read_yaml(file, flaws)), [flaw.path for flaw in flaws.found]

    return read


def test_without_a_word_the_rules_are_strict(read):
    assert read("key: some\n") == (PatientRules((LogIn.IDPORTEN,), own_copy=False), [])


def test_everything_can_be_told(read):
    told = "log_in: [idporten, sms_code], own_copy: true, thanks: {nb: Takk, nn: Takk, en: Thanks}"
    rules = PatientRules(
        (LogIn.IDPORTEN, LogIn.SMS_CODE), own_copy=True, thanks={"nb": "Takk", "nn": "Takk", "en": "Thanks"}
    )

    assert read(f"patients: {{{told}}}\n") == (rules, [])


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("log_in: [letter]", "log_in"),
        ("log_in: [sms_code]", "log_in"),
        ("thanks: 4", "thanks"),
        ("pincode: 4", "pincode"),
    ],
)
def test_what_makes_no_sense_is_a_flaw(read, told, place):
    assert any(place in flaw for flaw in read(f"patients: {{{told}}}\n")[1])
