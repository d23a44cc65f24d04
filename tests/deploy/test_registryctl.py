"""Operators see dead letters, outbox, logs and jobs, and what they do is kept in the change log."""

from __future__ import annotations

import io

import pytest
import structlog

from deploy.registryctl.letters import Wanted, read_letter
from shared.bus.aside import Delivery
from shared.bus.topology import dead, inbox
from shared.contracts.registration import CourseDeleted
from shared.observability.log import configure_logging
from shared.outbox.inbox import Result
from shared.testing.missing import fail_or_skip
from shared.testing.rabbitmq import program
from tests.deploy.operator import Office, later, text_of
from tests.shared.outbox.kit import METADATA, NOW

NUMBER = "01817012345"  # month + 80: nobody's
pytestmark = [pytest.mark.postgresql, pytest.mark.rabbitmq]


@pytest.fixture
def office(make_database, tmp_path, request):
    """On one machine without servers, and on own servers."""
    configure_logging("office", io.StringIO())
    yield _office(make_database, tmp_path, request)
    structlog.reset_defaults()


def _office(make_database, tmp_path, request):
    database = make_database(METADATA)
    if database.is_sqlite:
        return Office(database, f"sqlitebus:///{tmp_path}/bus.sqlite", tmp_path)
    if program("rabbitmq-server") is None:
        fail_or_skip("rabbitmq")
    return Office(database, request.getfixturevalue("rabbit").url, tmp_path)


@pytest.mark.req("BUS-04")
def test_dead_letters_are_listed_with_reason_count_and_times(office, capsys):
    office.bury(*office.told(7), reason="LookupError")

    assert office.type("dead", "list") == 0

    (line,) = capsys.readouterr().out.splitlines()[1:]
    for part in ("registration.course_deleted.v1", "course:7", "LookupError", text_of(NOW)):
        assert part in line


@pytest.mark.req("BUS-02", "BUS-04")
def test_a_body_that_is_no_event_is_never_shown(office, capsys):
    office.bury_deliveries(Delivery(f'{{"type": "{NUMBER}", "id": "{NUMBER} Kari"}}', {}, None))
    office.type("dead", "list")
    listed = capsys.readouterr().out
    event_id = listed.splitlines()[1].split()[0]

    assert office.type("dead", "show", event_id) == 0
    assert NUMBER not in listed + capsys.readouterr().out + str(office.entries())


@pytest.mark.req("BUS-04", "GEN-06")
def test_a_letter_is_explained_and_the_look_is_logged(office, capsys):
    first, second = office.told(7, 7)
    office.bury(first)
    office.take(second)

    assert office.type("dead", "show", first.id) == 0

    shown = capsys.readouterr().out
    assert '"course_id": 7' in shown
    assert "waiting behind it  1" in shown
    assert office.entries() == [("operator:kari", f"dead letter {first.id}", "", None)]


@pytest.mark.req("BUS-04")
def test_a_dry_run_counts_and_changes_nothing(office, capsys):
    office.bury(*office.told(1, 2))

    assert office.type("dead", "replay", "--all", "--dry-run") == 0

    assert capsys.readouterr().out == "2 would be replayed.\n"
    assert (office.size(dead, 2), office.size(inbox), office.entries()) == (2, 0, [])


@pytest.mark.req("BUS-03", "BUS-04")
def test_what_is_replayed_twice_has_its_effect_once(office):
    letters = office.told(*range(30))
    for _ in range(2):
        office.bury(*letters)
        assert office.type("dead", "replay", "--all", "--why", "fixed") == 0
        office.consume()

    assert sorted(map(int, office.effects())) == list(range(30))
    assert (office.size(dead), office.size(inbox)) == (0, 0)
    assert {(actor, reason, change["act"]) for actor, _, reason, change in office.entries()} == {
        ("operator:kari", "fixed", "replay")
    }


@pytest.mark.req("BUS-04")
def test_letters_are_chosen_by_id_type_reason_and_time(office, capsys):
    early, late, other = office.told(1, 2, 3)
    office.bury(early)
    office.bury(late, at=later(hours=1))
    office.bury(other, reason="KeyError")
    half = text_of(later(minutes=30))
    chosen = {
        ("--id", other.id): 1,
        ("--type", "registration.course_deleted.v1"): 3,
        ("--type", "registration.course_opened.v1"): 0,
        ("--reason", "KeyError"): 1,
        ("--since", half): 1,
        ("--until", half): 2,
        ("--until", half, "--reason", "ValueError"): 1,
    }

    for arguments, wanted in chosen.items():
        office.type("dead", "replay", *arguments, "--dry-run")
        assert capsys.readouterr().out == f"{wanted} would be replayed.\n", arguments


