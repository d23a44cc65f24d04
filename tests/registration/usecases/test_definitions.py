"""A course keeps the definitions it began with, in every form."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.registration.store.tables import TYPED
from services.registration.usecases.save_form import FormAt, Kept, open_form, save_form
from shared.auth.principal import Role
from shared.contracts.registration import CourseOpened
from shared.forms.catalogue import registry
from shared.testing.web import a_user
from tests.registration.site import HUS, NOW

THEN = datetime(2018, 3, 1, 12, tzinfo=UTC)
FORMS = registry("smertereg").form_keys
OF_2017 = {"po": 1, "to": 1, "b11": 1, "b12": 1, "b21": 1, "b22": 1, "pasreg": 1, "hads": 1, "eval": 1, "opioid": 1}


def begun(site, moment):
    """A course that is begun at a moment, seen today."""
    site.clock.move(moment - site.clock.now())
    course_id = site.register(started_on=moment.date())
    site.clock.move(NOW - moment)
    return course_id


def place(course_id, form):
    return FormAt(course_id=course_id, form=form, by=a_user(Role.LU, organisation=HUS), seen=frozenset({HUS}))


def versions(site, course_id):
    kept = Kept(persons=site.persons, uow=site.uow)
    return {form: open_form(place(course_id, form), kept).form.version for form in FORMS}


def saved(site, course_id, form, **answers):
    kept = Kept(persons=site.persons, uow=site.uow)
    read = lambda opened: opened.form.read_values(answers, opened.document)  # noqa: E731
    return save_form(place(course_id, form), read, revision=0, kept=kept)


@pytest.mark.req("REG-36")
def test_new_courses_begin_with_the_newest_version_in_force_and_keep_it(site):
    old, new = begun(site, THEN), begun(site, NOW)

    assert versions(site, old) == OF_2017
    assert versions(site, new) == {form: registry("smertereg").form(form).version for form in FORMS}
    opened = [event for event in site.events() if isinstance(event, CourseOpened)]
    assert [event.definitions_on for event in opened] == [date(2018, 3, 1), date(2026, 11, 21)]


@pytest.mark.req("REG-36")
def test_a_code_means_what_it_meant_when_the_course_began(site):
    answers = {"supervision": 1, "consent": 0, "no_consent_reason": 4, "norwegian_speaking": 1}
    old = saved(site, begun(site, THEN), "to", **answers).opened
    new = saved(site, begun(site, NOW), "to", **answers).opened

    def said(opened):
        return opened.form.questions["no_consent_reason"].option(4).label["nb"]

    assert (said(old), said(new)) == ("Tilbaketrukket samtykke", "Ikke spurt")
    assert saved(site, begun(site, THEN), "to", supervision=6).problems[0].path == "supervision"


@pytest.mark.req("REG-36")
def test_one_table_holds_the_answers_of_both_versions(site):
    for moment, answers in ((THEN, {"enough_visits": 1}), (NOW, {})):
        saved(site, begun(site, moment), "to", supervision=1, **answers)
    table = TYPED["smertereg", "to"].table

    with site.database.reading() as session:
        rows = session.execute(table.select().order_by(table.c.course_id)).all()
    assert [(row.definition_version, row.supervision, row.sufficient) for row in rows] == [(1, 1, 1), (2, 1, None)]
