"""The letter: by mailbox, else on paper; the number is gone when it is out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.reservation.domain.errors import NotFound, RuleBroken
from services.reservation.usecases.post_letter import note_posted, print_letter, read_recipient, send_again
from services.reservation.worker import CRONS, jobs, make_worker
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.reservation.site import OLA, SIGRID
from tests.ui.pdf_text import pdf_text

CLERK = a_user(Role.SECRETARIAT, organisation=None)
ELSEWHERE = a_user(Role.SECRETARIAT, organisation=None, registry="norpain")


def work(site):
    """Let the worker run its jobs."""
    make_worker(site.settings, site.parts).jobs.run_due()


def letter_of(site):
    (row,) = site.cases()
    return row.letter, row.sealed_number is not None


@pytest.mark.req("RES-03", "RES-05")
def test_the_letter_comes_by_digipost_and_the_number_is_gone(both):
    both.closed_case(OLA, language="nn")
    assert letter_of(both) == ("due", True)

    work(both)
    (found,) = both.inbox()
    assert (found["to"], found["title"]) == (OLA, "Du er reservert mot SmerteReg")
    assert letter_of(both) == ("sent", False)
    assert both.log()[-1][2].endswith("/letter_sent")


@pytest.mark.req("RES-03")
def test_without_a_mailbox_the_letter_waits_for_the_printer(both):
    case_id = both.closed_case(SIGRID, projects=("p-17",))
    work(both)
    assert letter_of(both) == ("to_print", True)

    letter = print_letter(case_id, by=CLERK, registries=both.means.registries, uow=both.uow)
    assert {"p-17", case_id} <= set(pdf_text(letter.content).split())
    assert SIGRID not in pdf_text(letter.content)
    assert read_recipient(case_id, by=CLERK, numbers=both.means.numbers, uow=both.uow) == SIGRID

    note_posted(case_id, by=CLERK, uow=both.uow)
    assert letter_of(both) == ("posted", False)
    steps = [what.split("/")[1] for _, _, what in both.log()[-3:]]
    assert steps == ["print_letter", "read_recipient", "letter_posted"]


@pytest.mark.req("RES-05")
@pytest.mark.parametrize("kind", ["503", "lost_reply"])
def test_a_letter_that_could_not_be_sent_is_tried_again_and_lies_there_once(site, kind):
    case_id = site.closed_case(OLA)
    site.fail("digipost", kind)
    work(site)
    assert letter_of(site) == ("due", True)

    jobs(site.parts)["make_letter"]({"case_id": case_id})
    jobs(site.parts)["make_letter"]({"case_id": case_id})
    assert letter_of(site) == ("sent", False)
    assert len(site.inbox()) == 1


@pytest.mark.req("RES-03", "RES-05")
def test_a_refused_letter_is_not_tried_again_by_itself(both):
    both.refused_letter(OLA)
    assert letter_of(both) == ("refused", True)

    both.clock.move(timedelta(days=2))
    jobs(both.parts)["order_letters"]({})
    work(both)
    assert letter_of(both) == ("refused", True)
    assert both.inbox() == []


@pytest.mark.req("RES-03")
def test_a_refused_letter_goes_out_when_somebody_sends_it_again(both):
    case_id = both.refused_letter(OLA)
    send_again(case_id, by=CLERK, uow=both.uow)
    work(both)

    assert [found["to"] for found in both.inbox()] == [OLA]
    assert letter_of(both) == ("sent", False)
    with pytest.raises(RuleBroken, match="no_letter_to_print"):
        send_again(case_id, by=CLERK, uow=both.uow)


@pytest.mark.req("RES-03")
def test_a_letter_to_print_is_not_sent_to_a_mailbox_that_is_not_there(site):
    case_id = site.closed_case(SIGRID)
    work(site)

    with pytest.raises(RuleBroken, match="no_letter_refused"):
        send_again(case_id, by=CLERK, uow=site.uow)


@pytest.mark.req("GEN-04")
def test_another_registry_does_not_see_the_letter(site):
    case_id = site.closed_case(SIGRID)
    work(site)

    with pytest.raises(NotFound):
        print_letter(case_id, by=ELSEWHERE, registries=site.means.registries, uow=site.uow)
    with pytest.raises(NotFound):
        read_recipient(case_id, by=ELSEWHERE, numbers=site.means.numbers, uow=site.uow)
    with pytest.raises(NotFound):
        note_posted(case_id, by=ELSEWHERE, uow=site.uow)


def test_a_letter_that_is_out_is_not_printed(site):
    case_id = site.closed_case(OLA)
    work(site)

    with pytest.raises(RuleBroken, match="no_letter_to_print"):
        print_letter(case_id, by=CLERK, registries=site.means.registries, uow=site.uow)


def test_every_job_has_its_function(site):
    assert {"make_letter", *(cron.name for cron in CRONS)} <= set(jobs(site.parts))


@pytest.mark.req("RES-03", "RES-05")
def test_a_letter_given_up_on_is_ordered_anew_the_next_day(site):
    site.closed_case(OLA)
    site.fail("digipost", times=100)
    for _ in range(12):
        work(site)
        site.clock.move(timedelta(hours=1, minutes=20))
    assert letter_of(site) == ("due", True)

    site.standins.test_client().delete("/faults")
    work(site)
    assert site.inbox() == []
    jobs(site.parts)["order_letters"]({})
    work(site)
    assert letter_of(site) == ("sent", False)
