"""Approve or reject an application for access."""

from __future__ import annotations

from dataclasses import replace

from services.identity.domain.application import (
    Application,
    Conflict,
    Details,
    approved,
    read_user_name,
    rejected,
)
from services.identity.domain.errors import RuleBroken
from services.identity.domain.password import first_password
from services.identity.domain.roles import Administrator, RoleCode, give, see
from services.identity.store.applications import application_of
from services.identity.store.seals import Seals
from services.identity.store.store import Store, taken
from services.identity.store.tables import ApplicationRow
from services.identity.usecases.accounts import Hashed, WorkPlace, grant, open_account, send_first_password
from services.identity.usecases.acting import administrator, log_act
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import PasswordHasher
from shared.auth.principal import Principal
from shared.db.errors import ConstraintBroken
from shared.outbox.unit_of_work import UnitOfWork


def approve_application(
    application_id: str,
    role: RoleCode,
    *,
    user_name: str | None = None,
    by: Principal,
    messages: Messages,
    hasher: PasswordHasher,
    uow: UnitOfWork[Store],
) -> int:
    """Give the applicant the role, and a new one an account and a first password; returns the user id.

    `user_name` replaces a user name that another account has; the applicant is told it with the password.
    """
    secret = first_password()
    hashed = Hashed(password=secret, stored=hasher.hash(secret), is_first=True)
    try:
        with uow() as store:
            return _approve(store, application_id, role, user_name, by, messages, hashed)
    except ConstraintBroken as error:
        raise taken(error) or error from error


def reject_application(
    application_id: str, reason: str, *, by: Principal, messages: Messages, uow: UnitOfWork[Store]
) -> None:
    """Reject with a reason and tell the applicant."""
    with uow() as store:
        row, application, admin, details = _open(store, application_id, by, messages.seals)
        decided = rejected(application, reason, by=admin.user_id, now=store.now)
        messages.send_mail(store, details, "message.rejected", language=row.language, reason=decided.reason)
        store.applications.decide(row, decided)
        log_act(store, by, f"application:{application_id}", reason="", change={"state": ["waiting", "rejected"]})


def _approve(
    store: Store,
    application_id: str,
    role: RoleCode,
    user_name: str | None,
    by: Principal,
    messages: Messages,
    hashed: Hashed,
) -> int:
    row, application, admin, details = _open(store, application_id, by, messages.seals)
    give(admin, role, to=application.applicant)
    details, replaced = _renamed(details, user_name, application)
    decided = approved(application, role, by=admin.user_id, replaced=replaced, now=store.now)
    if application.applicant is None:
        work = WorkPlace(position=row.position, department=row.department, language=row.language)
        account = open_account(store, details, work, hashed, messages)
        send_first_password(store, account, hashed, messages)
    else:
        account = store.users.get(application.applicant)
    messages.send_mail(
        store, details, "message.approved", language=row.language, user_name=details.user_name, role=role.value
    )
    store.applications.decide(row, decided)
    grant(store, account.user_id, role, application.place, by=admin.user_id)
    change = {"state": ["waiting", "approved"], "role": [None, role.value], "user": [None, account.user_id]}
    log_act(store, by, f"application:{application_id}", reason="", change=change)
    return account.user_id


def _open(
    store: Store, application_id: str, by: Principal, seals: Seals
) -> tuple[ApplicationRow, Application, Administrator, Details]:
    admin = administrator(store, by)
    row = store.applications.get(application_id)
    application = application_of(row)
    see(admin, application.place)
    if application.applicant is not None:
        return row, application, admin, seals.details_of(store.users.get(application.applicant))
    if row.details is None:
        raise RuleBroken("application_is_decided")
    details = seals.open_details(row.details, application_id=application_id)
    owners = store.users.owners(seals.fingerprints(details))
    if admin.user_id in owners.values():
        raise RuleBroken("own_access")
    return row, replace(application, conflicts=frozenset(owners)), admin, details


def _renamed(details: Details, user_name: str | None, application: Application) -> tuple[Details, frozenset[Conflict]]:
    """A new user name counts only where the wished one is taken; nobody else's choice is overruled."""
    if user_name is None or Conflict.USER_NAME not in application.conflicts:
        return details, frozenset()
    return replace(details, user_name=read_user_name(user_name)), frozenset({Conflict.USER_NAME})
