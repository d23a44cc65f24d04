"""What the answers make of a course, on both legal bases, and that nothing written is lost on the way."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.usecases.save_form import open_form, save_form
from shared.auth.principal import Role
from shared.contracts.registration import ConsentRecorded, InclusionDecided
from tests.registration.usecases.test_withdraw_consent import answers_of, at, course_of, kept, save

SEEN = {"referral_date": "2022-11-20", "supervision": 1, "norwegian_speaking": 1, "cognitively_impaired": 0}
LAST_OF_CONSENT, FIRST_OF_RESERVATION = date(2022, 11, 30), date(2022, 12, 1)
YES = {"consent": 1, "consent_date": "2022-12-02"}


def types(site, course_id, *steps):
    """The type of the course after each save."""
    found = []
    for answers in steps:
        assert save(site, course_id, answers).problems == ()
        found.append(course_of(site, course_id).course_type)
    return found


def shown(site, course_id, form="to"):
    """What counts on the page now."""
    opened = open_form(at(course_id, form, Role.LU), kept(site))
    return opened.form.values(opened.document, opened.context)


@pytest.mark.req("REG-06")
def test_the_type_follows_the_answers_and_comes_back(both):
    course_id = both.register(started_on=date(2022, 12, 5))
    steps = ({}, SEEN, {"norwegian_speaking": 0}, {"supervision": 2}, {"supervision": 1}, {"norwegian_speaking": 1})
    assert types(both, course_id, *steps) == [2, 3, 2, 1, 2, 3]


@pytest.mark.req("REG-06")
def test_forms_that_close_keep_what_was_written(both):
    course_id = both.register(started_on=date(2022, 12, 5))
    save(both, course_id, SEEN)
    save(both, course_id, {"registered_date": "2022-12-05", "can_state_nrs": 2}, "b12")
    save(both, course_id, {"supervision": 3})
    assert answers_of(both, course_id, "b12").document["answers"]["can_state_nrs"] == 2
    save(both, course_id, {"supervision": 1})
    assert course_of(both, course_id).course_type == 3
    assert shown(both, course_id, "b12")["can_state_nrs"] == 2
    assert save(both, course_id, {"can_state_nrs": 3}, "b12").problems == ()


@pytest.mark.req("REG-07")
def test_inclusion_is_open_until_all_is_answered_or_one_fails(both):
    course_id, told = both.register(started_on=date(2022, 12, 5)), []
    for answers in (
        {"supervision": 1},
        {"norwegian_speaking": 1},
        {"cognitively_impaired": 0},
        {"norwegian_speaking": 9},
    ):
        save(both, course_id, answers)
        told.append(course_of(both, course_id).is_included)
    assert told == [None, None, True, False]
    decided = [event.included for event in both.events() if isinstance(event, InclusionDecided)]
    assert decided[-2:] == [True, False]


@pytest.mark.req("REG-08", "REG-10", "GEN-02")
@pytest.mark.parametrize(
    ("started_on", "asks", "placements"),
    [(LAST_OF_CONSENT, True, ["local", "national"]), (FIRST_OF_RESERVATION, False, ["national", "national"])],
)
def test_the_start_date_decides_whether_consent_is_asked_for(both, started_on, asks, placements):
    course_id = both.register(started_on=started_on)
    save(both, course_id, SEEN)
    opened = open_form(at(course_id, role=Role.LU), kept(both))
    assert ("consent" in opened.form.visible(opened.document, opened.context)) is asks
    found = [course_of(both, course_id).placement]
    save(both, course_id, YES)
    assert [*found, course_of(both, course_id).placement] == placements


@pytest.mark.req("REG-08", "GEN-02")
def test_another_start_date_changes_the_basis_and_back_without_loss(both):
    course_id = both.register(started_on=LAST_OF_CONSENT)
    save(both, course_id, {**SEEN, **YES})
    save(both, course_id, {"start_date": FIRST_OF_RESERVATION.isoformat()})
    course = course_of(both, course_id)
    assert (course.basis, course.has_consented, course.placement) == ("reservation", None, "national")
    save(both, course_id, {"start_date": LAST_OF_CONSENT.isoformat()})
    course = course_of(both, course_id)
    assert (course.basis, course.has_consented, course.placement) == ("consent", True, "national")


@pytest.mark.req("REG-08")
def test_consent_is_hidden_when_not_seen_and_not_applicable_when_not_included(both):
    course_id = both.register(started_on=LAST_OF_CONSENT)
    save(both, course_id, {**SEEN, **YES})
    save(both, course_id, {"norwegian_speaking": 0})
    assert (shown(both, course_id)["consent"], shown(both, course_id)["no_consent_reason"]) == (0, 3)
    save(both, course_id, {"supervision": 2})
    assert "consent" not in shown(both, course_id)
    save(both, course_id, {"supervision": 1, "norwegian_speaking": 1})
    assert shown(both, course_id)["consent"] == 1
    assert [one.consented for one in both.events() if isinstance(one, ConsentRecorded)] == [True, False, None, True]


@pytest.mark.req("REG-08")
@pytest.mark.parametrize(
    ("answers", "missing"),
    [({}, ["consent"]), ({"consent": 1}, ["consent_date"]), ({"consent": 0}, ["no_consent_reason"]), (YES, [])],
)
def test_a_consent_may_stand_empty_and_is_needed_to_finalise(site, answers, missing):
    course_id = site.register(started_on=LAST_OF_CONSENT)
    assert save(site, course_id, {**SEEN, **answers}).problems == ()
    done = save(site, course_id, {}, is_final=True)
    assert [problem.path for problem in done.problems] == missing
    assert done.is_finalised is (missing == [])


@pytest.mark.req("REG-05")
def test_no_way_to_reach_the_person_must_be_accepted_to_finalise(both):
    course_id = both.register()
    asked = {"registered_date": "2026-11-20"}
    assert [p.text for p in save(both, course_id, asked, "po", is_final=True).problems] == ["contact.missing"]
    place = at(course_id, "po", Role.LU)
    done = save_form(
        place,
        lambda now: now.form.read_values({}, now.document, ["phone=missing_contact"]),
        revision=1,
        kept=kept(both),
        is_final=True,
    )
    assert done.is_finalised


@pytest.mark.req("REG-05")
@pytest.mark.parametrize("given", [{"phone": "+4799000001"}, {"email": "kari@example.no"}])
def test_one_way_to_reach_the_person_is_enough(site, given):
    course_id = site.register()
    done = save(site, course_id, {"registered_date": "2026-11-20", **given}, "po", is_final=True)
    assert done.is_finalised


@pytest.mark.req("REG-16")
def test_an_unusual_value_is_asked_about_and_an_impossible_one_refused(site):
    course_id = site.register()
    assert save(site, course_id, {"total_hours": 150}, "b22").problems == ()
    done = save(site, course_id, {}, "b22", is_final=True)
    assert "total_hours" in {p.path for p in done.problems if p.text.startswith("normal.")}
    assert [p.text for p in save(site, course_id, {"total_hours": 501}, "b22").problems] == ["number.too_large"]


@pytest.mark.req("REG-16")
def test_lar_becomes_no_by_itself_and_the_own_answer_comes_back(site):
    course_id = site.register()
    save(site, course_id, {"earlier_misuse": 1, "current_misuse": 1, "opioid_maintenance": 1}, "b11")
    save(site, course_id, {"earlier_misuse": 0, "current_misuse": 0}, "b11")
    assert shown(site, course_id, "b11")["opioid_maintenance"] == 0
    save(site, course_id, {"current_misuse": 1}, "b11")
    assert shown(site, course_id, "b11")["opioid_maintenance"] == 1


@pytest.mark.req("REG-16")
def test_a_box_that_stands_alone_is_refused_beside_others(site):
    course_id = site.register()
    texts = [p.text for p in save(site, course_id, {"analgesics_on_admission": ["none", "opioids"]}, "b11").problems]
    assert texts == ["choice.exclusive"]


@pytest.mark.req("REG-17")
@pytest.mark.parametrize("day", ["2026-11-19", "2026-11-18"])
def test_b11_is_not_before_referral_and_start(site, day):
    course_id = site.register()
    save(site, course_id, {"referral_date": "2026-11-19", "supervision": 1})
    texts = [p.text for p in save(site, course_id, {"registered_date": day}, "b11").problems]
    assert texts
    assert texts[0].startswith("date.too_early")
