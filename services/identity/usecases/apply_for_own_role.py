"""Ask for another role in the place of an own one; somebody else decides."""

from __future__ import annotations

from services.identity.domain.application import State
from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.roles import LOCAL, RoleCode, check_place
from services.identity.store.applications import new_id
from services.identity.store.store import Store
from services.identity.store.tables import ApplicationRow, RoleRow
from services.identity.store.users import place_of
from services.identity.usecases.acting import administrator, log_act
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def apply_for_own_role(role_id: int, role: RoleCode, *, by: Principal, uow: UnitOfWork[Store]) -> str:
    """Put a coordinator's wish into the queue of the organisation and return its id; only one may wait for a role."""
    with uow() as store:
        admin = administrator(store, by)
        held = store.users.role(role_id)
        if held is None or held.user_id != admin.user_id:
            raise NotFound
        if role not in LOCAL:
            raise RuleBroken("application_gives_local_roles")
        check_place(role, place_of(held))
        if held.role == role:
            raise RuleBroken("role_is_held")
        if role_id in {row.replaces for row in store.applications.waiting()}:
            raise RuleBroken("application_waits")
        row = _row(store, held, role)
        store.applications.add(row)
        change = {"state": [None, "waiting"], "role": [held.role, role.value]}
        log_act(store, by, f"application:{row.application_id}", reason="own", change=change)
        return row.application_id


def _row(store: Store, held: RoleRow, role: RoleCode) -> ApplicationRow:
    user = store.users.get(held.user_id)
    return ApplicationRow(
        application_id=new_id(),
        applicant=user.user_id,
        position=user.position,
        department=user.department or held.organisation,
        registry_key=held.registry_key,
        organisation=held.organisation,
        language=user.language,
        applied_at=store.now,
        state=State.WAITING.value,
        wished_role=role.value,
        replaces=held.role_id,
        reason="",
    )
