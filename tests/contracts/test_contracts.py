"""Every event is written down, has an example, and holds ids, codes and times only."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import event as contract
from shared.contracts.document import asyncapi, envelope_schema, events_page, example, main
from shared.contracts.envelope import Envelope, from_cloudevent, to_cloudevent
from shared.contracts.event import MalformedEvent, UnknownEvent, all_events, dump, json_schema, load
from tests.contracts.schema import fits

EXAMPLES = Path(contract.__file__).with_name("examples")
EVENTS = sorted(all_events().items())
# Text fields an event may hold: ids, hashes and codes. A new one is added here by whoever has thought about privacy.
TEXT_FIELDS = {
    "registry", "role", "basis", "form", "channel", "code",
    "order_id", "case_id", "extract_id", "delivery_id", "project_id",
    "person_hash", "sha256", "recipient_key",
}  # fmt: skip
TEXT_LISTS = {"extracts", "projects", "variables"}
MOMENT = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
by_event = pytest.mark.parametrize(("name", "cls"), EVENTS)


def wrapped(name):
    return Envelope(id="e1", event=load(name, example(name)), version=3, time=MOMENT, correlation_id="c1")


@pytest.mark.req("BUS-01")
def test_each_event_has_one_example_and_no_example_is_left_over():
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(all_events())


@by_event
@pytest.mark.req("BUS-01")
def test_the_example_is_read_and_written_unchanged_and_fits_its_schema(name, cls):
    body = example(name)

    assert dump(load(name, body)) == body
    assert fits(body, json_schema(cls))


@by_event
def test_an_event_is_a_frozen_fact_with_a_versioned_name(name, cls):
    event = load(name, example(name))

    assert is_dataclass(event) and event.__dataclass_params__.frozen
    assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*\.v\d+", name)
    assert cls.__module__ == f"shared.contracts.{event.producer}"
    assert cls.__doc__.endswith(".")
    assert event.aggregate_id == f"{cls.AGGREGATE}:{getattr(event, cls.AGGREGATE_FIELD)}"


@by_event
@pytest.mark.req("BUS-02")
def test_an_event_holds_ids_codes_and_times_only(name, cls):
    kinds = {field: kind for field, (kind, _) in contract._field_types(cls).items()}

    assert {f for f, kind in kinds.items() if kind is str} <= TEXT_FIELDS
    assert {f for f, kind in kinds.items() if kind == tuple[str, ...]} <= TEXT_LISTS
    assert all(f.endswith(("_on", "_at", "not_before")) for f, kind in kinds.items() if kind in {date, datetime})


@by_event
@pytest.mark.req("BUS-01")
def test_the_envelope_is_a_cloud_event_and_comes_back_the_same(name, cls):
    body = json.loads(json.dumps(to_cloudevent(wrapped(name))))

    assert fits(body, envelope_schema(cls))
    assert from_cloudevent(body) == wrapped(name)


@by_event
def test_a_missing_an_extra_and_a_wrong_field_are_refused(name, cls):
    body, first = example(name), fields(cls)[0].name

    for wrong in ({k: v for k, v in body.items() if k != first}, {**body, "x": 1}, {**body, first: [{}]}):
        with pytest.raises(MalformedEvent):
            load(name, wrong)


def test_an_error_names_the_field_and_never_its_value():
    body = {**example("registration.course_deleted.v1"), "pid": "secret-value"}

    with pytest.raises(MalformedEvent, match="pid") as caught:
        load("registration.course_deleted.v1", body)
    assert "secret-value" not in str(caught.value)


@pytest.mark.parametrize("name", ["registration.nothing_such.v1", "registration.course_opened.v2", ""])
def test_an_unknown_name_or_version_is_refused(name):
    with pytest.raises(UnknownEvent):
        load(name, {})


WRONG = [
    ("source", "/eprom"), ("subject", "course:1"), ("aggregateversion", 0), ("aggregateversion", "2"),
    ("aggregateversion", True), ("time", "2026-11-21T12:30:00"), ("time", 5), ("id", None), ("id", "x" * 37),
    ("id", ""), ("specversion", "0.3"), ("correlationid", "x" * 65), ("correlationid", 5), ("traceparent", 5),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_an_envelope_that_does_not_fit_is_refused(key, value):
    body = to_cloudevent(wrapped("registration.course_deleted.v1"))

    with pytest.raises(MalformedEvent):
        from_cloudevent({**body, key: value})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


@given(key=st.sampled_from([*to_cloudevent(wrapped("eprom.form_ordered.v1"))]), value=JSON)
def test_whatever_comes_is_read_or_refused(key, value):
    try:
        from_cloudevent({**to_cloudevent(wrapped("eprom.form_ordered.v1")), key: value})
    except (MalformedEvent, UnknownEvent):
        return


@pytest.mark.parametrize("body", [None, [], 5, "text", {}, {"type": "eprom.form_ordered.v1"}])
def test_what_is_no_envelope_at_all_is_refused(body):
    with pytest.raises((MalformedEvent, UnknownEvent)):
        from_cloudevent(body)


def test_the_page_names_every_event_and_who_listens(tmp_path):
    heard_by = {"registration.course_opened.v1": ["release", "eprom"]}
    (tmp_path / "listeners.json").write_text(json.dumps(heard_by))

    main(["--folder", str(tmp_path), "--listeners", str(tmp_path / "listeners.json")])

    page = (tmp_path / "events.md").read_text()
    assert page == events_page(heard_by)
    assert all(f"`{name}`" in page for name in all_events())
    assert "| eprom, release |" in page


@pytest.mark.req("BUS-01")
def test_the_asyncapi_paper_has_a_channel_a_message_and_a_sender_for_every_event():
    paper = asyncapi({"registration.course_opened.v1": ["eprom"]})

    assert set(paper["channels"]) == set(paper["components"]["messages"]) == set(all_events())
    senders = {key for key, operation in paper["operations"].items() if operation["action"] == "send"}
    assert senders == {f"{cls(**load(n, example(n)).__dict__).producer}.send.{n}" for n, cls in EVENTS}
    assert paper["operations"]["eprom.receive.registration.course_opened.v1"]["action"] == "receive"
