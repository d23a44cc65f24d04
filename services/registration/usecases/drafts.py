"""What was typed and not saved: kept for its writer, never part of the form, and forgotten in time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.registration.domain.errors import NotFound
from services.registration.store.drafts import drop_draft, drop_drafts_before, find_draft, put_draft
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from services.registration.usecases.course_at import FormAt, Kept
from shared.audit.log import Access
from shared.outbox.unit_of_work import UnitOfWork

KEPT_FOR = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The fields of a page as they were typed, and the state of the form on which that was done.

    `opening` names the page that was open: what it sends again and again is one access. `base` is None where nobody
    knows any more what the writer saw.
    """

    fields: Mapping[str, Sequence[str]]
    opening: str
    revision: int
    base: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class KeptDraft:
    """A draft as its writer gets it back."""

    typed: Typed
    saved_at: datetime


def keep_draft(at: FormAt, typed: Typed, kept: Kept) -> datetime:
    """Keep what was typed, in place of what the same writer typed before; the form stays as it is."""
    with kept.uow() as store:
        course = _course(store, at)
        before = find_draft(store, at.course_id, at.form, at.by.actor)
        text = json.dumps({"fields": {k: list(v) for k, v in typed.fields.items()}, "base": typed.base})
        values = {
            "course_id": at.course_id,
            "form": at.form,
            "actor": at.by.actor,
            "opening": typed.opening,
            "revision": typed.revision,
            "content": kept.persons.seal(course.pid, text, bound_to=_bound(at)),
            "saved_at": store.now,
        }
        put_draft(store, values)
        if before is None or before.opening != typed.opening:
            store.log_access(_access(course, at, "write"))
        return store.now


def open_draft(at: FormAt, kept: Kept) -> KeptDraft | None:
    """The writer's own draft, if there is one; that it was read is in the log first."""
    with kept.uow.reading() as store:
        course = _course(store, at)
        row = find_draft(store, at.course_id, at.form, at.by.actor)
    if row is None:
        return None
    with kept.uow() as store:
        store.log_access(_access(course, at, "read"))
    said = json.loads(kept.persons.open(course.pid, row.content, bound_to=_bound(at)))
    typed = Typed(fields=said["fields"], opening=row.opening, revision=row.revision, base=said["base"])
    return KeptDraft(typed=typed, saved_at=row.saved_at)


def throw_away(at: FormAt, kept: Kept) -> None:
    """Forget the writer's own draft."""
    with kept.uow() as store:
        course = _course(store, at)
        if find_draft(store, at.course_id, at.form, at.by.actor) is not None:
            drop_draft(store, at.course_id, at.form, at.by.actor)
            store.log_access(_access(course, at, "delete"))


def drop_old_drafts(uow: UnitOfWork[Store]) -> None:
    """Forget the drafts of two weeks ago."""
    with uow() as store:
        drop_drafts_before(store, store.now - KEPT_FOR)


def _course(store: Store, at: FormAt) -> CourseRow:
    course = store.course_as_it_stands(at.course_id)
    if not at.sees(course):
        raise NotFound
    return course


def _bound(at: FormAt) -> str:
    return f"draft/{at.course_id}/{at.form}/{at.by.actor}"


def _access(course: CourseRow, at: FormAt, action: str) -> Access:
    thing = f"draft:{at.course_id}/{at.form}"
    return Access.by(at.by, registry=course.registry_key, pid=course.pid, action=action, object=thing, reason="care")
