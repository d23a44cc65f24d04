"""A child's form at the national ePROM: ordered with the child's own number, answered by a parent there."""

from __future__ import annotations

import pytest

from tests.eprom.national_site import NationalSite

ELLA, CHILD, NORA = 9, "02921099811", "30908249638"


@pytest.mark.req("EPR-04", "EPR-09", "GEN-04")
def test_a_parent_answers_there_and_only_that_is_kept(tmp_path):
    site = NationalSite(tmp_path, f"sqlite:///{tmp_path}/eprom.sqlite")
    site.registration.numbers[ELLA], site.registration.parents[ELLA] = CHILD, [NORA]
    order_id = site.order(ELLA)
    site.dispatch()
    site.tell()
    assert (site.row(order_id).state, site.row(order_id).channel) == ("sent", "national")
    assert site.inbox()[0]["to"] == CHILD

    site.act("answer", {"contacts_last_year": 4})
    site.tell()
    assert (site.answers(order_id).filled_out_by, len(site.inbox())) == ("parent", 1)
    site.close()
    assert NORA.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("eprom.sqlite*"))
