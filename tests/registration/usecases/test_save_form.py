"""Forms of a course as they are read and kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.registration.domain.errors import NotFound
from services.registration.usecases.save_form import FormAt, Kept, open_form
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.registration.site import FONNA, HUS

PATIENCE = 8  # seconds; shorter than any database waits for a lock


def at(course_id, seen=HUS):
    return FormAt(course_id=course_id, form="to", by=a_user(Role.LU, organisation=seen), seen=frozenset({seen}))


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
