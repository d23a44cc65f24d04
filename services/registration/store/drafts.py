"""Drafts in the health database: one a writer and form, and gone when the form is saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.dialects import postgresql, sqlite

from services.registration.store.store import Store
from services.registration.store.tables import DraftRow
from shared.db.direct import run

# Every save runs this; it is built once.
_DROP = text("DELETE FROM draft WHERE course_id = :course_id AND form = :form AND actor = :actor")


def find_draft(store: Store, course_id: int, form: str, actor: str) -> DraftRow | None:
    """The draft of one writer, if there is one."""
    return store.session.get(DraftRow, (course_id, form, actor))


def put_draft(store: Store, values: dict[str, Any]) -> None:
    """Keep a draft, by its columns, in place of what its writer typed before."""
    insert = postgresql.insert if store.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(DraftRow).values(values)
    changed = {name: row.excluded[name] for name in ("opening", "revision", "content", "saved_at")}
    store.session.execute(row.on_conflict_do_update(index_elements=["course_id", "form", "actor"], set_=changed))


def drop_draft(store: Store, course_id: int, form: str, actor: str) -> None:
    """Forget the draft of one writer."""
    values = {"course_id": course_id, "form": form, "actor": actor}
    if store.session.get_bind().dialect.name == "postgresql":
        run(store.session.connection(), _DROP, values)
    else:
        store.session.execute(_DROP, values)


def drop_drafts_before(store: Store, moment: datetime) -> int:
    """Forget the drafts that nobody has touched since; returns how many there were."""
    gone = delete(DraftRow).where(DraftRow.saved_at < moment).returning(DraftRow.course_id)
    return len(store.session.execute(gone).all())
