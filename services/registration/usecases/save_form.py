"""Save, finalise and reopen a form of a course."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.form_state import (
    FormState,
    shown_state,
    state_after_finalise,
    state_after_reopen,
    state_after_save,
)
from services.registration.domain.internal_comment import checked_comment
from services.registration.store.drafts import drop_draft
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow, FormRow
from services.registration.usecases.consent_rules import consent_problems
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.course_forms import OpenForm, read_form
from services.registration.usecases.follow_answers import follow_answers
from services.registration.usecases.internal_comment import keep_comment
from services.registration.usecases.missing_contact import contact_problems
from services.registration.usecases.repeat_consent import repeat_consent
from services.registration.usecases.written_form import access_of, told_of
from shared.auth.principal import Principal
from shared.contracts.registration import FormFinalised, FormReopened
from shared.forms.draft import Draft
from shared.forms.filled import Filled
from shared.forms.problems import Problem
from shared.scheduling.clock import today

ReadDraft = Callable[[OpenForm], Draft]


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What came of it: the form as it stands now, what was read, and what is wrong with it or still missing."""

    opened: OpenForm
    draft: Draft
    problems: Sequence[Problem] = ()
    is_stored: bool = False
    is_finalised: bool = False


def open_form(at: FormAt, kept: Kept) -> OpenForm:
    """The form as it stands; NotFound for a course the user does not see."""
    with kept.uow.reading() as store:
        return _opened(store, store.course_as_it_stands(at.course_id), at, kept)


def save_form(
    at: FormAt, read: ReadDraft, *, revision: int, kept: Kept, is_final: bool = False, comment: str | None = None
) -> Saved:
    """Store what was read, and finalise if asked to; what cannot be stored stops all of it. A comment of None stays."""
    noted = None if comment is None else checked_comment(comment, today=today(kept.uow.clock))
    with kept.uow() as store:
        course = store.course_to_keep(at.course_id)
        opened = _opened(store, course, at, kept)
        _check_open(opened, course, revision)
        draft = read(opened)
        filled = opened.form.filled(draft.document, opened.context)
        wrong = (*draft.problems, *filled.problems(), *consent_problems(opened, draft.document["answers"]))
        if wrong:
            return Saved(opened=opened, draft=draft, problems=wrong)
        missing = (*filled.complete(), *contact_problems(opened, draft)) if is_final else ()
        consent = course.has_consented, course.consent_reason
        after = _write(store, course, opened, filled, at.by, is_final=is_final and not missing, comment=noted)
        if (course.has_consented, course.consent_reason) != consent:
            repeat_consent(store, course, at.form, by=at.by, persons=kept.persons, day=today(kept.uow.clock))
        drop_draft(store, at.course_id, at.form, at.by.actor)
        is_finalised = is_final and not missing
        return Saved(opened=after, draft=draft, problems=missing, is_stored=True, is_finalised=is_finalised)


def reopen_form(at: FormAt, *, reason: str, kept: Kept) -> None:
    """Open a locked form again; the reason is kept in the log."""
    with kept.uow() as store:
        course = store.course_to_keep(at.course_id)
        opened = _opened(store, course, at, kept)
        state = state_after_reopen(opened.state, role=at.by.role, reason=reason)
        row = store.form(at.course_id, at.form)
        if row is None:
            raise NotFound
        row.state, row.finalised_at, row.finalised_by = state, None, None
        _note_state(course, opened, state)
        store.keep_course(course)
        store.emit(FormReopened(course_id=course.course_id, pid=course.pid, form=at.form))
        store.log_access(access_of(course, at.form, at.by, "reopen", {"reason": reason.strip()}))


def _opened(store: Store, course: CourseRow, at: FormAt, kept: Kept) -> OpenForm:
    if not at.sees(course):
        raise NotFound
    return read_form(store, course, at.form, kept.persons, today(kept.uow.clock))


def keep_contact(saved: Saved, persons: PersonStore) -> None:
    """Keep what was written about how to reach the person; it belongs to the person store."""
    facts, written = saved.opened.facts, saved.draft.person
    given = {name: written[name] or "" for name in ("phone", "email") if name in written}
    if facts is None or all(getattr(facts, name) == value for name, value in given.items()):
        return
    persons.keep(replace(facts, phone=given.get("phone", facts.phone), email=given.get("email", facts.email)))


def _check_open(opened: OpenForm, course: CourseRow, revision: int) -> None:
    is_open = opened.form.key in opened.registry.forms_of_type(course.course_type)
    state_after_save(shown_state(opened.state, is_open=is_open))
    if revision != opened.revision:
        raise RuleBroken("form_changed_meanwhile")


def _write(
    store: Store,
    course: CourseRow,
    opened: OpenForm,
    filled: Filled,
    by: Principal,
    *,
    is_final: bool,
    comment: str | None,
) -> OpenForm:
    row = _row(store, course, opened, filled, by, is_final=is_final)
    store.keep_form(course.registry_key, row, filled.standing_stored)
    follow_answers(store, course, opened, filled.values)
    _note_state(course, opened, FormState(row.state))
    comment = opened.comment if comment is None else comment
    noted = keep_comment(store, course, opened.form.key, opened.comment, comment)
    store.keep_course(course)
    if is_final:
        store.emit(_finalised(course, opened, filled.values))
    changed = {**told_of(opened, row), **noted}
    store.log_access(access_of(course, opened.form.key, by, "finalise" if is_final else "write", changed))
    return replace(opened, document=row.document, state=FormState(row.state), revision=row.revision, comment=comment)


def _row(
    store: Store, course: CourseRow, opened: OpenForm, filled: Filled, by: Principal, *, is_final: bool
) -> FormRow:
    return FormRow(
        course_id=course.course_id,
        form=opened.form.key,
        definition_version=opened.form.version,
        document=filled.kept(),
        state=state_after_finalise(opened.state, missing=0) if is_final else state_after_save(opened.state),
        revision=opened.revision + 1,
        saved_at=store.now,
        saved_by=by.actor,
        finalised_at=store.now if is_final else None,
        finalised_by=by.actor if is_final else None,
    )


def _note_state(course: CourseRow, opened: OpenForm, state: FormState) -> None:
    digits = list(course.form_status)
    digits[opened.registry.form_keys.index(opened.form.key)] = str(int(state))
    if (status := "".join(digits)) != course.form_status:
        course.form_status = status


def _finalised(course: CourseRow, opened: OpenForm, values: Mapping[str, Any]) -> FormFinalised:
    place = opened.registry.rules.course.get("ended_on")
    ended = values.get(place.question) if place and place.form == opened.form.key else None
    return FormFinalised(
        course_id=course.course_id,
        pid=course.pid,
        registry=course.registry_key,
        organisation=course.organisation,
        form=opened.form.key,
        definition_version=opened.form.version,
        ended_on=date.fromisoformat(ended) if ended else None,
    )
