"""Drafts as they are kept: one a writer and form, whoever else is at work, and none of a person who is erased."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.registration.domain.errors import NotFound
from services.registration.usecases.block_person import block_person, erase_health_data
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.drafts import Typed, keep_draft, open_draft
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.registration.entry import draft_rows
from tests.registration.site import HUS

pytestmark = pytest.mark.req("REG-13")
AT_ONCE = 6


def at(course_id, form="to"):
    return FormAt(course_id=course_id, form=form, by=a_user(Role.LU, organisation=HUS), seen=frozenset({HUS}))


def typed(text, opening="one"):
    return Typed(fields={"referral_date": [text]}, opening=opening, revision=0, base=None)


def kept(site):
    return Kept(persons=site.persons, uow=site.uow)


def test_drafts_sent_at_once_leave_one_of_them_whole(both):
    place = at(both.register())
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = [threads.submit(keep_draft, place, typed(f"{day}.11"), kept(both)) for day in range(AT_ONCE)]
    assert [one.exception() for one in done] == [None] * AT_ONCE
    assert open_draft(place, kept(both)).typed.fields["referral_date"][0] in {f"{day}.11" for day in range(AT_ONCE)}
    assert len(draft_rows(both)) == 1


@pytest.mark.req("RES-05")
def test_who_is_erased_leaves_no_draft_and_gets_none(both):
    place, person_hash = at(both.register()), both.persons.block_hash_of(both.pid())
    keep_draft(place, typed("19.11"), kept(both))
    block_person("smertereg", person_hash, case_id="c1" * 16, uow=both.uow)
    erase_health_data("c1" * 16, "smertereg", person_hash, persons=both.persons, uow=both.uow)
    assert draft_rows(both) == []
    with pytest.raises(NotFound):
        keep_draft(place, typed("19.11"), kept(both))


def test_what_was_sealed_for_one_form_opens_for_no_other(both):
    course_id = both.register()
    keep_draft(at(course_id), typed("19.11"), kept(both))
    assert open_draft(at(course_id, "b11"), kept(both)) is None
