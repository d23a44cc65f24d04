"""What coordinators do with users of their organisation."""

from __future__ import annotations

import pytest

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.roles import Place, RoleCode
from services.identity.queries.users import ManagedUsers
from services.identity.usecases.add_user import create_first_coordinator
from services.identity.usecases.change_role import change_role, give_role, take_role
from services.identity.usecases.choose_role import choose_role
from services.identity.usecases.deactivate_user import deactivate_user
from services.identity.usecases.end_sessions import end_own_sessions, end_sessions
from services.identity.usecases.reset_password import reactivate_user, reset_password
from shared.contracts.identity import RoleChanged, SessionsRevoked, UserDeactivated
from tests.identity.world import HERE, NATIONAL, THERE, acting

WHY = "har sluttet"


@pytest.fixture
def coordinator(identity):
    return acting(identity.add("lise", (HERE, RoleCode.LC)))


@pytest.fixture
def kari(identity):
    return identity.add("kari", (HERE, RoleCode.LU))


def is_live(identity, done):
    with identity.uow() as store:
        return store.log_ins.sign_on(done.sid).ended_at is None


def role_id(identity, user_id, number=0):
    with identity.uow() as store:
        return store.users.roles_of(user_id)[number].role_id


def means(identity):
    return {"messages": identity.messages, "hasher": identity.hasher, "uow": identity.uow}


@pytest.mark.req("IDN-08")
def test_a_deactivated_user_is_out_everywhere_at_once(identity, coordinator, kari):
    done = identity.log_in("kari")

    deactivate_user(kari, reason=WHY, by=coordinator, uow=identity.uow)

    assert not is_live(identity, done)
    told, revoked = identity.events()[-2:]
    assert told == UserDeactivated(user_id=kari)
    assert isinstance(revoked, SessionsRevoked)
    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        identity.start("kari")
    assert identity.log()[-1] == (coordinator.actor, f"user:{kari}", WHY, {"status": ["active", "deactivated"]})


@pytest.mark.req("IDN-08")
def test_a_reactivated_user_begins_with_a_first_password(identity, coordinator, kari):
    deactivate_user(kari, reason=WHY, by=coordinator, uow=identity.uow)
    identity.sent()

    reactivate_user(kari, reason="er tilbake", by=coordinator, **means(identity))

    first = identity.sent("sms")[0][1].split("password=")[1]
    assert identity.log_in("kari", first).user_id == kari
    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        identity.start("kari")


@pytest.mark.req("IDN-08")
def test_a_reset_opens_an_account_that_wrong_codes_had_closed(identity, coordinator, kari):
    begun = identity.start("kari")
    with identity.uow() as store:
        for _ in range(20):
            counter = identity.seals.counter_hash("codes", str(kari))
            store.log_ins.take_back(counter, lambda tries: type(tries)(failures=tries.failures + 1))
    with pytest.raises(RuleBroken, match="account_locked"):
        identity.confirm(begun, "000000")
    identity.sent()

    reset_password(kari, reason="låst", by=coordinator, **means(identity))

    first = identity.sent("sms")[0][1].split("password=")[1]
    assert identity.log_in("kari", first)
    assert identity.log()[-1][1:3] == (f"user:{kari}/password", "låst")


@pytest.mark.req("IDN-08")
def test_a_changed_role_ends_the_log_ins_and_is_told(identity, coordinator, kari):
    done = identity.log_in("kari")

    change_role(role_id(identity, kari), RoleCode.LC, reason="ny oppgave", by=coordinator, uow=identity.uow)

    assert not is_live(identity, done)
    assert identity.events()[-2] == RoleChanged(user_id=kari, registry="smertereg", organisation=10, role="LC")
    assert identity.log()[-1][3] == {"role": ["LU", "LC"]}
    with pytest.raises(RuleBroken, match="role_is_held"):
        change_role(role_id(identity, kari), RoleCode.LC, reason="igjen", by=coordinator, uow=identity.uow)


@pytest.mark.req("IDN-08")
def test_without_the_last_role_the_account_opens_nothing(identity, coordinator, kari):
    take_role(role_id(identity, kari), reason=WHY, by=coordinator, uow=identity.uow)

    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        identity.start("kari")
    with pytest.raises(NotFound):
        take_role(role_id_of_ended(identity, kari), reason=WHY, by=coordinator, uow=identity.uow)


def role_id_of_ended(identity, user_id):
    from services.identity.store.tables import RoleRow

    with identity.database.reading() as session:
        return session.query(RoleRow).filter_by(user_id=user_id).one().role_id


@pytest.mark.req("IDN-08")
def test_ended_sessions_are_void_here_and_in_the_feed(identity, coordinator, kari):
    done = identity.log_in("kari")
    end_sessions(kari, reason="mistanke", by=coordinator, uow=identity.uow)
    assert not is_live(identity, done)

    again = identity.log_in("kari")
    end_own_sessions(kari, by=acting(kari, RoleCode.LU), uow=identity.uow)

    assert not is_live(identity, again)
    with identity.uow() as store:
        assert store.not_before(kari) < identity.clock.now()


