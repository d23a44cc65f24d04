"""The main journey by plain HTTP: the pages' own forms and links, without a browser and without scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pyrage
import pytest

from deploy.demo.users import DemoUser
from deploy.standins.persons import Profile
from services.release.gateways.registry_folders import load_catalog
from services.reservation.domain.case import RECEIPTS_OF_ERASURE
from shared.auth.policy import FRESH_LOG_IN
from shared.testing.html import words
from tests.journeys import answers as given
from tests.journeys import kept
from tests.journeys.caller import FINALISE, SOME_NUMBER
from tests.journeys.research import HANNE, REFUSED, TOO_OLD, apply_for_data, approve, approve_second, extracted
from tests.journeys.strangers import strangers
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.journey]
NEW_USER = DemoUser("turid.vik", "Turid Vik", "LU", None, "nurse", "+4740000202")
MISSING = 404
# HADS leaves two minutes after Pasreg, a reminder in the morning after the last day; the lock is set within the hour.
APART, MORNING, HOUR = timedelta(minutes=2), timedelta(hours=9), timedelta(hours=1)
FIRST, REMINDED = ["first"] * 2, ["first"] * 2 + ["reminder"] * 2


@pytest.fixture(scope="module")
def walker(suite):
    return Walker(suite)


@pytest.fixture(scope="module")
def people(walker):
    """One person for each test, none of whom the registry knows."""
    found = strangers(walker)
    by_helsenorge = [person for person in found if person.profile is Profile.HELSENORGE]
    by_mailbox, by_email = ([p for p in found if p.profile is way] for way in (Profile.DIGIPOST, Profile.EMAIL_SMS))
    return {
        "filled in": by_helsenorge[0],
        "answers": by_helsenorge[1],
        "not seen": by_email[0],
        "silent": by_email[1],
        "opts out": by_mailbox[0],
    }


def apply_for_user(caller):
    """The sign-up page: refused while empty, then filled in, each list fetched anew after the one before it."""
    caller.open("identity", "/new-user").press("Send skjema", status=REFUSED)
    for field, choice in given.PLACE.items():
        options = next(node for node in caller.tree.iter("select") if node.get("name") == field).iter("option")
        value = next(option.get("value") for option in options if words(option) == choice)
        caller.press("Oppdater lister", **{field: value})
    fields = {"user_name": NEW_USER.user_name, "full_name": NEW_USER.full_name, "mobile": NEW_USER.mobile}
    caller.press("Send skjema", **fields, email=NEW_USER.email)
    assert caller.page.url.endswith("/thanks")


def approve_user(caller):
    """The coordinator of the hospital applied for finds the application and gives the role."""
    caller.enter("kjell.koordinator", "identity", "/applications")
    caller.follow(NEW_USER.full_name).press("Godkjenn", role=NEW_USER.role)
    assert NEW_USER.full_name not in caller.text


@pytest.mark.req("IDN-01", "IDN-02", "IDN-03", "IDN-04", "IDN-05", "IDN-06")
def test_who_applies_is_approved_and_begins_to_work(walker, new_caller):
    applicant, inbox = new_caller(), {"channel": "sms", "to": NEW_USER.mobile}
    apply_for_user(applicant)
    assert walker.inbox(**inbox) == []
    approve_user(new_caller())
    told = walker.wait_for(lambda: walker.inbox(**inbox))[0]["text"]
    secret, page = re.search(r"Førstepassord: (\S+)", told)[1], walker.at("registration", "/registrations/new")
    applicant.shown(applicant.visitor.log_in(NEW_USER, page, secret))
    own = dict.fromkeys(("new_password", "new_password_again"), given.OWN_PASSWORD)
    applicant.send(old_password=secret, **own)
    assert given.PLACE["registry"] in applicant.text
    assert given.PLACE["applied_organisation"] in applicant.text
    applicant.send("role_id")
    assert applicant.page.url == page
    assert NEW_USER.full_name in words(next(applicant.tree.iter("header")))


def is_open(caller, course_id, *forms):
    """Which forms of a course have a page to be filled in."""
    paths = [caller.walker.at("registration", f"/courses/{course_id}/forms/{form}") for form in forms]
    return [caller.visitor.get(path).ok for path in paths]


def include(caller, person):
    """Register somebody and finalise TO, which is refused while it is incomplete; returns the FID."""
    course_id = caller.register(person)
    caller.open_form(course_id, "to").press(FINALISE, status=REFUSED, **given.TO_BEGUN)
    said = words(next(node for node in caller.tree.iter() if node.get("id") == "form-problems"))
    assert "Norsktalende" in said
    assert "Kognitivt svekket" in said
    caller.press(FINALISE, **given.TO_REST)
    assert given.IS_INCLUDED in caller.text
    return course_id


@pytest.mark.req("REG-01", "REG-06", "REG-07", "REG-12", "REG-20")
def test_the_course_type_decides_which_forms_are_open(people, new_caller):
    clinician = new_caller().enter("lise.lege", "registration", "/registrations/new")
    course_id = clinician.register(people["not seen"])
    clinician.fill_in(course_id, "to", {"supervision": 3})
    states = clinician.signs(course_id)
    assert [states[form] for form in given.CLINICIANS] == [given.BEGUN, given.NEW, *[given.CLOSED] * 3]
    assert is_open(clinician, course_id, "b11", "b12", "b21") == [True, False, False]
    clinician.complete(course_id, "to", given.INCLUDED)
    states = clinician.signs(course_id)
    assert [states[form] for form in given.CLINICIANS] == [given.DONE, *[given.NEW] * 4]
    assert is_open(clinician, course_id, "b11", "b12", "b21") == [True, True, True]


@pytest.mark.req("REG-11", "REG-13", "REG-14", "REG-15", "REG-20")
def test_a_clinician_fills_in_what_the_course_opens(people, new_caller):
    clinician = new_caller().enter("lise.lege", "registration", "/registrations/new")
    course_id = include(clinician, people["filled in"])
    clinician.fill_in(course_id, "b12", given.VISIT)
    assert clinician.signs(course_id)["B1.2"] == given.BEGUN
    clinician.complete(course_id, "b12", given.FOUND)
    clinician.complete(course_id, "b21", given.VISIT | given.FOUND)
    states = clinician.signs(course_id)
    assert [states[form] for form in given.CLINICIANS] == [given.DONE, given.NEW, given.DONE, given.DONE, given.NEW]


def ask(walker, caller, person):
    """A clinician includes somebody, and the day's messages leave; returns the FID."""
    course_id = include(caller.enter("lise.lege", "registration", "/registrations/new"), person)
    walker.move_clock_to(walker.order_due(course_id) + APART)
    walker.wait_for(lambda: len(kept.sent(walker, course_id)) >= len(FIRST))
    return course_id


