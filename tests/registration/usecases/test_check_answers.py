"""What eprom hands over is checked against the definition it was answered by."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.registration.domain.errors import RuleBroken
from services.registration.gateways.registry import load_registries
from services.registration.usecases.check_answers import check_answers
from services.registration.usecases.ports import Answers

REGISTRY = load_registries()["smertereg"]
GIVEN = {"complete": 1, "registered_date": "2026-11-21", "contacts_last_year": 4}


def answers(version=1, **changed):
    return Answers(
        order_id="0a" * 16,
        course_id=1,
        pid=1,
        form="pasreg",
        definition_version=version,
        document={"answers": {**GIVEN, **changed}},
        answered_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
    )


@pytest.mark.req("EPR-09")
def test_answers_are_kept_with_the_values_that_count():
    document = check_answers(REGISTRY, answers())
    assert document["values"] == GIVEN
    assert (document["form"], document["version"]) == ("pasreg", 1)


@pytest.mark.parametrize("wrong", [{"contacts_last_year": 900}, {"registered_date": "2027-01-01"}])
def test_answers_outside_their_bounds_are_refused(wrong):
    with pytest.raises(RuleBroken, match="answers_not_valid"):
        check_answers(REGISTRY, answers(**wrong))


def test_a_version_that_was_never_made_is_refused():
    with pytest.raises(RuleBroken, match="form_unknown"):
        check_answers(REGISTRY, answers(version=9))
