"""Registration fetches answers, and nobody else does."""

from __future__ import annotations

import pytest

from services.eprom.usecases.answer_form import forget_answers, save_answers, submit_answers
from tests.eprom.site import KARI

DOCUMENT = {"form": "pasreg", "version": 1, "answers": {"sleep_before_admission": 3}, "confirmed": [], "context": {}}


@pytest.fixture
def submitted(both):
    order_id = both.sent()
    save_answers(order_id, lambda _: DOCUMENT, definition_version=1, uow=both.uow)
    submit_answers(order_id, uow=both.uow)
    return order_id


def fetch(site, order_id, headers=None):
    headers = site.bearer("registration") if headers is None else headers
    return site.visitor().get(f"/api/answers/{order_id}", headers=headers)


@pytest.mark.req("EPR-09")
def test_registration_gets_what_was_submitted(both, submitted):
    answer = fetch(both, submitted)

    assert answer.status_code == 200
    assert answer.json == {
        "order_id": submitted,
        "course_id": 1,
        "pid": KARI,
        "form": "pasreg",
        "definition_version": 1,
        "document": DOCUMENT,
        "answered_at": both.clock.now().isoformat(),
        "filled_out_by": "patient",
        "misfits": [],
    }


@pytest.mark.req("GEN-06", "EPR-09")
def test_the_reading_is_in_the_access_log(both, submitted):
    fetch(both, submitted)
    entry = both.log()[-1]

    assert (entry.actor, entry.pid, entry.organisation) == ("service:registration", KARI, 100082)
    assert (entry.action, entry.object, entry.reason) == ("read", "form:pasreg", "store_answers")


@pytest.mark.req("EPR-09")
def test_before_and_after_there_is_nothing(site):
    order_id = site.sent()
    save_answers(order_id, lambda _: DOCUMENT, definition_version=1, uow=site.uow)
    assert fetch(site, order_id).status_code == 404

    submit_answers(order_id, uow=site.uow)
    forget_answers(order_id, uow=site.uow)
    assert fetch(site, order_id).status_code == 404
    assert fetch(site, "0" * 32).status_code == 404


@pytest.mark.req("BUS-02", "EPR-09")
def test_nobody_else_gets_them(site):
    for service in ("identity", "release", "reservation", "eprom"):
        assert fetch(site, "0" * 32, site.bearer(service)).status_code == 403
    assert fetch(site, "0" * 32, site.bearer("registration", audience="release")).status_code == 401
    assert fetch(site, "0" * 32, {}).status_code == 401