def answer(walker, caller, person, course_id):
    """The patient opens the message about Pasreg, logs in and answers to the end; returns the order."""
    order_id = kept.order_of(walker, course_id)
    caller.go(walker.wait_for(lambda: kept.link_of(walker, order_id, kept.links(walker, course_id, to=person.number))))
    caller.press("Logg inn med ID-porten").prove_citizen(person.number).answer()
    return order_id


def await_sign(walker, caller, course_id, sign):
    """Look at the list until it says this of Pasreg."""
    walker.wait_for(lambda: caller.signs(course_id, "patient-forms")["Pasreg"] == sign)


@pytest.mark.req("REG-01", "REG-06", "REG-12", "REG-22", "EPR-01", "EPR-03", "EPR-08", "EPR-09", "BUS-01")
def test_a_patient_is_asked_and_answers(walker, people, new_caller):
    course_id = ask(walker, new_caller(), people["answers"])
    clinician = new_caller().enter("lise.lege", "registration", "/patient-forms")  # hours have gone by
    await_sign(walker, clinician, course_id, given.SENT)
    order_id = answer(walker, new_caller(), people["answers"], course_id)
    await_sign(walker, clinician, course_id, given.ANSWERED)
    walker.wait_for(lambda: kept.copies(walker, order_id) == 0)
    assert given.ASKED in clinician.open_form(course_id, "pasreg").text
    assert f"{SOME_NUMBER} ganger" in clinician.text


