"""A course keeps the definitions it began with, in every form."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.form_state import FormState
from services.registration.store.tables import TYPED
from services.registration.usecases.course_at import CourseAt, FormAt, Kept
from services.registration.usecases.move_course import move_course, preview_move
from services.registration.usecases.save_form import open_form, save_form
from shared.auth.principal import Role
from shared.contracts.registration import CourseMoved, CourseOpened
from shared.forms.catalogue import registry
from shared.testing.web import a_user
from tests.registration.site import FONNA, HUS, NOW

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


def moved(site, course_id, role=Role.LC, *, seen=HUS):
    kept = Kept(persons=site.persons, uow=site.uow)
    mover = CourseAt(course_id=course_id, by=a_user(role, organisation=seen), seen=frozenset({seen}))
    return preview_move(mover, kept), lambda: move_course(mover, kept=kept)


@pytest.mark.req("REG-36")
def test_a_coordinator_moves_a_course_after_seeing_what_changes(both):
    course_id = begun(both, THEN)
    saved(both, course_id, "to", supervision=1, enough_visits=1, consent=0, no_consent_reason=3)
    saved(both, course_id, "b22", psychosocial=1)

    shown, move = moved(both, course_id)
    by_form = {one.form: one for one in shown}
    assert [(one.path, one.old, one.new) for one in by_form["to"].moved] == [
        ("enough_visits", 1, None),
        ("no_consent_reason", 3, 4),
    ]
    assert (by_form["b22"].moved, by_form["b22"].silent) == ((), ("psychosocial",))
    assert versions(both, course_id)["to"] == 1

    assert move() == shown
    assert versions(both, course_id) == {form: registry("smertereg").form(form).version for form in FORMS}
    kept = Kept(persons=both.persons, uow=both.uow)
    assert open_form(place(course_id, "to"), kept).document["answers"]["no_consent_reason"] == 4
    assert open_form(place(course_id, "b22"), kept).document["answers"]["psychosocial"] == 1
    told = [entry for entry in both.log() if entry.action == "move"]
    assert [entry.change["definitions_on"] for entry in told] == [["2018-03-01", "2026-11-21"]]
    assert [event.definitions_on for event in both.events() if isinstance(event, CourseMoved)] == [NOW.date()]


@pytest.mark.req("REG-36")
def test_only_coordinators_move_a_course_and_none_with_a_locked_form(site):
    course_id = begun(site, THEN)
    saved(site, course_id, "to", supervision=1)
    for role, seen in ((Role.LU, HUS), (Role.LC, FONNA)):
        with pytest.raises(NotFound):
            moved(site, course_id, role, seen=seen)
    with site.uow() as store:
        store.form(course_id, "to").state = FormState.FINALISED
    with pytest.raises(RuleBroken, match="form_is_locked"):
        moved(site, course_id)
