"""The work list: scope, order, filters, pages, and the access log."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.form_state import FormState
from services.registration.domain.patient_form import PatientFormState, Told
from services.registration.queries.course_lines import Figure, Icon
from services.registration.queries.work_list import Order, Wanted, work_list
from services.registration.store.tables import CourseRow, PlaceRow
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.registration.site import AMINA, FONNA, HUS, KARI, OLA

JONAS = "19821099989"
ULLEVAL, RIKSEN = 4207789, 705652


def page_of(site, wanted=None, *, role=Role.LU, organisation=HUS, after=None, limit=50):
    return work_list(
        wanted or Wanted(),
        by=a_user(role, organisation=organisation),
        registry=site.means.registry("smertereg"),
        after=after,
        limit=limit,
        persons=site.persons,
        uow=site.uow,
    )


def listed(site, wanted=None, **more):
    return page_of(site, wanted, **more).lines


def ids(lines):
    return [line.course.course_id for line in lines]


def change(site, course_id, **values):
    with site.uow() as store:
        row = store.session.get(CourseRow, course_id)
        for name, value in values.items():
            setattr(row, name, value)


def place(site, kind, name):
    with site.uow() as store:
        row = PlaceRow(kind=kind, organisation=HUS, name=name, short_name=name)
        store.add(row)
        return row.place_id


@pytest.mark.req("REG-20")
def test_the_newest_course_is_first_with_name_and_number(both):
    older = both.register(KARI, date(2026, 11, 1))
    newer = both.register(OLA, date(2026, 11, 20))
    lines = listed(both)

    assert ids(lines) == [newer, older]
    assert (lines[1].person.name, lines[1].person.number) == ("Kari Granlid", KARI)
    assert KARI not in repr(lines)


@pytest.mark.req("GEN-06")
def test_every_person_of_a_page_is_in_the_access_log(site):
    site.register(KARI)
    site.register(OLA)
    listed(site)
    entries = [entry for entry in site.log() if entry.object == "work_list"]

    assert {entry.pid for entry in entries} == {site.pid(KARI), site.pid(OLA)}
    assert {(entry.action, entry.role, entry.organisation) for entry in entries} == {("read", "LU", HUS)}


@pytest.mark.req("IDN-07", "REG-20")
def test_courses_of_other_organisations_are_not_shown(site):
    own, other = site.register(KARI), site.register(OLA, organisation=FONNA)

    assert ids(listed(site)) == [own]
    assert ids(listed(site, organisation=FONNA)) == [other]
    assert set(ids(listed(site, role=Role.SC, organisation=None))) == {own, other}
    assert ids(listed(site, Wanted(organisation=FONNA), role=Role.SC, organisation=None)) == [other]
    assert listed(site, Wanted(organisation=FONNA)) == []
    assert listed(site, organisation=None) == []


@pytest.mark.req("GEN-01")
def test_organisations_that_work_together_see_each_other(site):
    shared = site.register(KARI, organisation=ULLEVAL)

    assert ids(listed(site, organisation=RIKSEN)) == [shared]


@pytest.mark.req("REG-20")
def test_a_course_that_is_not_active_is_not_shown(site):
    change(site, site.register(), is_active=False)

    assert listed(site) == []


@pytest.mark.req("REG-20")
@pytest.mark.parametrize("order", list(Order))
def test_pages_go_through_the_list_once_in_any_order(both, order):
    wards = [place(both, "ward", name) for name in ("Åsgård", "Bekken")]
    for day, number in enumerate((KARI, OLA, AMINA, KARI, OLA), start=1):
        course_id = both.register(number, date(2026, 11, 1 + day // 2))
        consent = {1: True, 2: False}.get(day)
        change(both, course_id, has_consented=consent, ward_id=wards[day % 2] if day < 5 else None)
    whole, seen, after = ids(listed(both, Wanted(order=order))), [], None
    for _ in range(3):
        page = page_of(both, Wanted(order=order), after=after, limit=2)
        seen += ids(page.lines)
        after = page.next_key

    assert (seen, after) == (whole, None)
    assert len(set(whole)) == 5


@pytest.mark.req("REG-20")
def test_sorting_by_consent_puts_the_answered_first(site):
    empty, yes, no = (site.register(number) for number in (KARI, OLA, AMINA))
    change(site, yes, has_consented=True)
    change(site, no, has_consented=False)

    assert ids(listed(site, Wanted(order=Order.CONSENT))) == [yes, no, empty]
    assert ids(listed(site, Wanted(order=Order.NO_CONSENT))) == [empty, no, yes]


@pytest.mark.req("REG-20")
def test_filters_cut_the_list_down(site):
    ward = place(site, "ward", "Kirurgisk")
    first, second = site.register(KARI, date(2026, 11, 1)), site.register(OLA, date(2026, 11, 10))
    change(site, first, has_consented=True, ward_id=ward, location_id=ward, form_status="1311111111")

    assert ids(listed(site, Wanted(started_from=date(2026, 11, 2)))) == [second]
    assert ids(listed(site, Wanted(started_to=date(2026, 11, 2)))) == [first]
    assert ids(listed(site, Wanted(consent="yes"))) == [first]
    assert ids(listed(site, Wanted(consent="open"))) == [second]
    assert ids(listed(site, Wanted(ward_id=ward))) == ids(listed(site, Wanted(location_id=ward))) == [first]
    assert ids(listed(site, Wanted(form="to", state=FormState.FINALISED))) == [first]
    assert ids(listed(site, Wanted(form="to", state=FormState.NEW))) == [second]


@pytest.mark.req("REG-06")
def test_a_form_that_the_type_closes_is_found_as_closed(site):
    course_id = site.register()
    change(site, course_id, course_type=1, form_status="1112131111")

    assert ids(listed(site, Wanted(form="b12", state=FormState.CLOSED))) == [course_id]
    assert listed(site, Wanted(form="b12", state=FormState.IN_PROGRESS)) == []
    assert ids(listed(site, Wanted(form="b22", state=FormState.FINALISED))) == [course_id]
    assert ids(listed(site, Wanted(form="b21", state=FormState.CLOSED))) == [course_id]
    forms = listed(site)[0].course.forms
    assert (forms["b12"].icon, forms["b21"].icon, forms["to"].icon) == (Icon.CLOSED, Icon.CLOSED, Icon.NEW)


@pytest.mark.req("REG-22")
@pytest.mark.parametrize(
    ("state", "icon"),
    [
        (None, Icon.AVAILABLE),
        (PatientFormState.ORDERED, Icon.SENT),
        (PatientFormState.REMINDED, Icon.REMINDED),
        (PatientFormState.STORED, Icon.ANSWERED),
        (PatientFormState.EXPIRED, Icon.NOT_ANSWERED),
        (PatientFormState.STOPPED, Icon.STOPPED),
        (PatientFormState.UNDELIVERED, Icon.UNDELIVERED),
    ],
)
def test_a_patient_form_shows_what_eprom_has_told(site, state, icon):
    course_id = site.register()
    change(site, course_id, course_type=3)
    if state:
        with site.uow() as store:
            store.keep_told(course_id, "pasreg", Told(order_id="a", state=state, reason=7))

    assert listed(site)[0].course.forms["pasreg"].icon is icon


@pytest.mark.req("REG-22", "REG-08")
def test_without_consent_no_patient_form_can_be_sent(site):
    course_id = site.register(KARI, date(2022, 11, 1))
    change(site, course_id, course_type=3)
    assert listed(site)[0].course.forms["pasreg"].icon is Icon.NO_CONSENT

    change(site, course_id, has_consented=True)
    assert listed(site)[0].course.forms["pasreg"].icon is Icon.AVAILABLE


@pytest.mark.req("REG-20")
def test_a_person_is_shown_as_woman_man_or_child(site):
    for number in (KARI, OLA, JONAS):
        site.register(number)

    figures = {line.person.number: line.person.figure for line in listed(site)}
    assert figures == {KARI: Figure.WOMAN, OLA: Figure.MAN, JONAS: Figure.CHILD}


@pytest.mark.req("RES-05")
def test_a_person_erased_meanwhile_is_left_out(site):
    site.register(KARI)
    kept = site.register(OLA)
    site.persons.erase(site.pid(KARI))

    assert ids(listed(site)) == [kept]
