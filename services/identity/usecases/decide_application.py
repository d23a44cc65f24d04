"""Approve or reject an application for access."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

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
from services.identity.domain.roles import Administrator, Place, RoleCode, check_end, give, see
from services.identity.store.applications import application_of
from services.identity.store.seals import Seals
from services.identity.store.store import Store, taken
from services.identity.store.tables import ApplicationRow
from services.identity.usecases.accounts import (
    Hashed,
    WorkPlace,
    given,
    grant,
    open_account,
    replace_role,
    send_first_password,
)
from services.identity.usecases.acting import administrator, log_act
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import PasswordHasher
from shared.auth.principal import Principal
from shared.db.errors import ConstraintBroken
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What a coordinator gives: the role, until when, and another user name where the wished one is taken."""

    role: RoleCode
    user_name: str | None
    ends_at: datetime | None


def approve_application(
    application_id: str,
    role: RoleCode,
    *,
    user_name: str | None = None,
    ends_at: datetime | None = None,
    by: Principal,
    messages: Messages,
    hasher: PasswordHasher,
    uow: UnitOfWork[Store],
) -> int:
    """Give the applicant the role, and a new one an account and a first password; returns the user id.

    `user_name` replaces a user name that another account has; the applicant is told it with the password. A
    substitute gets the role until `ends_at`.
    """
    secret = first_password()
    hashed = Hashed(password=secret, stored=hasher.hash(secret), is_first=True)
    try:
        with uow() as store:
            check_end(ends_at, store.now)
            approval = Approval(role=role, user_name=user_name, ends_at=ends_at)
            return _approve(store, application_id, approval, by, messages, hashed)
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
    approval: Approval,
    by: Principal,
    messages: Messages,
    hashed: Hashed,
) -> int:
    role = approval.role
    row, application, admin, details = _open(store, application_id, by, messages.seals)
    give(admin, role, to=application.applicant)
    details, replaced = _renamed(details, approval.user_name, application)
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
    _give(store, row, account.user_id, approval, by=admin.user_id)
    change = {"state": ["waiting", "approved"], **given(role, approval.ends_at), "user": [None, account.user_id]}
    log_act(store, by, f"application:{application_id}", reason="", change=change)
    return account.user_id


def _give(store: Store, row: ApplicationRow, user_id: int, approval: Approval, *, by: int | None) -> None:
    """Give the role, in the place of the one it is wished instead of if that is still held."""
    old = store.users.role(row.replaces)
    if old is None:
        place = Place(registry=row.registry_key, organisation=row.organisation)
        grant(store, user_id, approval.role, place, by=by, ends_at=approval.ends_at)
    elif old.role == approval.role:
        raise RuleBroken("role_is_held")
    else:
        replace_role(store, old, approval.role, by=by, ends_at=approval.ends_at or old.ends_at)


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
