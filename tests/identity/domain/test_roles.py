"""Who looks after whom."""

from __future__ import annotations

import pytest

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.roles import Administrator, Place, RoleCode, check_place, give, grantable, see

HERE = Place(registry="smertereg", organisation=10)
THERE = Place(registry="smertereg", organisation=20)
OTHER = Place(registry="norpain", organisation=10)


def admin(role, place=HERE, user_id=7):
    return Administrator(user_id=user_id, role=role, place=place)


@pytest.mark.req("IDN-02", "IDN-07")
def test_a_local_coordinator_sees_the_own_organisation_only():
    see(admin(RoleCode.LC), HERE)
    for place in (THERE, OTHER):
        with pytest.raises(NotFound):
            see(admin(RoleCode.LC), place)


@pytest.mark.req("IDN-02", "IDN-07")
def test_a_national_coordinator_sees_the_whole_registry_and_no_other():
    see(admin(RoleCode.SC), THERE)
    with pytest.raises(NotFound):
        see(admin(RoleCode.SC), OTHER)


@pytest.mark.req("IDN-07")
@pytest.mark.parametrize("role", [role for role in RoleCode if role not in {RoleCode.LC, RoleCode.SC}])
def test_all_others_see_nobody(role):
    with pytest.raises(NotFound):
        see(admin(role), HERE)


@pytest.mark.req("IDN-02", "IDN-08")
def test_a_local_coordinator_gives_local_roles_and_nobody_helps_themselves():
    give(admin(RoleCode.LC), RoleCode.LC, to=8)
    give(admin(RoleCode.SC), RoleCode.PVO, to=8)
    with pytest.raises(RuleBroken, match="role_not_yours_to_give"):
        give(admin(RoleCode.LC), RoleCode.SC, to=8)
    with pytest.raises(RuleBroken, match="own_access"):
        give(admin(RoleCode.SC), RoleCode.LC, to=7)


@pytest.mark.req("IDN-07")
def test_what_may_be_given_and_where_it_is_held():
    assert grantable(RoleCode.LC) == (RoleCode.LU, RoleCode.LC)
    assert set(grantable(RoleCode.SC)) == set(RoleCode)
    check_place(RoleCode.SC, Place(registry="smertereg", organisation=None))
    with pytest.raises(RuleBroken, match="role_needs_organisation"):
        check_place(RoleCode.LU, Place(registry="smertereg", organisation=None))