@pytest.mark.req("BUS-04")
def test_many_letters_need_a_second_person(office):
    office.bury(*office.told(*range(101)))
    everything = ("dead", "replay", "--all", "--why", "fixed")

    assert office.type(*everything) == 1
    assert office.type(*everything, "--seconded-by", "kari") == 1
    assert office.size(inbox) == 0
    assert office.type(*everything, "--seconded-by", "ola") == 0
    assert office.size(inbox) == 101
    assert office.entries()[0][3]["seconded_by"] == "ola"


@pytest.mark.req("BUS-04")
def test_nothing_is_done_without_saying_which_and_why(office):
    (letter,) = office.told(1)
    office.bury(letter)

    assert office.type("dead", "replay", "--why", "fixed") == 1
    assert office.type("dead", "replay", "--all") == 1
    assert office.type("dead", "put-away", letter.id) == 1
    assert office.type("dead", "put-away", "no-such", "--why", "old") == 1
    assert (office.size(dead, 1), office.entries()) == (1, [])


@pytest.mark.req("BUS-03", "BUS-04")
def test_what_waits_behind_a_letter_goes_on_when_it_is_put_away(office):
    first, second, third = office.told(7, 7, 7)
    office.bury(first)
    assert office.take(third, second) == [Result.PARKED, Result.PARKED]

    assert office.type("dead", "put-away", first.id, "--why", "was a test") == 0
    office.consume()

    assert office.effects() == ["7", "7"]
    assert (office.parked(), office.size(dead)) == (0, 0)
    assert office.take(first) == [Result.DUPLICATE]
    assert office.entries()[0][3]["act"] == "put-away"


@pytest.mark.req("BUS-03", "BUS-04")
def test_an_event_of_an_unknown_kind_can_be_put_away_too(office):
    first, second = office.told(7, 7)
    body = Delivery.of_envelope(first).body.replace("course_deleted.v1", "course_deleted.v9")
    office.bury_deliveries(Delivery(body, {}, first.id))
    office.take(second)

    assert office.type("dead", "put-away", first.id, "--why", "not for us") == 0
    office.consume()

    assert (office.effects(), office.parked()) == (["7"], 0)


@pytest.mark.req("BUS-03", "BUS-04")
def test_a_letter_is_not_put_away_before_an_earlier_one(office, capsys):
    _, second = office.told(7, 7)
    office.bury(second)

    assert office.type("dead", "put-away", second.id, "--why", "old") == 1
    assert "Version 1 of course:7 is missing" in capsys.readouterr().err
    assert (office.size(dead, 1), office.entries()) == (1, [])


@pytest.mark.req("OPS-04")
def test_the_outbox_is_shown_with_the_age_of_its_oldest_event(office, capsys):
    with office.uow() as store:
        store.emit(CourseDeleted(course_id=1, pid=1))
    office.clock.move(later(seconds=90) - NOW)

    assert office.type("outbox", "status") == 0

    shown = {line.split()[0]: line.split()[1] for line in capsys.readouterr().out.splitlines()[1:]}
    assert shown == {
        "outbox_rows": "1",
        "outbox_oldest_seconds": "90",
        "inbox_parked_rows": "0",
        "jobs_due": "0",
        "jobs_failed": "0",
    }


@pytest.mark.req("BUS-03", "BUS-04")
def test_a_listener_that_has_lost_everything_is_filled_again(office, capsys):
    office.told(1, 2, 2, 3)

    assert office.replay_from_registration("--why", "restored empty") == 0
    assert office.replay_from_registration("--about", "course:2", "--why", "once more") == 0
    assert (office.size(inbox), capsys.readouterr().out.splitlines()[-1]) == (6, "2 events were sent to eprom.")
    office.consume()

    assert sorted(office.effects()) == ["1", "2", "2", "3"]


@pytest.mark.req("BUS-04")
def test_only_listeners_are_told_again(office, capsys):
    assert office.type("outbox", "replay", "--to", "release", "--why", "x") == 1
    assert capsys.readouterr().err == "release does not listen to eprom.\n"


@pytest.mark.req("BUS-04")
def test_a_letter_that_the_broker_gave_up_by_itself_says_so():
    letter = read_letter(1, "{}", {"x-first-death-reason": "delivery_limit"}, None)

    assert (letter.reason, letter.attempts, letter.last) == ("broker:delivery_limit", 0, "")
    assert Wanted(since=NOW).choose([letter]) == []
