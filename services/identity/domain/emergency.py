"""Emergency access: a role for an hour without an application, and a national coordinator who looks at it after."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from services.identity.domain.errors import RuleBroken
from services.identity.domain.roles import LOCAL, RoleCode


class Judgement(StrEnum):
    """What a national coordinator says of it."""

    APPROVED = "approved"
    NOT_APPROVED = "not_approved"


def check_emergency_role(role: RoleCode) -> None:
    """Raise unless the role may be given in an emergency: local ones only."""
    if role not in LOCAL:
        raise RuleBroken("emergency_gives_local_roles")


def check_judge(judge: int | None, *, judged: str | None, involved: Collection[int | None]) -> None:
    """Raise unless the judge may judge: once, and neither who gave the access nor who got it."""
    if judged is not None:
        raise RuleBroken("emergency_is_judged")
    if judge in involved:
        raise RuleBroken("own_access")
