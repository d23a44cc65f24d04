"""What is typed and not saved is kept for its writer, and is never part of the form."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.registration.worker import jobs
from shared.testing.html import find, read_html, words
from shared.web.session_store import IDLE
from tests.registration.entry import Editor, address, draft_log, draft_rows, row_of
from tests.registration.site import FONNA

pytestmark = pytest.mark.req("REG-13")
HALF = "12.1"


def test_a_draft_is_kept_as_typed_and_changes_nothing_else(both):
    writer = Editor(both, both.register())
    before = [(entry.action, entry.object) for entry in both.log()], both.events()
    answer = writer.autosave(referral_date=HALF, supervision="1")
    assert words(find(read_html(answer.text), id="form-note")) == "Kladd lagret kl. 13.00"
    assert row_of(both, writer.course_id) is None
    assert ([(e.action, e.object) for e in both.log()][:-1], both.events()) == before
    writer.open()
    assert "Ulagret kladd fra 21.11.2026 kl. 13.00 er hentet frem." in writer.says
    assert (writer.fields["referral_date"], writer.fields["supervision"]) == ([HALF], ["1"])


def test_a_draft_is_its_writers_alone(both):
    writer = Editor(both, both.register())
    writer.autosave(referral_date=HALF)
    colleague = Editor(both, writer.course_id, user_id=2)
    assert "Ulagret kladd" not in colleague.says
    assert colleague.fields["referral_date"] == [""]
    elsewhere = both.browser(organisation=FONNA)
    assert elsewhere.send_form(address(writer.course_id, more="/draft")).status_code == 404
    assert [row.actor for row in draft_rows(both)] == ["user:1"]


def test_saving_forgets_the_draft_and_throwing_it_away_shows_what_is_stored(both):
    writer = Editor(both, both.register())
    writer.autosave(supervision="2")
    assert writer.open().send(supervision="1").status_code == 303
    assert draft_rows(both) == []
    writer.open().autosave(supervision="2")
    writer.discard()
    writer.open()
    assert (writer.fields["supervision"], "Ulagret kladd" in writer.says) == (["1"], False)


def test_a_draft_that_says_what_the_form_says_is_not_shown(site):
    writer = Editor(site, site.register())
    writer.autosave()
    assert "Ulagret kladd" not in writer.open().says


@pytest.mark.req("REG-12")
def test_what_could_not_be_stored_is_a_draft(site):
    writer = Editor(site, site.register())
    assert writer.send(referral_date=HALF, supervision="1").status_code == 422
    assert row_of(site, writer.course_id) is None
    assert writer.open().fields["referral_date"] == [HALF]


@pytest.mark.req("GEN-06")
def test_an_open_page_is_one_access_however_often_it_saves(site):
    writer = Editor(site, site.register())
    for day in ("1", "12", HALF):
        writer.autosave(referral_date=day)
    assert draft_log(site) == [("user:1", "write")]
    writer.open()
    assert draft_log(site) == [("user:1", "write"), ("user:1", "read")]
    writer.autosave(supervision="1")
    writer.discard()
    assert draft_log(site)[2:] == [("user:1", "write"), ("user:1", "delete")]


@pytest.mark.req("GEN-04")
def test_nothing_that_tells_who_somebody_is_can_be_read_in_a_draft(both):
    writer = Editor(both, both.register(), "po")
    writer.autosave(phone="+4799000001", _comment="Hemmelig")
    content = draft_rows(both)[0].content
    assert b"99000001" not in content
    assert b"Hemmelig" not in content
    assert writer.open().fields["phone"] == ["+4799000001"]


def test_drafts_are_forgotten_after_two_weeks(both):
    writer = Editor(both, both.register())
    writer.autosave(supervision="1")
    drop = jobs(both.parts)["drop_old_drafts"]
    both.clock.move(timedelta(days=14))
    drop({})
    assert len(draft_rows(both)) == 1
    both.clock.move(timedelta(seconds=1))
    drop({})
    assert draft_rows(both) == []


def test_drafts_go_with_their_course(both):
    writer = Editor(both, both.register())
    writer.autosave(supervision="1")
    with both.uow() as store:
        store.remove_course(writer.course_id)
    assert draft_rows(both) == []


@pytest.mark.req("REG-12")
def test_a_locked_form_keeps_the_draft_waiting(site):
    writer = Editor(site, site.register())
    other = Editor(site, writer.course_id, user_id=2)
    answers = {"referral_date": "19.11.2026", "start_date": "20.11.2026", "supervision": "3"}
    other.send(**answers)
    assert other.open().send("finalise").status_code == 303
    assert writer.send(supervision="1").status_code == 409
    assert "Skjemaet er låst; kladden vises" in writer.open().says
    assert writer.browser.get(address(writer.course_id)).status_code == 200
    assert len(draft_rows(site)) == 1


def test_a_log_in_that_ended_loses_nothing(both):
    writer = Editor(both, both.register())
    both.clock.move(IDLE)
    answer = writer.send(referral_date=HALF, supervision="1")
    assert answer.status_code == 303
    assert answer.location.startswith(f"/login?door=user&return_to=/courses/{writer.course_id}/forms/to")
    assert [row.actor for row in draft_rows(both)] == ["user:1"]
    assert Editor(both, writer.course_id).fields["referral_date"] == [HALF]


@pytest.mark.req("REG-14")
def test_a_row_under_way_is_part_of_the_draft(site):
    writer = Editor(site, site.register(), "b11")
    writer.draw(_add_row="pain_diagnoses")
    row = writer.fields["_open"][0]
    writer.autosave(**{f"{row}.pain_category": "3"})
    writer.open()
    assert (writer.fields["_open"], writer.fields[f"{row}.pain_category"]) == ([row], ["3"])
