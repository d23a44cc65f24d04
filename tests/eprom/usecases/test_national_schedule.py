"""A registry's data say whether, by which rule and with which forms the national ePROM is used."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.eprom.domain.national import NATIONAL, DistributionRule, NotificationChannel, Status, code_of
from services.eprom.domain.schedule import Schedule
from services.eprom.usecases import schedules as made
from services.eprom.worker import make_worker
from shared.environment import SettingsError
from shared.forms.catalogue import registry
from shared.forms.registry_rules import NationalEprom
from tests.eprom.national_site import NationalSite

pytestmark = pytest.mark.req("EPR-04", "EPR-15")


def schedule_of(**settings) -> Schedule:
    known = registry("smertereg")
    messages = replace(known.rules.messages, **settings)
    return made.schedule_of(replace(known, rules=replace(known.rules, messages=messages)))


def schedule_with(distribution):
    return schedule_of(national_eprom=NationalEprom(distribution, {"hads": "x"}))


def test_a_registry_says_how_long_sending_is_tried():
    assert schedule_of(try_for_days=2).tries_for == timedelta(days=2)


def test_smertereg_knows_its_forms_there_and_does_not_use_them_by_default():
    schedule = made.schedules()["smertereg"]

    assert NATIONAL not in schedule.channels
    assert schedule.national.rule is DistributionRule.BASIC
    assert set(schedule.national.forms) == set(registry("smertereg").rules.forms["patient"])


@pytest.mark.parametrize("rule", ["helsenorgeonly", "AllowUnsecure"])
def test_the_rule_is_known_in_any_case(rule):
    assert schedule_with(rule).national.rule.lower() == rule.lower()


@pytest.mark.parametrize("rule", ["NoDistribution", "Everything", ""])
def test_a_rule_that_reaches_nobody_is_refused(rule):
    with pytest.raises(TypeError, match="smertereg"):
        schedule_with(rule)


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        (2, Status, Status.ORDERED),
        ("ORDERED", Status, Status.ORDERED),
        ("physicalmailbox", NotificationChannel, NotificationChannel.PHYSICAL_MAILBOX),
        (0, NotificationChannel, NotificationChannel.NONE),
        (6, Status, None),
        (-1, Status, None),
        (True, Status, None),
        (None, Status, None),
        ("2", Status, None),
    ],
)
def test_a_code_is_a_name_or_a_number(value, kind, code):
    assert code_of(value, kind) is code


def test_a_channel_nobody_has_set_up_keeps_the_worker_from_starting(tmp_path):
    site = NationalSite(tmp_path, f"sqlite:///{tmp_path}/eprom.sqlite")
    settings = replace(site.settings, outside=replace(site.settings.outside, national_url=""))

    with pytest.raises(SettingsError, match="national"):
        make_worker(settings, site.parts)
    site.close()
