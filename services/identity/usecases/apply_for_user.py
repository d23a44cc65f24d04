"""Take in an application ("Ny bruker"). What is already known about anybody changes nothing in the answer."""

from __future__ import annotations

from collections.abc import Mapping

from services.identity.domain.application import Details, State, Wish, read_details, read_wish
from services.identity.domain.errors import FormRefused
from services.identity.store.applications import new_id
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from services.identity.store.tables import ApplicationRow
from shared.outbox.unit_of_work import UnitOfWork

WARN_JOB = "warn_owners"


def apply_for_user(fields: Mapping[str, str], *, language: str, seals: Seals, uow: UnitOfWork[Store]) -> str:
    """Store the application for the coordinator and return its id; raises FormRefused with all wrong fields."""
    with uow() as store:
        details, wish = _read(fields, store)
        application_id = new_id()
        row = _row(application_id, wish, language, store)
        row.details = seals.seal_details(details, application_id=application_id)
        found = seals.fingerprints(details)
        row.user_name_hash, row.mobile_hash, row.email_hash = found.user_name, found.mobile, found.email
        store.applications.add(row)
        # For every application, so that the answer takes the same time whether anybody is warned or not.
        store.enqueue(WARN_JOB, key=f"warn:{application_id}", application_id=application_id)
        return application_id


def apply_for_access(user_id: int, fields: Mapping[str, str], *, language: str, uow: UnitOfWork[Store]) -> str:
    """Store the application of somebody who has an account and wants a further place; returns its id."""
    with uow() as store:
        store.users.get(user_id)
        application_id = new_id()
        row = _row(application_id, read_wish(fields, store.units.choices()), language, store)
        row.applicant = user_id
        store.applications.add(row)
        return application_id


def _read(fields: Mapping[str, str], store: Store) -> tuple[Details, Wish]:
    errors: dict[str, str] = {}
    details = wish = None
    try:
        details = read_details(fields)
    except FormRefused as refused:
        errors |= refused.errors
    try:
        wish = read_wish(fields, store.units.choices())
    except FormRefused as refused:
        errors |= refused.errors
    if details is None or wish is None:
        raise FormRefused(errors)
    return details, wish


def _row(application_id: str, wish: Wish, language: str, store: Store) -> ApplicationRow:
    return ApplicationRow(
        application_id=application_id,
        position=wish.position.value,
        department=wish.department,
        registry_key=wish.place.registry,
        organisation=wish.place.organisation,
        language=language,
        applied_at=store.now,
        state=State.WAITING.value,
        reason="",
    )
