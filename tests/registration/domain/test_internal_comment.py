"""Internal comments: short, and without anybody's number."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.errors import RuleBroken
from services.registration.domain.internal_comment import LONGEST, checked_comment

TODAY = date(2026, 11, 21)
pytestmark = pytest.mark.req("REG-18")


@pytest.mark.parametrize(
    "number", ["17855749815", "178557 49815", "17.85.57-49815", "17 85 57 498 15", "Se (17855749815)."]
)
def test_a_number_is_found_however_it_is_written(number):
    with pytest.raises(RuleBroken, match="comment_has_number"):
        checked_comment(f"Ring posten om {number} i morgen", today=TODAY)


@pytest.mark.parametrize("text", ["17855749816", "Ring 22 22 22 22", "178557498150", "FID 12, dose 10.20.30"])
def test_other_figures_may_stand(text):
    assert checked_comment(f" {text}\r\nI dag ", today=TODAY) == f"{text}\nI dag"


def test_the_longest_comment_and_one_sign_more():
    assert len(checked_comment("a" * LONGEST, today=TODAY)) == LONGEST
    with pytest.raises(RuleBroken, match="comment_too_long"):
        checked_comment("a" * (LONGEST + 1), today=TODAY)
