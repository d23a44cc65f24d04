"""A withdrawn consent: by the national coordinator alone, in locked forms too, and everything that follows."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.store.tables import KIT, TYPED, CourseRow, ExtractMemberRow, ExtractRow, FormRow
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.save_form import open_form, save_form
from services.registration.usecases.withdraw_consent import withdraw_consent
from shared.auth.principal import Role
from shared.contracts.registration import ConsentRecorded, ConsentWithdrawn, ExtractsRecalled
from shared.testing.web import a_user
from tests.registration.site import HUS

STARTED_ON = date(2022, 11, 1)
ANSWERS = {
    "referral_date": "2022-10-31",
    "start_date": "2022-11-01",
    "supervision": 1,
    "norwegian_speaking": 1,
    "cognitively_impaired": 0,
    "consent": 1,
    "consent_date": "2022-11-02",
}
EXTRACT, OTHER = "e1" * 16, "e2" * 16
pytestmark = pytest.mark.req("REG-09")


def at(course_id, form="to", role=Role.SC):
    by = a_user(role, user_id=9 if role == Role.SC else 5, organisation=None if role == Role.SC else HUS)
    return FormAt(course_id=course_id, form=form, by=by, seen=None if role == Role.SC else frozenset({HUS}))


def kept(site):
    return Kept(persons=site.persons, uow=site.uow)


def save(site, course_id, answers, form="to", *, is_final=False):
    place = at(course_id, form, Role.LU)
    revision = open_form(place, kept(site)).revision
    return save_form(
        place,
        lambda now: now.form.read_values(answers, now.document),
        revision=revision,
        kept=kept(site),
        is_final=is_final,
    )


def consented(site, **more):
    """A course that counts nationally by consent."""
    course_id = site.register(started_on=STARTED_ON)
    assert save(site, course_id, {**ANSWERS, **more}).problems == ()
    return course_id


def course_of(site, course_id):
    with site.database.reading() as session:
        return session.get(CourseRow, course_id)


def answers_of(site, course_id, form="to"):
    with site.database.reading() as session:
        return session.get(FormRow, (course_id, form))


def test_yes_becomes_no_with_type_and_date_also_in_a_locked_form(both):
    course_id = consented(both)
    assert save(both, course_id, {}, is_final=True).is_finalised
    assert course_of(both, course_id).placement == "national"
    withdraw_consent(at(course_id), reason="Brev fra pasienten", kept=kept(both))
    course, row = course_of(both, course_id), answers_of(both, course_id)
    assert (course.placement, course.has_consented, course.consent_reason) == ("local", False, 5)
    assert (row.state, row.document["values"]["consent_withdrawn_date"]) == (3, "2026-11-21")
    assert (row.finalised_by, row.saved_by) == ("user:5", "user:9")
    told = both.log()[-1]
    assert (told.actor, told.action, told.change["reason"]) == ("user:9", "withdraw", "Brev fra pasienten")
    assert told.change["consent"] == [1, 0]


def test_an_older_version_of_the_form_has_a_code_of_its_own(both):
    course_id = both.register(started_on=STARTED_ON)
    with both.uow() as store:
        store.course(course_id).definitions_on = date(2018, 1, 1)
    save(both, course_id, ANSWERS)
    withdraw_consent(at(course_id), reason="Brev fra pasienten", kept=kept(both))
    row = answers_of(both, course_id)
    assert (row.definition_version, row.document["values"]["no_consent_reason"]) == (1, 4)
    assert row.document["values"]["consent_withdrawn_date"] == "2026-11-21"


def test_the_others_are_told(both):
    course_id = consented(both)
    withdraw_consent(at(course_id), reason="Brev fra pasienten", kept=kept(both))
    told = both.events()[-2:]
    assert isinstance(told[0], ConsentRecorded)
    assert told[1] == ConsentWithdrawn(course_id=course_id, pid=both.pid(), withdrawn_on=date(2026, 11, 21))


def test_the_form_of_the_person_shows_it(both):
    course_id = both.register(started_on=STARTED_ON)
    save(both, course_id, {"registered_date": "2022-11-01", "phone": "+4799000001"}, "po", is_final=True)
    save(both, course_id, ANSWERS)
    assert answers_of(both, course_id, "po").document["values"]["consent"] == 1
    withdraw_consent(at(course_id), reason="Brev fra pasienten", kept=kept(both))
    row = answers_of(both, course_id, "po")
    shown = {name: row.document["values"][name] for name in ("consent", "no_consent_reason", "consent_withdrawn_date")}
    assert shown == {"consent": 0, "no_consent_reason": 5, "consent_withdrawn_date": "2026-11-21"}
    assert row.state == 3
    table = TYPED["smertereg", "po"].table
    with both.database.reading() as session:
        assert session.scalars(select(table.c.consent)).all() == [0]


def test_extracts_that_hold_the_person_are_taken_back(both):
    course_id = consented(both)
    facts = {"delivery_id": "d1" * 16, "project_id": "f1" * 16, "state": "ready"}
    with both.uow() as store:
        for extract_id, registry in ((EXTRACT, "smertereg"), (OTHER, "norpain")):
            store.add(ExtractRow(extract_id=extract_id, request={"registry": registry}, **facts))
            store.add(ExtractMemberRow(extract_id=extract_id, pid=both.pid()))
    withdraw_consent(at(course_id), reason="Brev fra pasienten", kept=kept(both))
    with both.database.reading() as session:
        assert {row.extract_id: row.state for row in session.scalars(select(ExtractRow))} == {
            EXTRACT: "withdrawn",
            OTHER: "ready",
        }
        jobs = session.execute(select(KIT.scheduling.job.c.name, KIT.scheduling.job.c.arguments)).all()
    assert ("remove_extract", {"extract_id": EXTRACT}) in [tuple(job) for job in jobs]
    assert ExtractsRecalled(course_id=course_id, extracts=(EXTRACT,)) in both.events()


def test_an_extract_that_is_being_made_does_not_end_with_the_course(both):
    course_id = consented(both)
    with both.uow() as store:
        assert store.lock_courses([course_id])
    withdraw_consent(at(course_id), reason="Brev fra pasienten", kept=kept(both))
    with both.uow() as store:
        assert not store.lock_courses([course_id])
        assert store.national_courses("smertereg", date(2022, 1, 1), date(2022, 12, 31), [HUS]) == []


@pytest.mark.parametrize("role", [Role.LU, Role.LC])
def test_nobody_else_withdraws(both, role):
    course_id = consented(both)
    with pytest.raises(NotFound):
        withdraw_consent(at(course_id, role=role), reason="Brev fra pasienten", kept=kept(both))
    assert course_of(both, course_id).placement == "national"


@pytest.mark.parametrize(
    ("answers", "reason", "code"),
    [
        ({}, " kort", "reason_missing"),
        ({"consent": None, "consent_date": None}, "Brev fra pasienten", "consent_is_not_given"),
    ],
)
def test_a_reason_and_a_consent_are_needed(site, answers, reason, code):
    course_id = consented(site, **answers)
    with pytest.raises(RuleBroken, match=code):
        withdraw_consent(at(course_id), reason=reason, kept=kept(site))


def test_without_consent_as_basis_there_is_nothing_to_withdraw(site):
    course_id = site.register()
    with pytest.raises(RuleBroken, match="consent_is_not_given"):
        withdraw_consent(at(course_id), reason="Brev fra pasienten", kept=kept(site))


def test_a_later_course_may_ask_again(both):
    first = consented(both)
    withdraw_consent(at(first), reason="Brev fra pasienten", kept=kept(both))
    second = consented(both)
    assert [course_of(both, one).placement for one in (first, second)] == ["local", "national"]


def problem_of(site, course_id, **answers):
    return [problem.text for problem in save(site, course_id, answers).problems]


@pytest.mark.parametrize("answers", [{"consent": 0, "no_consent_reason": 1}, {"consent": None}])
def test_nobody_takes_a_yes_away_by_saving(site, answers):
    course_id = consented(site)
    assert problem_of(site, course_id, **answers) == ["consent.only_coordinator_withdraws"]
    assert course_of(site, course_id).has_consented


def test_what_is_withdrawn_stays_so_in_this_course(site):
    course_id = consented(site)
    withdraw_consent(at(course_id), reason="Brev fra pasienten", kept=kept(site))
    assert problem_of(site, course_id, consent=1) == ["consent.is_withdrawn"]
    assert problem_of(site, course_id, consent=0, no_consent_reason=1) == ["consent.is_withdrawn"]
    assert problem_of(site, course_id, referral_date="2022-10-30") == []


@pytest.mark.req("REG-08")
@pytest.mark.parametrize(("code", "text"), [(3, "consent.set_by_system"), (5, "consent.only_coordinator_withdraws")])
def test_types_that_the_system_or_the_coordinator_sets_are_refused(site, code, text):
    course_id = consented(site, consent=None, consent_date=None)
    assert problem_of(site, course_id, consent=0, no_consent_reason=code)[0] == text


@pytest.mark.req("REG-08")
@pytest.mark.parametrize("code", [1, 2, 4])
def test_a_no_with_another_type_is_taken_and_may_become_yes_at_once_or_later(site, code):
    course_id = consented(site, consent=0, consent_date=None, no_consent_reason=code)
    assert course_of(site, course_id).consent_reason == code
    assert problem_of(site, course_id, consent=1, consent_date="2022-11-03") == []
    assert course_of(site, course_id).placement == "national"
