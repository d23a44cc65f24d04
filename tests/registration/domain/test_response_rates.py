"""Counts of patient forms: the share, and what is not shown so that nobody is recognised."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.response_rates import HIDDEN, Counts, disclosed

pytestmark = pytest.mark.req("EPR-13")
H = HIDDEN


def counts(answered=0, still_open=0, undelivered=0, *, ordered=None, sent=None, **reasons):
    ended = {int(code[1:]): count for code, count in reasons.items()}
    every = answered + still_open + undelivered + sum(ended.values())
    return Counts(
        organisation=100082,
        form="pasreg",
        month=date(2026, 11, 1),
        ordered=every if ordered is None else ordered,
        sent=every - undelivered if sent is None else sent,
        answered=answered,
        still_open=still_open,
        undelivered=undelivered,
        reasons=ended,
    )


def parts(one):
    return [one.answered, one.still_open, one.undelivered, *one.reasons.values()]


def test_the_share_is_of_what_was_sent():
    assert counts(answered=30, undelivered=10, r7=10).share == 0.75
    assert counts(undelivered=10).share is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (counts(50, 20, r7=30), [50, 20, 0, 30]),
        (counts(50, 3, 2, r7=30), [50, H, H, 30]),
        (counts(50, 20, r7=4), [50, H, 0, H]),
        (counts(50, 1, 2, r7=30), [50, H, H, H]),
        (counts(3), [H, 0, 0]),
        (counts(5), [5, 0, 0]),
    ],
)
def test_small_numbers_are_hidden_with_what_would_give_them_away(given, expected):
    assert parts(disclosed(given, 5)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (counts(50, r7=30), (80, 80)),
        (counts(3), (H, H)),
        (counts(50, r7=30, sent=77), (80, H)),
        (counts(50, r7=30, sent=54), (80, H)),
        (counts(50, r7=30, ordered=76, sent=70), (H, 70)),
    ],
)
def test_no_difference_of_sums_is_a_small_number(given, expected):
    shown = disclosed(given, 5)
    assert (shown.ordered, shown.sent) == expected


@pytest.mark.parametrize("answered", range(8))
@pytest.mark.parametrize("still_open", range(8))
@pytest.mark.parametrize("ended", range(8))
def test_what_is_hidden_is_never_a_small_number_in_sum_beside_a_known_whole(answered, still_open, ended):
    given = counts(answered, still_open, r7=ended)
    shown = disclosed(given, 5)
    hidden = sum(part for part, one in zip(parts(given), parts(shown), strict=True) if one == HIDDEN)

    assert shown.ordered == HIDDEN or not 0 < hidden < 5
    assert not any(0 < one < 5 for one in (*parts(shown), shown.ordered, shown.sent))


def test_a_share_made_of_hidden_numbers_is_hidden():
    assert disclosed(counts(3, 40), 5).share is None
    assert disclosed(counts(40, 1, r7=30), 5).ended == HIDDEN
