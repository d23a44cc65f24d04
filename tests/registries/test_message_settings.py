"""What a registry says of the days and the channels of its messages."""

from __future__ import annotations

import pytest
import yaml

from services.eprom.domain.holidays import WEEKDAYS, ClosedDays
from shared.forms.catalogue import load_registry
from shared.forms.errors import DefinitionError
from shared.forms.registry_rules import ClosedDay
from tests.shared.forms.copies import copied

pytestmark = pytest.mark.req("EPR-03", "EPR-04", "EPR-11")


def with_messages(folder, **settings):
    return with_registry(folder, **settings).messages


def with_registry(folder, **settings):
    home = copied(folder)
    file = home / "registry.yaml"
    body = yaml.safe_load(file.read_text(encoding="utf-8"))
    body["messages"] |= settings
    file.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    return load_registry(home).rules


def test_without_a_word_nothing_is_closed_and_nothing_is_said_of_protected_persons(tmp_path):
    messages = with_messages(tmp_path)

    assert (messages.not_on, messages.protected_channels) == ((), None)


def test_closed_days_and_channels_for_protected_persons_are_read(tmp_path):
    messages = with_messages(tmp_path, not_on=["saturday", "holidays"], protected_channels=["helsenorge"])

    assert ClosedDays.named(messages.not_on) == ClosedDays(frozenset({5}), holidays=True)
    assert messages.protected_channels == ("helsenorge",)


def test_paper_is_the_last_way_and_says_how_long_the_patient_has(tmp_path):
    home = with_registry(tmp_path, channels=["digipost", "paper"], paper_lock_after_days=30)

    assert (home.messages.channels, home.deadlines.paper_lock_after_days) == (("digipost", "paper"), 30)


@pytest.mark.req("EPR-15")
@pytest.mark.parametrize(("settings", "days"), [({}, 7), ({"try_for_days": 2}, 2)])
def test_how_long_sending_is_tried_is_the_registrys_word(tmp_path, settings, days):
    assert with_messages(tmp_path, **settings).try_for_days == days


def test_both_sides_know_the_same_names_of_days():
    assert set(ClosedDay) == {*WEEKDAYS, "holidays"}


@pytest.mark.parametrize(
    "settings",
    [
        {"not_on": ["lørdag"]},
        {"not_on": [6]},
        {"not_on": list(WEEKDAYS)},
        {"try_for_days": 0},
        {"try_for_days": 31},
        {"try_for_days": "a week"},
        {"protected_channels": ["letter"]},
        {"protected_channels": ["paper"], "channels": ["helsenorge", "paper"], "paper_lock_after_days": 30},
        {"channels": ["paper", "helsenorge"], "paper_lock_after_days": 30},
        {"paper_lock_after_days": 30},
        {"paper_lock_after_days": 0, "channels": ["helsenorge", "paper"]},
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(tmp_path, settings):
    with pytest.raises(DefinitionError, match=next(iter(settings))):
        with_messages(tmp_path, **settings)
