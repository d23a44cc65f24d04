"""Inbox, people, clock, faults and reset: by hand and by program."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from deploy.standins.app import create_app
from shared.scheduling.clock import OSLO, ShiftedClock
from tests.standins.test_digipost import PDF, message
from tests.standins.test_digipost import send as letter
from tests.standins.test_helsenorge import post, task_for
from tests.standins.test_sms_and_mail import send
from tests.standins.world import settings_for, strict_html


@pytest.mark.parametrize("path", ["/", "/inbox", "/people", "/people?all=1", "/people?q=granlid", "/clock", "/faults"])
def test_every_page_is_sound(world, path):
    send(world)
    post(world, task_for(world.person("Granlid")))
    answer = world.http.get(path)
    tree = strict_html(answer.text)
    assert answer.status_code == 200
    assert len(list(tree.iter("h1"))) == 1
    labelled = {label.get("for") for label in tree.iter("label")}
    fields = [f for f in [*tree.iter("input"), *tree.iter("select")] if f.get("type") != "hidden"]
    assert {field.get("id") for field in fields} <= labelled
    assert "script" not in answer.text
    assert "style=" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_inbox_shows_the_newest_first_with_links_that_work(world):
    send(world)
    post(world, task_for(world.person("Granlid")))
    tree = strict_html(world.http.get("/inbox").text)
    marks = [node.text for node in tree.iter("span") if node.get("class") == "mark"]
    assert marks == ["Helsenorge", "SMS"]
    assert "https://eprom.example/s/abc" in {node.get("href") for node in tree.iter("a")}


def test_the_inbox_is_filtered_by_receiver_channel_and_person(world):
    send(world)
    person = world.person("Granlid")
    post(world, task_for(person))
    assert len(world.inbox()) == 2
    assert [message["channel"] for message in world.inbox(to=person.mobile)] == ["sms"]
    assert [message["channel"] for message in world.inbox(channel="helsenorge")] == ["helsenorge"]
    assert len(world.inbox(person=person.id)) == 2
    assert world.inbox(to="+4799000099") == []


def test_what_a_message_says_cannot_become_part_of_the_page(world):
    text = '<script>alert(1)</script> https://a.example/"onclick=x'
    send(world, to="+4748000000", text=text)
    page = world.http.get("/inbox").text
    assert "<script>" not in page
    strict_html(page)


@pytest.mark.parametrize(
    ("change", "form"),
    [
        ("death", {"on": "2026-11-20"}),
        ("name", {"family_name": "Ny"}),
        ("protection", {"level": "Confidential"}),
        ("contact", {"profile": "none"}),
    ],
)
def test_people_are_changed_by_hand(world, change, form):
    person = world.person("Steinvik")
    assert world.http.post(f"/people/{person.id}/{change}", data=form).status_code == 303
    assert world.parts.people.by_id(person.id) != person
    assert world.parts.people.latest_event() >= 1


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("death", {"on": "soon"}, 400),
        ("death", {}, 400),
        ("protection", {"level": "Secret"}, 400),
        ("contact", {"profile": "pigeon"}, 400),
        ("marriage", {}, 400),
    ],
)
def test_changes_that_make_no_sense_change_nothing(world, path, form, status):
    person = world.person("Steinvik")
    assert world.http.post(f"/people/{person.id}/{path}", data=form).status_code == status
    assert world.http.post("/people/nobody/death", data={"on": "2026-11-20"}).status_code == 404
    assert world.parts.people.latest_event() == 0


def shifted(tmp_path, client_keys):
    file = tmp_path / "clock"
    app = create_app(settings_for(tmp_path, client_keys, clock_file=file))
    return app.test_client(), ShiftedClock(file)


def test_the_clock_moves_for_everybody_who_reads_its_file(tmp_path, client_keys):
    http, other = shifted(tmp_path, client_keys)
    http.post("/clock", data={"forward_minutes": "4320"})
    ahead = (other.now() - datetime.now(UTC)).total_seconds()
    assert 259_190 < ahead < 259_210
    http.post("/clock", data={"forward_minutes": "60"})
    assert 262_790 < (other.now() - datetime.now(UTC)).total_seconds() < 262_810
    http.post("/clock", data={"real": "1"})
    assert abs((other.now() - datetime.now(UTC)).total_seconds()) < 5


def test_the_clock_goes_to_the_next_dispatch(tmp_path, client_keys):
    http, other = shifted(tmp_path, client_keys)
    before = other.now()
    assert http.post("/clock", data={"forward_to": "16:30"}).status_code == 303
    there = other.now().astimezone(OSLO)
    assert (there.hour, there.minute) == (16, 30)
    assert 0 < (other.now() - before).total_seconds() <= 90_000
    assert datetime.fromisoformat(http.get("/clock.json").json["now"]).astimezone(OSLO).hour == 16


@pytest.mark.parametrize("form", [{}, {"forward_minutes": "x"}, {"forward_to": "25:00"}, {"forward_to": "noon"}])
def test_moves_that_make_no_sense_are_refused(tmp_path, client_keys, form):
    http, other = shifted(tmp_path, client_keys)
    assert http.post("/clock", data=form).status_code == 400
    assert abs((other.now() - datetime.now(UTC)).total_seconds()) < 5


def test_a_clock_without_a_file_stays_real(world):
    assert world.http.post("/clock", data={"forward_minutes": "1"}).status_code == 409


@pytest.mark.parametrize(("kind", "status"), [("500", 500), ("503", 503), ("429", 429), ("timeout", 504)])
def test_faults_meet_as_many_requests_as_ordered_and_nothing_is_done(world, kind, status):
    world.http.post("/faults", json={"standin": "sms", "kind": kind, "times": 2, "seconds": 0.01})
    assert [send(world).status_code for _ in range(3)] == [status, status, 202]
    assert len(world.inbox()) == 1


def test_a_lost_reply_is_done_all_the_same(world):
    world.http.post("/faults", json={"standin": "sms", "kind": "lost_reply"})
    assert [send(world).status_code, send(world).status_code] == [504, 200]
    assert len(world.inbox()) == 1


def test_a_malformed_answer_cannot_be_read_and_a_late_one_comes_late(world):
    world.http.post("/faults", json={"standin": "sms", "kind": "malformed"})
    assert send(world).get_json(silent=True) is None
    world.http.post("/faults", json={"standin": "sms", "kind": "latency", "seconds": 0.2})
    begun = time.monotonic()
    assert send(world).status_code == 202
    assert time.monotonic() - begun >= 0.2


def test_faults_touch_only_their_stand_in_and_end_when_told(world):
    world.http.post("/faults", json={"standin": "krr", "kind": "503", "times": 9})
    assert send(world).status_code == 202
    assert world.http.post("/krr/rest/v2/personer").status_code == 503
    assert world.http.delete("/faults").status_code == 204
    assert world.http.post("/krr/rest/v2/personer").status_code == 401


@pytest.mark.parametrize(
    "fault",
    [
        {},
        [],
        {"standin": "krr"},
        {"standin": "moon", "kind": "503"},
        {"standin": "krr", "kind": "fire"},
        {"standin": "krr", "kind": "503", "times": 0.5},
        {"standin": "krr", "kind": "latency", "seconds": 9999},
    ],
)
def test_orders_for_faults_are_checked(world, fault):
    assert world.http.post("/faults", json=fault).status_code == 400


def test_other_sites_cannot_push_the_buttons(world):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert world.http.post("/reset", headers=headers).status_code == 403
    assert world.http.post("/reset", headers={"Origin": "http://localhost"}).status_code == 303


def test_requests_are_kept_with_client_and_reason(world):
    send(world)
    send(world, text="Hilsen Smertereg", id="2")
    newest, first = world.requests("sms")
    assert (first["status"], first["client"], first["reason"]) == (202, "eprom", None)
    assert (newest["status"], newest["reason"].split(":")[0]) == (400, "health_word_in_text")


def test_reset_brings_the_first_population_back_and_forgets_the_rest(world):
    person = world.person("Kvernmo")
    send(world)
    world.http.post(f"/people/{person.id}/death", data={"on": "2026-11-20"})
    assert world.http.post("/reset", headers={"Accept": "application/json"}).status_code == 204
    assert world.parts.people.by_id(person.id) == person
    assert (world.inbox(), world.requests("sms"), world.parts.people.latest_event()) == ([], [], 0)


def test_mounted_under_a_prefix_all_links_carry_it(world):
    nothing = create_app(world.settings, parts=world.parts)
    mounted = Client(DispatcherMiddleware(nothing, {"/standins": world.app}))
    tree = strict_html(mounted.get("/standins/").text)
    links = [node.get("href") for node in [*tree.iter("a"), *tree.iter("link")]]
    assert all(link.startswith(("/standins/", "#", "data:")) for link in links)
    with mounted.get("/standins/static/standins.css") as style:
        assert style.status_code == 200
    assert mounted.get("/standins/health").json["status"] == "ok"


def test_a_document_that_came_with_a_letter_can_be_opened(world):
    assert letter(world, message(world.person("Steinvik").number)).status_code == 200
    (file,) = world.inbox(channel="digipost")[0]["files"]
    answer = world.http.get(f"/inbox/files/{file['id']}")
    assert (answer.content_type, answer.data) == ("application/pdf", PDF)
    assert world.http.get("/inbox/files/other").status_code == 404
