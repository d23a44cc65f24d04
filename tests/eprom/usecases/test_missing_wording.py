"""A licensed form without its owner's wording is not sent by itself."""

from __future__ import annotations

import pytest

from services.eprom.usecases.schedules import schedule_of
from shared.forms.catalogue import FOLDER, load_registry

pytestmark = pytest.mark.req("EPR-12", "EPR-02")


def forms_sent(licensed_texts):
    known = load_registry(FOLDER / "smertereg", licensed_texts)
    return [rule.form for rule in schedule_of(known).rules]


def test_a_form_waits_for_the_wording_of_its_owner(tmp_path):
    assert forms_sent(tmp_path) == ["pasreg", "eval", "opioid"]


def test_sample_wording_is_sent_where_nobody_supplies_any():
    assert forms_sent(None) == ["pasreg", "hads", "eval", "opioid"]
