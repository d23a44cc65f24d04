"""Mobile numbers as they are shown."""

from __future__ import annotations

import pytest

from services.identity.domain.contact import grouped_mobile, shortened_mobile


@pytest.mark.req("IDN-15", "IDN-16")
@pytest.mark.parametrize(("number", "shown"), [("+4740000003", "+47 400 00 003"), ("+46701234567", "+46 70 123 45 67")])
def test_a_number_is_shown_in_groups_that_stay_on_one_line(number, shown):
    assert grouped_mobile(number).split("\N{NO-BREAK SPACE}") == shown.split()


@pytest.mark.req("IDN-04")
def test_of_a_masked_number_two_digits_are_left_on_one_line():
    shown = shortened_mobile("+4740000123")

    assert shown.split("\N{NO-BREAK SPACE}") == ["•••", "••", "•23"]


@pytest.mark.req("IDN-15")
def test_what_is_no_number_is_shown_as_it_is():
    assert grouped_mobile("ukjent") == "ukjent"
