"""Events of the other services close a case, in any order and told twice."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from services.reservation.handlers import HANDLERS
from services.reservation.store.tables import KIT, ReceiptRow
from shared.contracts import eprom, identity, registration, release


def events_of(case_id):
    return [
        registration.PersonErased(case_id=case_id, registry="smertereg", pid=5, extracts=()),
        eprom.PersonErased(case_id=case_id),
        release.PersonErased(case_id=case_id, projects=("p1",)),
        identity.PersonErased(case_id=case_id),
    ]


@pytest.mark.req("RES-05")
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_last_receipt_closes_the_case_whoever_it_is(both, order):
    both.reserve(both.citizen())
    (case,) = both.cases()
    events = [events_of(case.case_id)[place] for place in order]
    for event in itertools.chain(*itertools.repeat(events[:3], 2)):
        HANDLERS[type(event)](event, both.uow)
    assert both.cases()[0].state == "waiting"
    HANDLERS[type(events[3])](events[3], both.uow)

    assert both.cases()[0].state == "closed"
    assert set(both.rows(select(ReceiptRow.projects))) == {"", "p1"}
    assert both.rows(select(KIT.scheduling.job.c.key)) == [f"letter:{case.case_id}"]
