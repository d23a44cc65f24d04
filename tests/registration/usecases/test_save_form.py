"""Forms of a course as they are read and kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.registration.domain.errors import NotFound
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.save_form import open_form, save_form
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.registration.site import FONNA, HUS

PATIENCE = 8  # seconds; shorter than any database waits for a lock


def at(course_id, seen=HUS, form="to"):
    return FormAt(course_id=course_id, form=form, by=a_user(Role.LU, organisation=seen), seen=frozenset({seen}))


def opened(site, place):
    return open_form(place, Kept(persons=site.persons, uow=site.uow))


@pytest.mark.req("REG-12")
def test_a_form_is_read_while_somebody_else_writes_in_its_course(both):
    course_id = both.register()
    with ThreadPoolExecutor() as threads, both.uow() as store:
        store.course_to_keep(course_id)
        read = threads.submit(opened, both, at(course_id)).result(PATIENCE)
    assert (read.form.key, read.revision) == ("to", 0)


@pytest.mark.req("REG-12")
def test_a_form_of_others_or_of_no_course_is_not_found(both):
    course_id = both.register()
    for place in (at(course_id, FONNA), at(course_id + 1)):
        with pytest.raises(NotFound):
            opened(both, place)


def saved(site, place, revision, **answers):
    kept = Kept(persons=site.persons, uow=site.uow)
    done = save_form(place, lambda now: now.form.read_values(answers, now.document), revision=revision, kept=kept)
    assert done.problems == ()
    return done.opened.document["answers"]


@pytest.mark.req("REG-33")
def test_the_log_tells_the_one_answer_of_a_row_that_changed(both):
    place = at(both.register(), form="b11")
    first = {"pain_category": 1, "acute_category": 3, "code_acute": "S72.0"}
    row = saved(both, place, 0, pain_diagnoses=[first, {"pain_category": 2}])["pain_diagnoses"][0]
    saved(both, place, 1, pain_diagnoses=[{**row, "code_acute": "K85.9"}, {"pain_category": 2}])
    told = both.log()[-1].change
    assert told[f"pain_diagnoses.code_acute[{row['id']}]"] == ["S72.0", "K85.9"]
    assert f"pain_diagnoses.pain_category[{row['id']}]" not in told
