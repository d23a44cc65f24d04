"""Response rates counted by the database, on both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event

from services.registration.domain.patient_form import PatientFormState as S
from services.registration.domain.patient_form import Told
from services.registration.domain.response_rates import HIDDEN
from services.registration.queries.response_rates import Asked, response_rates
from services.registration.store.tables import CourseRow
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.registration.site import FONNA, HUS, KARI, NOW, OLA

pytestmark = pytest.mark.req("EPR-13")
YEAR = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}


def known(site, *news, form="pasreg", organisation=HUS, number=KARI, copies=1):
    """Courses of which eprom has told one thing after the other; a reason goes with the last."""
    course_id = site.register(number, organisation=organisation)
    with site.uow() as store:
        row = store.session.get(CourseRow, course_id)
        values = {name: getattr(row, name) for name in row.__mapper__.attrs.keys() if name != "course_id"}  # noqa: SIM118
        more = [CourseRow(**values) for _ in range(copies - 1)]
        store.session.add_all(more)
        store.session.flush()
        for one in (course_id, *(course.course_id for course in more)):
            for state, reason in news:
                store.keep_told(one, form, Told(order_id="a", state=state, reason=reason))
    return course_id


def counted(site, role=Role.LC, of=HUS, **asked):
    by = a_user(role, organisation=of)
    registry = site.means.registry("smertereg")
    return response_rates(Asked(**{**YEAR, **asked}), by=by, registry=registry, database=site.database)


def test_states_and_reasons_are_counted_by_form_and_month(both):
    known(both, (S.ORDERED, None), (S.SENT, None), (S.ANSWERED, None), (S.STORED, None), copies=3)
    known(both, (S.ORDERED, None), (S.SENT, None), (S.EXPIRED, 7), copies=2)
    known(both, (S.ORDERED, None), (S.UNDELIVERED, None))
    known(both, (S.ORDERED, None), (S.SENT, None), (S.REMINDED, None))
    both.clock.move(timedelta(days=30))
    known(both, (S.ORDERED, None), (S.STOPPED, 4))
    first, second = counted(both)

    assert (first.month, first.ordered, first.sent, first.answered) == (date(2026, 11, 1), 7, 6, 3)
    assert (first.still_open, first.undelivered, first.reasons, first.share) == (1, 1, {7: 2}, 0.5)
    assert (second.month, second.ordered, second.sent, second.reasons) == (date(2026, 12, 1), 1, 0, {4: 1})


def test_forms_closed_without_an_order_count_among_the_unanswered_alone(both):
    course_id = both.register()
    with both.uow() as store:
        store.keep_told(course_id, "hads", Told(order_id="", state=S.STOPPED, reason=5))
    (one,) = counted(both)

    assert (one.form, one.ordered, one.sent, one.ended, one.reasons) == ("hads", 0, 0, 1, {5: 1})


def test_a_coordinator_counts_the_own_hospital_and_the_national_one_all(both):
    known(both, (S.ORDERED, None), copies=5)
    known(both, (S.ORDERED, None), organisation=FONNA, number=OLA, copies=6)

    assert [(one.organisation, one.ordered) for one in counted(both)] == [(HUS, 5)]
    assert [(one.organisation, one.ordered) for one in counted(both, Role.SC, None)] == [(HUS, 5), (FONNA, 6)]
    assert [one.organisation for one in counted(both, Role.SC, None, organisation=FONNA)] == [FONNA]
    assert counted(both, organisation=FONNA) == []


def test_small_numbers_are_shown_to_the_own_hospital_alone(site):
    known(site, (S.ORDERED, None), copies=4)

    assert [one.ordered for one in counted(site)] == [4]
    assert [(one.ordered, one.still_open) for one in counted(site, Role.SC, None)] == [(HIDDEN, HIDDEN)]


def test_hospitals_that_work_together_are_several(site):
    ous = 4207789
    known(site, (S.ORDERED, None), organisation=ous, copies=4)
    assert [one.ordered for one in counted(site, of=ous)] == [HIDDEN]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"form": "hads"}, ["hads"]),
        ({"first": date(2026, 11, 21), "last": date(2026, 11, 21)}, ["pasreg", "hads"]),
        ({"first": date(2026, 11, 22)}, []),
        ({"last": date(2026, 11, 20)}, []),
    ],
)
def test_form_and_days_narrow_the_count(site, asked, found):
    for form in ("hads", "pasreg"):
        known(site, (S.ORDERED, None), form=form)
    assert NOW.date() == date(2026, 11, 21)
    assert [one.form for one in counted(site, **asked)] == found


def test_one_statement_counts_however_many_courses(site):
    known(site, (S.ORDERED, None), copies=30)
    statements = []

    def note(*given):
        statements.append(given[2])

    event.listen(Engine, "before_cursor_execute", note)
    counted(site)
    event.remove(Engine, "before_cursor_execute", note)
    assert len([one for one in statements if "patient_form" in one]) == 1
