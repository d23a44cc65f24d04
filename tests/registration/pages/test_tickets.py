"""A page whose log-in has ended may still store a draft of its writer, by its ticket, and do nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.auth.revocation import Revocation, revoke
from shared.testing.html import find, read_html, words
from shared.testing.web import a_user, sign_in
from shared.web.session_store import IDLE
from tests.registration.entry import Editor, address, draft_rows, row_of
from tests.registration.site import HUS

pytestmark = pytest.mark.req("REG-13", "OPS-06")
TYPED = {"referral_date": "12.1", "supervision": "1"}
TICKET = "_ticket"


@pytest.fixture
def writer(site):
    """Somebody whose session has ended while a form was open."""
    made = Editor(site, site.register())
    site.clock.move(IDLE)
    return made


def refused(site, answer):
    return answer.status_code in {400, 401} and draft_rows(site) == []


def test_an_autosave_says_that_log_in_is_needed_and_opens_it_in_a_new_tab(site, writer):
    answer = writer.autosave(**TYPED)
    link = next(find(read_html(answer.text), id="form-note").iter("a"))
    assert (answer.status_code, link.get("target")) == (200, "_blank")
    assert f"return_to={address(writer.course_id)}" in link.get("href").replace("%2F", "/")
    assert "Mangler" not in words(read_html(answer.text))
    assert [row.actor for row in draft_rows(site)] == ["user:1"]


def test_who_has_logged_in_again_goes_on_where_the_draft_was_left(site, writer):
    sign_in(writer.browser, a_user("LU", organisation=HUS))
    answer = writer.autosave(**TYPED)
    assert (answer.status_code, "<a " in answer.text) == (200, False)
    assert writer.send(**TYPED).location == address(writer.course_id)
    assert writer.open().fields["referral_date"] == ["12.1"]
    assert row_of(site, writer.course_id) is None


def test_another_user_at_the_same_machine_gets_nothing_of_it(site, writer):
    sign_in(writer.browser, a_user("LU", organisation=HUS, user_id=2))
    assert writer.autosave(**TYPED).status_code == 200
    assert [row.actor for row in draft_rows(site)] == ["user:1"]
    assert "Ulagret kladd" not in writer.open().says


@pytest.mark.parametrize("spoil", ["", "x", "{ticket}x", "{other}"])
def test_a_ticket_that_is_spoilt_or_of_another_form_stores_nothing(site, spoil):
    writer = Editor(site, site.register())
    other = Editor(site, writer.course_id, "b11").fields[TICKET][0]
    given = {**TYPED, TICKET: spoil.format(ticket=writer.fields[TICKET][0], other=other)}
    site.clock.move(IDLE)
    assert refused(site, writer.autosave(**given))
    assert refused(site, writer.send(**given))


def test_a_ticket_lasts_twelve_hours(site):
    writer = Editor(site, site.register())
    site.clock.move(timedelta(hours=12))
    assert refused(site, writer.send(**TYPED))


def test_a_user_who_was_shut_out_has_no_tickets(site, writer):
    with site.database.transaction() as session:
        revoke(session, Revocation(1, site.clock.now()))
    assert refused(site, writer.send(**TYPED))


def test_a_ticket_opens_nothing_else(site, writer):
    for more in ("", "/draw", "/draft/discard", "/reopen"):
        answer = writer.browser.post(address(writer.course_id, more=more), data={**writer.fields, "act": "finalise"})
        assert answer.status_code in {303, 401}, more
    assert row_of(site, writer.course_id) is None
    assert writer.browser.get(address(writer.course_id)).status_code == 302


def test_a_ticket_of_a_course_that_is_gone_stores_nothing(site, writer):
    with site.uow() as store:
        store.remove_course(writer.course_id)
    assert refused(site, writer.send(**TYPED))
