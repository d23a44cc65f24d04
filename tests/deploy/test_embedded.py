"""The demo command: everything runs, stops, survives being killed, and is quick the second time."""

from __future__ import annotations

import shutil
import signal
import time

import pytest

from deploy.demo.users import USERS
from deploy.embedded.environment import SERVICES
from shared.testing.html import read_html, words
from tests.deploy.running import Running
from tests.deploy.visitor import Visitor

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("demo")]
# A process that ends sooner is not started again.
LONG_ENOUGH_SECONDS = 5.0


@pytest.fixture(scope="module")
def demo(first_start, tmp_path_factory):
    """A suite shared by all tests; each leaves it running or ended."""
    made, port = first_start
    with Running(shutil.copytree(made, tmp_path_factory.mktemp("embedded") / "demo"), port=port) as running:
        yield running
        if running.process.poll() is None:
            assert running.end() == 0
        assert not running.left()


@pytest.fixture
def suite(demo):
    """The same, running."""
    if demo.process.poll() is not None:
        demo.start()
    return demo


@pytest.mark.req("OPS-01", "OPS-04")
def test_every_service_answers_behind_its_prefix(suite):
    visitor = Visitor(suite.url)
    for name in SERVICES:
        assert visitor.get(f"/{name}/health").json() == {"status": "ok"}
        visitor.await_ready(f"/{name}/ready")
        assert visitor.get(f"/{name}/metrics").ok
    assert visitor.get("/standins/health").json()["status"] == "ok"
    assert visitor.get("/nothing").status_code == 404


def test_the_first_page_has_a_door_for_everybody(suite):
    page = Visitor(suite.url).get("/")
    shown = words(read_html(page.text))
    assert all(user.user_name in shown for user in USERS)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.req("OPS-01")
def test_a_demo_user_logs_in_with_the_code_from_the_inbox(suite):
    page = Visitor(suite.url).log_in(USERS[0])
    assert page.ok
    assert "Haukeland" in page.text


@pytest.mark.req("OPS-01")
@pytest.mark.parametrize(("service", "user"), [("registration", USERS[5]), ("release", USERS[10])])
def test_a_demo_user_enters_a_service_by_identity(suite, service, user):
    page = Visitor(suite.url).enter(user, f"/{service}/login?door=user")
    assert page.ok
    assert page.url.startswith(f"{suite.url}/{service}/")
    assert "/login" not in page.url


@pytest.mark.req("OPS-01")
def test_patients_of_the_demo_are_written_to(suite):
    visitor, deadline = Visitor(suite.url), time.monotonic() + 30
    while not any("/eprom/" in link for message in visitor.messages("") for link in message["links"]):
        assert time.monotonic() < deadline
        time.sleep(0.5)


@pytest.mark.req("OPS-01")
def test_the_applicant_finds_her_applications(suite):
    page = Visitor(suite.url).enter_as_citizen("Hanne Forskerud", "/release/login?door=applicant")
    assert page.ok
    assert "Opioidbruk fire uker etter utskrivelse" in page.text


@pytest.mark.req("OPS-01")
def test_a_second_suite_in_the_same_folder_is_refused(suite):
    with pytest.raises(AssertionError, match="already runs"):
        Running(suite.folder).start()


@pytest.mark.req("OPS-01")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_starts_again_after_any_end_and_makes_nothing_anew(suite, number):
    Visitor(suite.url).log_in(USERS[1])
    kept = Visitor(suite.url).messages(USERS[1].mobile)
    assert suite.end(number) == (-9 if number == signal.SIGKILL else 0)
    suite.start()
    assert not [line for line in suite.said if line.startswith("Loading")]
    assert Visitor(suite.url).messages(USERS[1].mobile) == kept


@pytest.mark.req("OPS-01")
def test_a_power_cut_loses_nothing(suite):
    Visitor(suite.url).log_in(USERS[2])
    kept = Visitor(suite.url).messages(USERS[2].mobile)
    for process in [suite.process, *suite.processes()]:
        process.kill()
    assert suite.end(signal.SIGKILL) == -9
    assert not suite.left()
    suite.start()
    assert Visitor(suite.url).messages(USERS[2].mobile) == kept
    assert Visitor(suite.url).log_in(USERS[3]).ok


@pytest.mark.req("OPS-01")
def test_a_first_start_that_was_killed_begins_anew(tmp_path, monkeypatch):
    monkeypatch.delenv("DEMO_SHARE")  # all of the demo
    running = Running(tmp_path / "demo")
    running.start(until="Loading users")
    running.process.kill()
    assert running.end(signal.SIGKILL) == -9
    assert not (tmp_path / "demo").exists()
    running.start()
    assert Visitor(running.url).get("/identity/ready").json()["status"] == "ready"
    assert running.end() == 0
    assert not running.left()


@pytest.mark.req("OPS-01")
def test_processes_that_are_killed_are_started_again(suite):
    time.sleep(LONG_ENOUGH_SECONDS)
    for process in suite.processes():
        process.kill()
    visitor, deadline = Visitor(suite.url), time.monotonic() + 20
    while not visitor.is_up("/identity/ready"):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert visitor.log_in(USERS[4]).ok
    assert suite.end() == 0
    assert sum("ended by itself" in line for line in suite.said) == 3
