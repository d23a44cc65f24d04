"""A patient answers the version of the form that the course keeps."""

from __future__ import annotations

from datetime import date

import pytest

from services.eprom.handlers import HANDLERS
from services.eprom.queries.own_forms import own_form
from services.eprom.usecases.answer_form import save_answers
from shared.contracts.registration import CourseMoved, CourseOpened
from shared.testing.web import a_citizen
from tests.eprom.site import KARI

WHERE = {"course_id": 1, "pid": KARI, "registry": "smertereg", "organisation": 100082}
THEN, NOW = date(2018, 3, 1), date(2026, 11, 20)


def version(site, order_id):
    return own_form(order_id, KARI, by=a_citizen(), uow=site.uow).definition_version


@pytest.mark.req("REG-36")
def test_a_form_begins_in_the_version_of_its_course_and_keeps_it(site):
    order_id = site.sent(form="hads")
    assert version(site, order_id) is None

    for event, expected in (
        (CourseOpened(**WHERE, started_on=THEN, definitions_on=THEN), 1),
        (CourseMoved(**WHERE, definitions_on=NOW), 2),
    ):
        HANDLERS[type(event)](event, site.uow)
        assert version(site, order_id) == expected

    save_answers(order_id, lambda kept: kept or {"answers": {}}, definition_version=2, uow=site.uow)
    event = CourseMoved(**WHERE, definitions_on=THEN)
    HANDLERS[type(event)](event, site.uow)
    assert version(site, order_id) == 2
