"""All tokens that came from one code: a second use of any ends them, also if it comes at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.identity.domain.errors import RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.usecases.end_sessions import end_sessions
from services.identity.usecases.redeem_code import keep_grant, redeem_code, redeem_refresh
from tests.identity.api.asking import REVOKE, Client, kept
from tests.identity.site import choose, fields
from tests.identity.world import HERE, NATIONAL, THERE, acting

pytestmark = pytest.mark.req("IDN-09")


@pytest.fixture
def anywhere(both):
    return Client(both)


def test_a_code_used_twice_takes_all_its_tokens_along(anywhere):
    code = anywhere.code()
    tokens = anywhere.exchange(code).json
    newer = anywhere.refresh(tokens["refresh_token"]).json
    assert anywhere.userinfo(newer["access_token"]).status_code == 200

    assert anywhere.exchange(code).json["error"] == "invalid_grant"

    assert anywhere.refresh(newer["refresh_token"]).json["error"] == "invalid_grant"
    assert [anywhere.userinfo(one["access_token"]).status_code for one in (tokens, newer)] == [401, 401]


def test_a_refresh_token_used_twice_takes_all_its_tokens_along(anywhere):
    tokens = anywhere.tokens()
    newer = anywhere.refresh(tokens["refresh_token"]).json

    assert anywhere.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"

    assert anywhere.refresh(newer["refresh_token"]).json["error"] == "invalid_grant"
    assert [anywhere.userinfo(one["access_token"]).status_code for one in (tokens, newer)] == [401, 401]


def test_another_log_ins_tokens_stay_good(anywhere):
    one, other = anywhere.tokens(), anywhere.tokens()
    for _ in range(2):
        anywhere.refresh(one["refresh_token"])

    assert anywhere.refresh(other["refresh_token"]).status_code == 200
    assert anywhere.userinfo(other["access_token"]).status_code == 200


@pytest.mark.parametrize("kind", ["code", "refresh_token"])
def test_a_token_made_while_its_family_ends_is_not_given_out(anywhere, kind):
    """The thief's use comes between the owner's use and the making of the owner's tokens."""
    site = anywhere.site
    shown = anywhere.code() if kind == "code" else anywhere.tokens()["refresh_token"]
    redeem = redeem_code if kind == "code" else redeem_refresh
    redeemed = redeem(shown, "registration", seals=site.seals, uow=site.uow)
    with pytest.raises(RuleBroken, match="token_reused"):
        redeem(shown, "registration", seals=site.seals, uow=site.uow)

    with pytest.raises(RuleBroken, match="log_in_over"):
        keep_grant(redeemed, is_offline=True, uow=site.uow)


@pytest.mark.req("IDN-08")
def test_tokens_are_not_made_for_a_log_in_that_ends_meanwhile(anywhere):
    site = anywhere.site
    redeemed = redeem_code(anywhere.code(), "registration", seals=site.seals, uow=site.uow)
    national = site.add("sara", (NATIONAL, RoleCode.SC))
    end_sessions(site.user_id, reason="Mistet telefon.", by=acting(national, RoleCode.SC, NATIONAL), uow=site.uow)
    before = kept(site)

    with pytest.raises(RuleBroken, match="log_in_over"):
        keep_grant(redeemed, is_offline=True, uow=site.uow)
    assert kept(site) == before


@pytest.mark.parametrize("kind", ["code", "refresh_token"])
def test_used_many_times_at_once_it_gives_one_answer_at_most_and_leaves_nothing_good(anywhere, kind):
    shown = anywhere.code() if kind == "code" else anywhere.tokens()["refresh_token"]
    programs = [anywhere.site.browser() for _ in range(8)]

    def once(program):
        one = Client(anywhere.site, browser=anywhere.browser)
        one.program = program
        return (one.exchange if kind == "code" else one.refresh)(shown)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, programs))
    given = [answer.json for answer in answers if answer.status_code == 200]
    assert len(given) <= 1
    assert {answer.json["error"] for answer in answers if answer.status_code != 200} == {"invalid_grant"}
    assert [anywhere.refresh(one["refresh_token"]).status_code for one in given] == [400] * len(given)


def test_refresh_ends_with_the_log_in(client):
    token = client.tokens()["refresh_token"]
    for _ in range(11):
        client.site.clock.move(timedelta(hours=1))
        token = client.refresh(token).json["refresh_token"]
    client.site.clock.move(timedelta(hours=1))

    assert client.refresh(token).json["error"] == "invalid_grant"


@pytest.mark.req("IDN-08")
def test_after_log_out_no_token_is_good_here(client):
    tokens, code = client.tokens(), client.code()
    page = client.browser.get("/my-page")
    client.browser.post("/log-out", data=fields(page, "/log-out"))

    assert client.userinfo(tokens["access_token"]).status_code == 401
    assert client.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    assert client.exchange(code).json["error"] == "invalid_grant"


def test_a_token_handed_back_is_worth_nothing(client):
    tokens = client.tokens()
    assert client.post(REVOKE, token=tokens["access_token"]).status_code == 200
    assert client.userinfo(tokens["access_token"]).status_code == 401

    newer = client.refresh(tokens["refresh_token"]).json
    assert client.post(REVOKE, token=newer["refresh_token"]).status_code == 200
    assert client.refresh(newer["refresh_token"]).json["error"] == "invalid_grant"
    assert client.userinfo(newer["access_token"]).status_code == 401


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_nobody_hands_back_the_token_of_another_client(client, kind):
    tokens = client.tokens()
    answer = Client(client.site, "eprom", client.browser).post(REVOKE, token=tokens[kind])

    assert answer.status_code == (400 if kind == "access_token" else 200)
    assert client.userinfo(tokens["access_token"]).status_code == 200
    assert client.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("token", "hint", "status"),
    [("x" * 43, None, 200), ("x.y.z", "access_token", 200), ("x", "id_token", 200), (None, None, 400)],
    ids=["unknown", "no token at all", "of an unknown kind", "none"],
)
def test_what_is_no_token_can_be_handed_back_without_harm(client, token, hint, status):
    before = kept(client.site)

    assert client.post(REVOKE, token=token, token_type_hint=hint).status_code == status
    assert kept(client.site) == before


def test_a_role_chosen_anew_ends_the_tokens_of_the_old_one(client):
    client.site.add("ola", (HERE, RoleCode.LU), (THERE, RoleCode.LC))
    ola = Client(client.site, browser=client.site.logged_in("ola"))
    tokens = ola.tokens()
    choose(ola.browser, ola.browser.get("/projects"), number=1)

    assert ola.userinfo(tokens["access_token"]).status_code == 401
    assert ola.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    assert ola.userinfo(ola.tokens()["access_token"]).json["organisation"] == 10
