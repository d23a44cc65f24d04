"""Add a user without an application: the first coordinator of a registry, and the users of a demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.identity.domain.application import Position, read_details
from services.identity.domain.errors import FormRefused
from services.identity.domain.password import faults, first_password
from services.identity.domain.roles import Place, RoleCode, check_place
from services.identity.store.store import Store, taken
from services.identity.usecases.accounts import Hashed, WorkPlace, grant, open_account, send_first_password
from services.identity.usecases.acting import log_act
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import PasswordHasher
from shared.auth.principal import Kind, Principal
from shared.db.errors import ConstraintBroken
from shared.outbox.unit_of_work import UnitOfWork

OPERATOR = Principal(kind=Kind.SERVICE, subject="operator")


def add_user(
    fields: Mapping[str, str],
    roles: Sequence[tuple[Place, RoleCode]],
    *,
    password: str | None = None,
    department: int | None = None,
    messages: Messages,
    hasher: PasswordHasher,
    uow: UnitOfWork[Store],
) -> int:
    """Open an account with roles and return its id; `fields` as in the form (user_name, full_name, mobile, email).

    Without `password` a first one goes by SMS. With it the account is ready for use; that is for demo data only.
    """
    details = read_details(fields)
    hashed = _hashed(password, details.user_name, hasher)
    for place, role in roles:
        check_place(role, place)
    work = _work_place(fields, department)
    try:
        with uow() as store:
            row = open_account(store, details, work, hashed, messages)
            if hashed.is_first:
                send_first_password(store, row, hashed, messages)
            for place, role in roles:
                grant(store, row.user_id, role, place, by=None)
            log_act(store, OPERATOR, f"user:{row.user_id}", reason="added by the operator")
            return row.user_id
    except ConstraintBroken as error:
        raise taken(error) or error from error


def _work_place(fields: Mapping[str, str], department: int | None) -> WorkPlace:
    position = Position(fields.get("position", Position.OTHER)).value
    return WorkPlace(position=position, department=department, language=fields.get("language", "nb"))


def create_first_coordinator(
    registry: str,
    fields: Mapping[str, str],
    *,
    messages: Messages,
    hasher: PasswordHasher,
    uow: UnitOfWork[Store],
) -> int:
    """Add the first national coordinator (SC) of a registry, who approves all others; returns the user id."""
    roles = [(Place(registry=registry, organisation=None), RoleCode.SC)]
    return add_user(fields, roles, messages=messages, hasher=hasher, uow=uow)


def _hashed(password: str | None, user_name: str, hasher: PasswordHasher) -> Hashed:
    if password is None:
        secret = first_password()
        return Hashed(password=secret, stored=hasher.hash(secret), is_first=True)
    wrong = faults(password, user_name=user_name, is_common=False)
    if wrong:
        raise FormRefused({"password": wrong[0]})
    return Hashed(password=password, stored=hasher.hash(password), is_first=False)
