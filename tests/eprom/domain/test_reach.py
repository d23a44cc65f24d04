"""Why a message reached nobody, in one code."""

from __future__ import annotations

import pytest

from services.eprom.domain.reach import Reachability, ReachCode, summed_up, why_not

pytestmark = pytest.mark.req("EPR-04", "EPR-15")


@pytest.mark.parametrize(
    ("channel", "is_reserved", "is_old", "expected"),
    [
        ("helsenorge", False, False, "not_active_on_helsenorge"),
        ("helsenorge", True, True, "not_active_on_helsenorge"),  # Helsenorge does not mind the reservation
        ("digipost", False, True, "no_mailbox"),
        ("digipost", True, False, "reserved_in_krr"),
        ("email_sms", True, False, "reserved_in_krr"),
        ("email_sms", False, True, "contact_too_old"),
        ("email_sms", False, False, "no_contact"),
        ("national", True, True, "not_reached"),
    ],
)
def test_each_channel_has_its_own_reasons(channel, is_reserved, is_old, expected):
    assert why_not(channel, Reachability(is_reserved=is_reserved, is_old=is_old)) == expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["not_active_on_helsenorge"], "not_active_on_helsenorge"),
        (["not_active_on_helsenorge", "no_mailbox", "no_contact"], "no_digital_channel"),
        (["not_active_on_helsenorge", "no_mailbox", "contact_too_old"], "contact_too_old"),
        (["not_active_on_helsenorge", "reserved_in_krr", "reserved_in_krr"], "reserved_in_krr"),
        (["reserved_in_krr", "protected_address"], "protected_address"),
        ([], "no_digital_channel"),
    ],
)
def test_the_code_that_a_person_can_do_something_about_is_told(codes, expected):
    assert summed_up([ReachCode(code) for code in codes]) == expected
