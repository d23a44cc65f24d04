"""Which channels an order may take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.eprom.domain.national import DistributionRule, NationalForms
from tests.eprom.usecases.world import SCHEDULE

pytestmark = pytest.mark.req("EPR-07", "EPR-04")
ALL = ("email_sms", "helsenorge", "paper", "digipost", "national")


def channels(asked, rule=DistributionRule.BASIC):
    return replace(SCHEDULE, channels=ALL, national=NationalForms(rule, {})).channels_for(asked)


def test_what_nobody_has_asked_for_goes_as_the_registry_says():
    assert channels(None) == ALL


@pytest.mark.parametrize("asked", ["secure", "", "something else"])
def test_by_hand_nothing_unsecured_is_tried_unless_it_was_chosen(asked):
    assert channels(asked) == ("helsenorge", "paper", "digipost", "national")


@pytest.mark.parametrize("rule", ["AllowUnsecure", "AllowUnsecureOrPaper", "UnsecureOnly"])
def test_nor_is_it_left_to_others_who_might(rule):
    assert "national" not in channels("secure", DistributionRule(rule))


def test_email_and_sms_are_that_and_nothing_else():
    assert channels("email_sms") == ("email_sms",)


def test_a_registry_without_a_secure_channel_has_none_to_try():
    assert replace(SCHEDULE, channels=("email_sms",)).channels_for("secure") == ()
