"""HelseID and ID-porten behind identity: the first time linked, then the same person; whatever is bent lets nobody in."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from services.identity.domain.roles import RoleCode
from services.identity.domain.upstream import Proven, Upstream
from services.identity.settings import Settings
from services.identity.usecases.deactivate_user import deactivate_user
from services.identity.usecases.reset_password import reset_password
from shared.environment import SettingsError
from tests.identity.api.asking import Client
from tests.identity.site import environment, fields, query
from tests.identity.upstream import BUTTON, LINK, REMOVE, Upstreams
from tests.identity.world import HERE, METADATA, NATIONAL, acting

pytestmark = pytest.mark.req("IDN-09")
BOTH = pytest.mark.parametrize("name", ["helseid", "idporten"])


@pytest.fixture
def world(tmp_path):
    made = Upstreams(tmp_path, f"sqlite:///{tmp_path}/site.sqlite")
    yield made
    made.site.database.engine.dispose()


@pytest.fixture
def anywhere(tmp_path, laid_url):
    made = Upstreams(tmp_path, laid_url(METADATA))
    yield made
    made.site.database.engine.dispose()


@BOTH
def test_linked_once_the_log_in_there_is_the_log_in_here(anywhere, name):
    world = anywhere
    _, linked = world.linked(name)
    assert linked.status_code == 303
    assert world.site.log()[-1][1:] == (f"user:{world.user_id}/factors", "", {"factor": "upstream_added"})
    assert "HelseID eller ID-porten" in world.site.sent("email")[-1][1]

    browser = world.site.browser()
    answer = world.log_in(browser, name)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/projects")
    assert world.user_of(browser) == "kari"


def test_a_client_gets_a_code_through_the_provider_as_after_a_password(world):
    world.linked("helseid")
    client = Client(world.site, browser=world.site.browser())
    page = client.browser.get(client.ask().location)
    sent = {**fields(page, BUTTON), "upstream": "helseid"}
    back = world.come_back(client.browser.post(BUTTON, data=sent).location)
    overview = client.browser.get(client.browser.get(back).location)
    onward = client.browser.post("/projects", data=fields(overview, "/projects")).location
    token = client.exchange(query(client.browser.get(onward).location)["code"]).json

    assert client.userinfo(token["access_token"]).json["sub"] == str(world.user_id)


@BOTH
def test_nothing_that_identifies_the_person_there_is_kept_here(world, name):
    browser, _ = world.linked(name)
    world.log_in(browser, name)
    with world.site.database.reading() as session:
        tables = world.site.database.metadata.sorted_tables
        kept = "\n".join(str(row) for table in tables for row in session.execute(select(table)))

    assert world.person.number not in kept
    assert world.person.name not in kept
    assert [subject for subject in world.subjects if subject in kept] == []
    assert len(world.subjects) == 2


def test_helseid_is_asked_behind_the_browsers_back(world):
    asked = parse_qs(urlsplit(world.begin(world.site.browser(), "helseid")).query)

    assert set(asked) == {"client_id", "request_uri"}


@BOTH
def test_whoever_is_not_linked_is_asked_to_log_in_here_and_let_in_nowhere(world, name):
    browser = world.site.browser()
    answer = world.log_in(browser, name)
    page = browser.get(answer.location)

    assert "knyte" in page.text or "knytte" in page.text
    assert world.user_of(browser) is None
    assert browser.post(LINK, data=fields(page, "/log-in")).status_code in {302, 303, 401}


def test_a_provider_that_is_away_leaves_the_other_way_open(world):
    world.is_down, browser = True, world.site.browser()
    page = browser.get("/log-in")
    answer = browser.post(BUTTON, data={**fields(page, BUTTON), "upstream": "helseid"})

    assert answer.status_code == 503
    assert "Passord" in answer.text


def test_a_deactivated_user_is_refused(world):
    world.linked("helseid")
    admin = acting(world.site.add("sara", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)
    deactivate_user(world.user_id, reason="Sluttet.", by=admin, uow=world.site.uow)
    browser = world.site.browser()

    assert world.log_in(browser, "helseid").status_code == 403
    assert world.user_of(browser) is None


def test_a_reset_by_a_coordinator_removes_the_link(world):
    world.linked("helseid")
    site, admin = world.site, acting(world.site.add("sara", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)
    reset_password(world.user_id, reason="Hacket.", by=admin, messages=site.messages, hasher=site.hasher, uow=site.uow)
    browser = site.browser()
    world.log_in(browser, "helseid")

    assert world.user_of(browser) is None


def test_a_log_in_that_is_linked_is_not_taken_over(world):
    world.site.add("ola", (HERE, RoleCode.LU), (HERE, RoleCode.LC))
    browser, _ = world.linked("helseid")
    subject = _subject_hash(world)
    proven = Proven(upstream=Upstream.HELSEID, subject_hash=subject, at=world.site.clock.now())
    ola = world.site.logged_in("ola")
    with ola.session_transaction() as session:
        session["proven"] = {
            "upstream": "helseid",
            "subject": proven.subject_hash,
            "at": proven.at.isoformat(),
            "flow": "",
        }
    page = ola.get("/my-page/upstream")
    answer = ola.post(LINK, data=fields(page, LINK))

    assert answer.status_code == 422
    assert "annen bruker" in answer.text
    assert world.user_of(browser) == "kari"


def test_whoever_logs_in_next_in_the_same_browser_is_not_offered_the_link(world):
    browser = world.site.browser()
    world.log_in(browser, "helseid")
    world.typed(browser, "kari", "/log-in")

    assert world.user_of(browser) == "kari"
    assert LINK not in browser.get("/my-page/upstream").text


def test_a_new_link_takes_the_place_of_the_old_one(world):
    world.linked("helseid")
    world.linked("idporten", person=world.other)
    old, new = world.site.browser(), world.site.browser()
    world.log_in(old, "helseid")
    world.log_in(new, "idporten", world.other)

    assert (world.user_of(old), world.user_of(new)) == (None, "kari")


def test_the_link_is_made_within_minutes_and_removed_by_its_owner(world):
    browser = world.site.browser()
    page = world.log_in(browser, "helseid")
    world.site.clock.move(timedelta(minutes=10))
    world.typed(browser, "kari", page.location)
    assert LINK not in browser.get("/my-page/upstream").text

    browser, _ = world.linked("helseid")
    shown = browser.get("/my-page/upstream")
    removed = browser.post(REMOVE, data=fields(shown, REMOVE))
    stranger = world.site.browser()
    world.log_in(stranger, "helseid")

    assert removed.status_code == 303
    assert world.user_of(stranger) is None


@pytest.mark.parametrize("act", [LINK, REMOVE])
def test_link_and_removal_need_a_fresh_second_factor(world, act):
    browser, _ = world.linked("helseid")
    page = browser.get("/my-page/upstream")
    world.site.clock.move(timedelta(minutes=6))
    answer = browser.post(act, data=fields(page, REMOVE))

    assert answer.status_code in {401, 403}
    assert _subject_hash(world)


def test_it_is_off_unless_switched_on(site, tmp_path):
    page = site.browser().get("/log-in")
    assert BUTTON not in page.text
    browser = site.browser()

    assert (
        browser.post(BUTTON, data={**fields(browser.get("/log-in"), "/log-in"), "upstream": "helseid"}).status_code
        == 404
    )
    for wrong in ({"IDENTITY_UPSTREAMS": "google"}, {"IDENTITY_UPSTREAMS": "helseid"}):
        with pytest.raises(SettingsError):
            Settings.from_env({**environment(tmp_path, "sqlite://"), **wrong})


def _subject_hash(world):
    with world.site.database.reading() as session:
        table = world.site.database.metadata.tables["upstream_link"]
        return session.scalar(select(table.c.subject_hash))