@pytest.mark.req("EPR-04", "EPR-05", "EPR-08", "EPR-14", "REG-20", "REG-22", "REG-24", "BUS-01")
def test_who_never_answers_is_reminded_once_and_then_locked_with_the_reason(walker, people, new_caller):
    person, course_id = people["silent"], ask(walker, new_caller(), people["silent"])
    ways = [{"channel": "sms", "to": person.mobile}, {"channel": "email", "to": person.email}]
    walker.wait_for(lambda: kept.arrived(walker, course_id, *ways) == [FIRST, FIRST])
    walker.move_clock_to(walker.order_due(course_id, "remind_at") + MORNING)
    walker.wait_for(lambda: kept.arrived(walker, course_id, *ways) == [REMINDED, REMINDED])
    walker.move_clock_to(walker.order_due(course_id, "lock_at") + HOUR)
    walker.wait_for(lambda: kept.states(walker, course_id) == {("expired", 7)})
    patient, clinician = new_caller(), new_caller().enter("lise.lege", "registration", "/patient-forms")
    for link in kept.links(walker, course_id, **ways[1]):
        assert "Lenken er ikke i bruk lenger" in patient.go(link, status=MISSING).text
    locked = {"Pasreg": given.NOT_ANSWERED, "HADS": given.NOT_ANSWERED}
    walker.wait_for(lambda: locked.items() <= clinician.signs(course_id, "patient-forms").items())
    assert given.REASON in clinician.text
    assert given.REASON in clinician.open_form(course_id, "pasreg").text
    assert kept.arrived(walker, course_id, *ways) == [REMINDED, REMINDED]


def download(caller):
    """Press the button on the page of a file, which stays; returns what comes."""
    return caller.visitor.press(caller.page, "Last ned nå")


@pytest.mark.req("REL-02", "REL-04", "REL-07", "REL-12")
def test_data_are_applied_for_approved_by_two_and_delivered_once(walker, new_caller):
    title, key, applicant = "Tilsyn i fire regioner", pyrage.x25519.Identity.generate(), new_caller()
    apply_for_data(applicant, str(key.to_public()), given.RESEARCH_FORMS, title=title)
    secretary = extracted(walker, new_caller, title)
    walker.move_clock_to(walker.now() + FRESH_LOG_IN)
    approve(approve(secretary, status=TOO_OLD).prove_anew("saksbehandler"))
    approve_second(new_caller(), title)
    applicant.reload().follow("Gå til nedlasting").prove_citizen(HANNE)
    found = kept.tables(download(applicant).content, key)
    header, *rows = found["data.csv"]
    told = found["codebook.csv"][1:]
    assert header == ["person", "course", *dict.fromkeys(line[1] for line in told)]
    assert {line[0] for line in told} == set(load_catalog()["smertereg"].variables(given.RESEARCH_FORMS))
    assert len(rows) == kept.courses_of_period(walker, given.PERIOD)
    again = download(applicant)
    assert again.status_code == REFUSED
    assert "Filen kan ikke lastes ned" in again.text
    applicant.follow("Tilbake til søknaden")
    steps = [words(line).split(": ")[1] for line in next(applicant.tree.iter("ol"))]
    assert steps == given.STEPS


def opt_out(caller, person):
    """The citizen's pages, from the front to the receipt; returns the case's id."""
    caller.enter_as_citizen(person.number, "reservation", "/my/").follow("Reserver deg mot SmerteReg")
    return words(next(caller.press("Ja, reserver meg").tree.iter("code")))


def approved_extract(walker, new_caller):
    """An extract of everybody until today that two persons approve and nobody fetches; returns the second one."""
    title, key = "Alle forløp til nå", pyrage.x25519.Identity.generate()
    other = {"title": title, "to_on": f"{walker.now():%d.%m.%Y}"}
    apply_for_data(new_caller(), str(key.to_public()), ("to", "pasreg"), **other)
    approve(extracted(walker, new_caller, title))
    return approve_second(new_caller(), title)


@pytest.mark.req("RES-03", "RES-05", "RES-06", "REG-04", "EPR-10", "BUS-01", "BUS-02")
def test_who_has_answered_and_opts_out_is_gone_everywhere_and_stays_out(walker, people, new_caller):
    person, citizen = people["opts out"], new_caller()
    course_id = ask(walker, new_caller(), person)
    clinician = new_caller().enter("lise.lege", "registration", "/patient-forms")
    answer(walker, new_caller(), person, course_id)
    await_sign(walker, clinician, course_id, given.ANSWERED)
    reviewer = approved_extract(walker, new_caller)
    pid = int(clinician.find(person.number).page.url.rsplit("/", 1)[1])
    assert all(kept.traces(walker, pid).values())

    case_id = opt_out(citizen, person)
    assert kept.closed(walker, case_id) == RECEIPTS_OF_ERASURE
    assert not any(kept.traces(walker, pid).values())
    walker.wait_for(lambda: "Mangler 2 av 2" in reviewer.reload().text)
    assert walker.wait_for(lambda: kept.letters(walker, person.number)) == ["Du er reservert mot SmerteReg"]
    walker.wait_for(lambda: "Ferdig" in citizen.reload().text)
    assert "reservert seg" in clinician.find(person.number, status=REFUSED).text