@pytest.mark.req("IDN-07", "IDN-08")
def test_a_user_of_another_organisation_does_not_exist(identity, coordinator):
    ole = identity.add("ole", (THERE, RoleCode.LU))
    acts = [
        lambda: deactivate_user(ole, reason=WHY, by=coordinator, uow=identity.uow),
        lambda: reset_password(ole, reason=WHY, by=coordinator, **means(identity)),
        lambda: reactivate_user(ole, reason=WHY, by=coordinator, **means(identity)),
        lambda: end_sessions(ole, reason=WHY, by=coordinator, uow=identity.uow),
        lambda: change_role(role_id(identity, ole), RoleCode.LC, reason=WHY, by=coordinator, uow=identity.uow),
        lambda: take_role(role_id(identity, ole), reason=WHY, by=coordinator, uow=identity.uow),
        lambda: give_role(ole, RoleCode.LU, HERE, reason=WHY, by=coordinator, uow=identity.uow),
    ]

    for act in acts:
        with pytest.raises(NotFound):
            act()
    names = [
        user.user_name for user in ManagedUsers(identity.database, identity.seals, identity.clock).all(coordinator)
    ]
    assert names == ["lise"]


@pytest.mark.req("IDN-08")
def test_an_account_with_roles_elsewhere_is_not_one_coordinators_to_switch_off(identity, coordinator):
    both = identity.add("mona", (HERE, RoleCode.LU), (THERE, RoleCode.LU))
    with pytest.raises(RuleBroken, match="user_has_roles_elsewhere"):
        deactivate_user(both, reason=WHY, by=coordinator, uow=identity.uow)

    national = acting(identity.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)
    deactivate_user(both, reason=WHY, by=national, uow=identity.uow)


@pytest.mark.req("IDN-07", "IDN-08")
def test_nobody_changes_the_own_access_and_a_local_coordinator_gives_local_roles_only(identity, coordinator, kari):
    me = coordinator.user_id
    for act in (
        lambda: deactivate_user(me, reason=WHY, by=coordinator, uow=identity.uow),
        lambda: reset_password(me, reason=WHY, by=coordinator, **means(identity)),
        lambda: change_role(role_id(identity, me), RoleCode.LU, reason=WHY, by=coordinator, uow=identity.uow),
        lambda: give_role(me, RoleCode.LU, HERE, reason=WHY, by=coordinator, uow=identity.uow),
    ):
        with pytest.raises(RuleBroken, match="own_access"):
            act()
    with pytest.raises(RuleBroken, match="role_not_yours_to_give"):
        change_role(role_id(identity, kari), RoleCode.SC, reason=WHY, by=coordinator, uow=identity.uow)


@pytest.mark.req("IDN-07", "IDN-08")
def test_the_national_coordinator_gives_national_roles(identity, kari):
    national = acting(identity.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)

    give_role(kari, RoleCode.COUNCIL, NATIONAL, reason="valgt", by=national, uow=identity.uow)

    assert [user.role for user in identity.events()[-1:]] == ["COUNCIL"]
    with pytest.raises(RuleBroken, match="role_needs_organisation"):
        give_role(kari, RoleCode.LU, NATIONAL, reason="valgt", by=national, uow=identity.uow)
    for resh in (100, 999):
        nowhere = Place(registry="smertereg", organisation=resh)
        with pytest.raises(RuleBroken, match="role_needs_organisation"):
            give_role(kari, RoleCode.LU, nowhere, reason="valgt", by=national, uow=identity.uow)
    with pytest.raises(NotFound):
        give_role(
            kari, RoleCode.LU, Place(registry="norpain", organisation=10), reason="x", by=national, uow=identity.uow
        )


@pytest.mark.req("IDN-06")
def test_a_choice_is_made_and_changed_without_a_new_log_in(identity):
    mona = identity.add("mona", (HERE, RoleCode.LU), (THERE, RoleCode.LC))
    done = identity.log_in("mona")
    first, second = role_id(identity, mona, 0), role_id(identity, mona, 1)
    assert choose_role(done.sid, first, uow=identity.uow) == done.sid
    with identity.uow() as store:
        store.grants.note_client(done.sid, "registration")

    moved = choose_role(done.sid, second, uow=identity.uow)

    assert moved != done.sid
    with identity.uow() as store:
        facts = store.facts(moved, identity.seals)
        assert store.facts(done.sid, identity.seals) is None
    assert (facts.role, facts.place, facts.authenticated_at) == (RoleCode.LC, THERE, identity.clock.now())
    assert len(identity.jobs("tell_client")) == 1


@pytest.mark.req("IDN-06", "IDN-07")
def test_only_own_and_held_roles_can_be_chosen(identity, kari):
    ole = identity.add("ole", (THERE, RoleCode.LU))
    done = identity.log_in("kari")

    for number in (role_id(identity, ole), 999_999):
        with pytest.raises(NotFound):
            choose_role(done.sid, number, uow=identity.uow)
    with pytest.raises(RuleBroken, match="log_in_over"):
        choose_role("x" * 43, role_id(identity, kari), uow=identity.uow)


@pytest.mark.req("IDN-02")
def test_the_first_coordinator_comes_from_the_operator(identity):
    fields = {"user_name": "siri", "full_name": "Siri Prøve", "mobile": "40000001", "email": "siri@reg.example.no"}

    user_id = create_first_coordinator("smertereg", fields, **means(identity))

    first = identity.sent("sms")[0][1].split("password=")[1]
    assert identity.log_in("siri", first).user_id == user_id
    assert identity.events()[-1].role == "SC"
    with pytest.raises(RuleBroken, match="_taken"):
        create_first_coordinator("smertereg", fields, **means(identity))
