"""Applications for access."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.identity.domain.application import (
    Application,
    Choices,
    Conflict,
    Position,
    State,
    approved,
    narrowed,
    read_details,
    read_wish,
    rejected,
)
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.domain.organisation import Tree, Unit, UnitKind
from services.identity.domain.roles import Place, RoleCode

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TREE = Tree(
    [
        Unit(resh=1, kind=UnitKind.REGION, name="Helse Nord"),
        Unit(resh=2, kind=UnitKind.REGION, name="Helse Vest"),
        Unit(resh=10, kind=UnitKind.ORGANISATION, name="Nordsykehuset", parent=1),
        Unit(resh=20, kind=UnitKind.ORGANISATION, name="Vestsykehuset", parent=2),
        Unit(resh=21, kind=UnitKind.ORGANISATION, name="Nedlagt", parent=2, is_active=False),
        Unit(resh=200, kind=UnitKind.CLINIC, name="Kirurgi", parent=20),
        Unit(resh=2000, kind=UnitKind.DEPARTMENT, name="Smerteavdeling", parent=200),
    ]
)
CHOICES = Choices(tree=TREE, participants={"smertereg": [10, 20, 21], "norpain": [10]})
DETAILS = {"user_name": "kari", "full_name": "Kari  Prøve", "mobile": "40 00 00 01", "email": "Kari@Sykehus.NO"}
WISH = {
    "position": "nurse",
    "region": "2",
    "organisation": "20",
    "clinic": "200",
    "department": "2000",
    "registry": "smertereg",
    "applied_organisation": "20",
}
WAITING = Application(state=State.WAITING, place=Place(registry="smertereg", organisation=20), applicant=None)


@pytest.mark.req("IDN-01")
def test_details_are_cleaned():
    details = read_details(DETAILS)

    assert (details.full_name, details.mobile, details.email) == ("Kari Prøve", "+4740000001", "Kari@sykehus.no")
    assert "Kari" not in repr(details)


@pytest.mark.req("IDN-01")
@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("user_name", "k", "user_name_malformed"),
        ("user_name", "1kari", "user_name_malformed"),
        ("user_name", "kari nordmann", "user_name_malformed"),
        ("mobile", "22 22 22 22", "mobile_malformed"),
        ("mobile", "123", "mobile_malformed"),
        ("mobile", "+1 212 555 01", "mobile_malformed"),
        ("email", "kari@sykehus", "email_malformed"),
        ("email", "kari sykehus.no", "email_malformed"),
        ("full_name", "x", "full_name_missing"),
        ("full_name", "", "required"),
    ],
)
def test_a_wrong_field_is_named(field, text, code):
    with pytest.raises(FormRefused) as refused:
        read_details({**DETAILS, field: text})

    assert refused.value.errors == {field: code}


@pytest.mark.req("IDN-01")
def test_all_wrong_fields_are_named_at_once():
    with pytest.raises(FormRefused) as refused:
        read_details({})

    assert set(refused.value.errors) == set(DETAILS)


@pytest.mark.req("IDN-01")
def test_each_list_narrows_the_next():
    nothing, vest = narrowed({}, CHOICES), narrowed(WISH, CHOICES)

    assert (nothing["region"], nothing["organisation"], nothing["registry"]) == (["1", "2"], [], [])
    assert (vest["organisation"], vest["clinic"], vest["department"]) == (["20"], ["200"], ["2000"])
    assert (vest["registry"], vest["applied_organisation"]) == (["smertereg"], ["20"])
    assert narrowed({"region": "1"}, CHOICES)["registry"] == ["smertereg", "norpain"]


@pytest.mark.req("IDN-01")
def test_a_complete_wish_is_read():
    wish = read_wish(WISH, CHOICES)

    assert (wish.position, wish.department, wish.place) == (Position.NURSE, 2000, WAITING.place)


@pytest.mark.req("IDN-01")
@pytest.mark.parametrize(
    ("field", "text", "also"),
    [
        ("position", "king", set()),
        ("department", "200", set()),
        ("organisation", "10", {"clinic"}),
        ("registry", "norpain", {"applied_organisation"}),
        ("clinic", "201", {"department"}),
        ("applied_organisation", "21", set()),
        ("region", "²", {"organisation", "registry", "applied_organisation"}),
    ],
)
def test_a_choice_outside_its_list_is_refused_where_it_stands(field, text, also):
    with pytest.raises(FormRefused) as refused:
        read_wish({**WISH, field: text}, CHOICES)

    assert set(refused.value.errors) == {field} | also
    assert set(refused.value.errors.values()) == {"not_in_list"}


@pytest.mark.req("IDN-02")
def test_approval_gives_a_local_role():
    decided = approved(WAITING, RoleCode.LC, by=7, replaced=frozenset(), now=NOW)

    assert (decided.state, decided.role, decided.decided_by) == (State.APPROVED, RoleCode.LC, 7)
    with pytest.raises(RuleBroken, match="application_gives_local_roles"):
        approved(WAITING, RoleCode.SC, by=7, replaced=frozenset(), now=NOW)


@pytest.mark.req("IDN-02")
def test_a_conflict_must_be_solved_before_approval():
    clash = Application(**{**WAITING.__dict__, "conflicts": frozenset({Conflict.USER_NAME})})

    with pytest.raises(RuleBroken, match="user_name_taken"):
        approved(clash, RoleCode.LU, by=7, replaced=frozenset(), now=NOW)
    assert approved(clash, RoleCode.LU, by=7, replaced=frozenset({Conflict.USER_NAME}), now=NOW).role is RoleCode.LU


@pytest.mark.req("IDN-02")
def test_a_rejection_needs_a_reason_and_comes_once():
    with pytest.raises(RuleBroken, match="rejection_needs_reason"):
        rejected(WAITING, "  ", by=7, now=NOW)

    decided = rejected(WAITING, "Ukjent ved avdelingen", by=7, now=NOW)
    with pytest.raises(RuleBroken, match="application_is_decided"):
        approved(decided, RoleCode.LU, by=7, replaced=frozenset(), now=NOW)


@pytest.mark.req("IDN-02")
def test_nobody_decides_on_an_own_application():
    own = Application(**{**WAITING.__dict__, "applicant": 7})

    with pytest.raises(RuleBroken, match="own_access"):
        approved(own, RoleCode.LC, by=7, replaced=frozenset(), now=NOW)
    with pytest.raises(RuleBroken, match="own_access"):
        rejected(own, "nei", by=7, now=NOW)
