"""Registration reads the ledger of attempts, and nobody else does."""

from __future__ import annotations

import pytest

from services.eprom.usecases.note_sending import message_id_of
from tests.eprom.site import INGER, NUMBERS, OLA
from tests.eprom.usecases.world import DISPATCH

pytestmark = pytest.mark.req("EPR-04", "EPR-15")


def ask(site, course_id, service="registration"):
    return site.visitor().get(f"/api/courses/{course_id}/attempts", headers=site.bearer(service))


def test_registration_gets_each_attempt_with_its_code(both):
    order_id = both.sent(OLA)
    found = ask(both, 1).json

    first = {"order_id": order_id, "form": "pasreg", "message_id": message_id_of(order_id, "first"), "kind": "first"}
    assert found == [
        {**first, "channel": channel, "tried_at": DISPATCH.isoformat(), "outcome": outcome, "code": code}
        for channel, outcome, code in (
            ("helsenorge", "not_reached", "not_active_on_helsenorge"),
            ("digipost", "taken", None),
        )
    ]


def test_who_cannot_be_reached_is_told_without_contact_data(site):
    site.sent(INGER)
    answer = ask(site, 1)

    assert [line["code"] for line in answer.json] == ["not_active_on_helsenorge", "no_mailbox", "no_contact"]
    assert NUMBERS[INGER] not in answer.text


@pytest.mark.req("GEN-06")
def test_the_reading_is_in_the_access_log_and_a_stranger_gets_nothing(site):
    site.sent(OLA)
    assert ask(site, 1, "release").status_code == 403
    assert ask(site, 2).status_code == 404

    ask(site, 1)
    assert (site.log()[-1].actor, site.log()[-1].pid, site.log()[-1].reason) == ("service:registration", OLA, "reach")
