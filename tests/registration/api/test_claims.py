"""Eprom lays a number down here while another registry's order lasts, and keeps none itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services.registration.store.person_tables import ClaimRow, PersonRow
from tests.registration.site import GUNNAR, KARI, NOW

pytestmark = pytest.mark.req("GEN-04", "BUS-02")


def ask(site, act="", headers=None, **body):
    headers = site.bearer("eprom") if headers is None else headers
    return site.visitor().post(f"/api/claims{act}", json=body, headers=headers)


def claimed(site, number=KARI, days=30):
    answer = ask(site, number=number, until=(NOW + timedelta(days=days)).isoformat())
    assert answer.status_code == 201, answer.text
    return answer.json["claim"]


def rows(site, kind):
    with site.persons.database.reading() as session:
        return session.scalars(select(kind)).all()


def test_a_number_is_kept_sealed_and_the_person_is_in_no_register(both):
    claim = claimed(both)

    assert ask(both, "/redeem", claim=claim).json == {"number": KARI, "is_protected": False}
    (row,) = rows(both, ClaimRow)
    assert KARI.encode() not in bytes(row.number) + bytes(row.data_key)
    assert not rows(both, PersonRow)


def test_a_protected_address_is_told_of(site):
    assert ask(site, "/redeem", claim=claimed(site, site.person("Nordskog").number)).json["is_protected"] is True


def test_a_released_claim_is_gone(both):
    claim, other = claimed(both), claimed(both)
    for _ in range(2):
        assert ask(both, "/release", claim=claim).status_code == 204

    assert ask(both, "/redeem", claim=claim).status_code == 404
    assert [row.claim for row in rows(both, ClaimRow)] == [other]


def test_a_claim_whose_time_is_out_is_not_told_and_goes_with_the_next(site):
    claim = claimed(site, days=1)
    site.clock.move(timedelta(days=1))
    assert ask(site, "/redeem", claim=claim).status_code == 404

    other = claimed(site)
    assert [row.claim for row in rows(site, ClaimRow)] == [other]
    assert other != claim


@pytest.mark.parametrize("number", [GUNNAR, "17855749816", "01810000000", "87855749815"])
def test_nobody_dead_or_unknown_is_claimed(site, number):
    answer = ask(site, number=number, until=(NOW + timedelta(days=1)).isoformat())

    assert answer.status_code == 404
    assert number not in answer.text
    assert not rows(site, ClaimRow)


def test_who_dies_meanwhile_is_not_written_to(site):
    claim = claimed(site)
    people = site.standins.extensions["standins"].people
    people.die(people.by_number(KARI), date(2026, 11, 20).isoformat())

    assert ask(site, "/redeem", claim=claim).status_code == 404


@pytest.mark.req("GEN-06")
def test_each_look_up_is_in_the_access_log(site):
    claim = claimed(site)
    ask(site, "/redeem", claim=claim)
    entry = site.log()[-1]

    assert (entry.actor, entry.action, entry.object) == ("service:eprom", "read", f"claim:{claim}")
    assert (entry.pid, entry.reason) == (None, "outside_order")


def test_nobody_else_may_ask(site):
    for act in ("", "/redeem", "/release"):
        assert ask(site, act, site.bearer("release"), claim=1).status_code == 403
        assert ask(site, act, {}, claim=1).status_code == 401


@pytest.mark.parametrize("claim", [0, -1, "1", 2**31, None])
def test_what_is_no_claim_is_refused(site, claim):
    assert ask(site, "/redeem", claim=claim).status_code == 422
