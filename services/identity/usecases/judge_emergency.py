"""Say what a national coordinator thinks of access that was given in an emergency."""

from __future__ import annotations

from typing import Any

from services.identity.domain.account import checked_reason
from services.identity.domain.emergency import Judgement, check_judge
from services.identity.domain.errors import NotFound
from services.identity.domain.roles import RoleCode, see
from services.identity.store.store import Store
from services.identity.store.users import place_of
from services.identity.usecases.accounts import withdraw
from services.identity.usecases.acting import administrator, log_act
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def judge_emergency(role_id: int, judgement: Judgement, remark: str, *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Write the judgement down with a remark; access that is not approved ends at once if it still counts."""
    remark = checked_reason(remark)
    with uow() as store:
        admin = administrator(store, by)
        row, role = store.emergencies.get(role_id), store.users.given_role(role_id)
        see(admin, place_of(role))
        if admin.role is not RoleCode.SC:
            raise NotFound
        check_judge(admin.user_id, judged=row.verdict, involved=(role.user_id, role.granted_by))
        store.emergencies.judge(row, judgement, remark, by=admin.user_id)
        change: dict[str, Any] = {"emergency": [role_id, judgement.value]}
        if judgement is Judgement.NOT_APPROVED and store.users.role(role_id) is not None:
            withdraw(store, role, by=admin.user_id)
            change["role"] = [role.role, None]
        log_act(store, by, f"user:{role.user_id}/role", reason=remark, change=change)
