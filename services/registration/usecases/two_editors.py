"""Somebody else saved while a form was open: what both have written since is put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.registration.domain.change_log import BY, COMMENT
from services.registration.domain.merge import Merged, Side, merge, merged_set
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.course_forms import OpenForm
from shared.audit.history import changes_of
from shared.forms.compiled import CompiledForm
from shared.forms.draft import Draft

State = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Mine:
    """What one editor has typed: read upon the state `base`, None if nobody knows that state."""

    draft: Draft
    comment: str | None
    base: State | None


@dataclass(frozen=True, kw_only=True)
class Joined:
    """What both wrote, as a form and as differences to show."""

    merged: Merged
    draft: Draft
    comment: str | None


@dataclass(frozen=True, kw_only=True)
class LastSave:
    """Who it was, by the name they had then as far as it is known, and when."""

    actor: str
    name: str
    at: datetime


def state_of(opened: OpenForm) -> dict[str, Any]:
    """All that a page begins with, contact data and comment included."""
    return {
        "answers": {**opened.document["answers"], **_contact(opened), COMMENT: opened.comment or None},
        "confirmed": list(opened.document.get("confirmed", ())),
    }


def at_state(opened: OpenForm, base: State | None, revision: int) -> OpenForm:
    """The form as it stood when a page was opened; as it stands now where that is not known."""
    if base is None:
        return replace(opened, revision=revision)
    answers = {key: value for key, value in base["answers"].items() if key not in _outside(opened.form)}
    document = {**opened.document, "answers": answers, "confirmed": list(base["confirmed"])}
    return replace(opened, document=document, revision=revision, comment=base["answers"].get(COMMENT) or "")


def says_more(opened: OpenForm, mine: Mine) -> bool:
    """Whether what was typed differs from what the form holds."""
    now = state_of(opened)
    own = _own_answers(opened, mine, now)
    confirmed = mine.draft.document.get("confirmed", ())
    differs = merge(now["answers"], own, now["answers"]).only_mine or set(confirmed) != set(now["confirmed"])
    return bool(mine.draft.typed or differs)


def join(now: OpenForm, mine: Mine, picks: Mapping[str, Side]) -> Joined:
    """Both editors' answers upon the newest revision; `merged.asked` holds what somebody must choose or has chosen."""
    theirs, base = state_of(now), mine.base
    known = base or theirs
    own = _own_answers(now, mine, known)
    merged = merge(base["answers"] if base else None, own, theirs["answers"], picks)
    outside, own_confirmed = _outside(now.form), mine.draft.document.get("confirmed", ())
    document = {
        **now.document,
        "answers": {key: value for key, value in merged.answers.items() if key not in outside},
        "confirmed": merged_set(known["confirmed"], own_confirmed, theirs["confirmed"]),
    }
    person = {key: merged.answers.get(key) for key in outside - {COMMENT}}
    comment = None if mine.comment is None else merged.answers.get(COMMENT, "")
    return Joined(merged=merged, draft=replace(mine.draft, document=document, person=person), comment=comment)


def last_save(at: FormAt, kept: Kept) -> LastSave:
    """Who saved a form last, and when; before the first save the moment is now."""
    with kept.uow.reading() as store:
        row = store.form(at.course_id, at.form)
        if row is None:
            return LastSave(actor=at.by.actor, name="", at=store.now)
        pid = store.course_as_it_stands(at.course_id).pid
        log = changes_of(store.session, kept.uow.kit.audit, pid, f"form:{at.course_id}/{at.form}")
    names = (one.change.get(BY, "") for one in reversed(log) if one.actor == row.saved_by)
    return LastSave(actor=row.saved_by, name=next(filter(None, names), ""), at=row.saved_at)


def _own_answers(opened: OpenForm, mine: Mine, base: State) -> dict[str, Any]:
    before = {key: base["answers"].get(key) for key in _outside(opened.form)}
    if mine.comment is not None:
        before[COMMENT] = mine.comment.replace("\r\n", "\n").strip() or None
    return {**mine.draft.document["answers"], **before, **mine.draft.person}


def _contact(opened: OpenForm) -> dict[str, Any]:
    asked = (key for key, question in opened.form.questions.items() if question.in_person_store)
    return {key: getattr(opened.facts, key, None) or None for key in asked}


def _outside(form: CompiledForm) -> frozenset[str]:
    """What stands on the page and not in the document."""
    return frozenset({COMMENT, *(key for key, question in form.questions.items() if question.in_person_store)})
