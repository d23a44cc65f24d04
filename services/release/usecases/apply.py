"""Applying: keep a draft, send it in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from services.release.domain import application as rules
from services.release.domain import research
from services.release.domain.application import Kind, State
from services.release.domain.catalog import Catalog
from services.release.domain.errors import NotFound, RuleBroken
from services.release.domain.research import Allowed
from services.release.store.store import Store, application_of
from services.release.store.tables import ApplicationRow
from services.release.usecases.acting import note
from services.release.usecases.ports import RecipientKeys
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import oslo

_LONGEST_TITLE = 200


def start_application(
    registry: str, content: Mapping[str, Any], *, by: Principal, catalog: Catalog, uow: UnitOfWork[Store]
) -> str:
    """Keep a new draft and return its id."""
    if registry not in catalog:
        raise NotFound
    with uow() as store:
        row = ApplicationRow(
            application_id=uuid.uuid4().hex,
            registry_key=registry,
            applicant=by.subject,
            kind=Kind.RESEARCH,
            state=State.DRAFT,
            created_at=store.now,
        )
        _fill(row, content)
        store.add(row)
        note(store, row.application_id, "drafted", by)
        return row.application_id


def save_draft(application_id: str, content: Mapping[str, Any], *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Keep what was typed, right or wrong."""
    with uow() as store:
        row = store.application(application_id, applicant=by.subject)
        if row.state != State.DRAFT:
            raise RuleBroken("application_is_not_draft")
        _fill(row, content)


def submit(
    application_id: str, *, by: Principal, catalog: Catalog, recipient_keys: RecipientKeys, uow: UnitOfWork[Store]
) -> None:
    """Send an application in; raises FormRefused with every fault."""
    with uow() as store:
        row = store.application(application_id, applicant=by.subject)
        today = oslo(store.now).date()
        if row.state == State.DRAFT:
            forms = [form.key for form in catalog[row.registry_key].forms]
            research.check(row.content, Allowed(forms=forms, today=today, is_recipient_key=recipient_keys.is_valid))
        received = rules.submit(application_of(row), today=today)
        row.state, row.received_on = received.state, received.received_on
        note(store, application_id, "submitted", by)


def remove_draft(application_id: str, *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Throw a draft away."""
    with uow() as store:
        row = store.application(application_id, applicant=by.subject)
        if row.state != State.DRAFT:
            raise RuleBroken("application_is_not_draft")
        store.session.delete(row)


def _fill(row: ApplicationRow, content: Mapping[str, Any]) -> None:
    row.title = content["title"][:_LONGEST_TITLE]
    row.content = dict(content)
    row.has_rec_approval, row.is_commercial = bool(content["rec_number"]), content["is_commercial"]
