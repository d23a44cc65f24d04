"""The events as papers made from the code: a page for people, an AsyncAPI 3 document for tools."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shared.contracts.event import PRODUCERS, Event, all_events, json_schema

Listeners = Mapping[str, Sequence[str]]
_EXAMPLES = Path(__file__).with_name("examples")
_HEAD = """# Events

Made by `python -m deploy.docs.events`; change the classes in `shared/contracts`, never this page.

Every event is a CloudEvents 1.0 object in JSON. Its `type` is the routing key in the topic exchange `registry.events`,
`subject` is what it is about, and `aggregateversion` counts the events of that subject from 1 without gaps. Bodies hold
ids, codes and times only.
"""


def example(name: str) -> dict[str, Any]:
    """The example body of an event, as committed beside the contracts."""
    found: dict[str, Any] = json.loads((_EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def events_page(listeners: Listeners) -> str:
    """The page docs/events.md. `listeners` gives for an event's name the services that handle it."""
    return "\n".join([_HEAD, *(_producer_part(producer, listeners) for producer in PRODUCERS)])


def asyncapi(listeners: Listeners) -> dict[str, Any]:
    """An AsyncAPI 3.0 document: one channel and one message an event, one operation a sender and a listener."""
    events = all_events()
    operations: dict[str, Any] = {}
    for name, cls in events.items():
        channel = {"$ref": f"#/channels/{name}"}
        operations[f"{_producer(cls)}.send.{name}"] = {"action": "send", "channel": channel}
        for service in sorted(listeners.get(name, ())):
            operations[f"{service}.receive.{name}"] = {"action": "receive", "channel": channel}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Events of the registry suite", "version": "1.0.0"},
        "defaultContentType": "application/cloudevents+json",
        "channels": {name: _channel(name) for name in events},
        "operations": operations,
        "components": {"messages": {name: _message(cls) for name, cls in events.items()}},
    }


def _channel(name: str) -> dict[str, Any]:
    return {
        "address": name,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": "registry.events", "type": "topic"}}},
    }


def _message(cls: type[Event]) -> dict[str, Any]:
    return {
        "name": cls.NAME,
        "summary": cls.__doc__,
        "payload": envelope_schema(cls),
        "examples": [{"name": "example", "payload": {"data": example(cls.NAME)}}],
    }


def envelope_schema(cls: type[Event]) -> dict[str, Any]:
    """JSON Schema of the whole CloudEvents object around an event."""
    text, moment = {"type": "string"}, {"type": "string", "format": "date-time"}
    properties: dict[str, Any] = {
        "specversion": {"const": "1.0"},
        "id": text,
        "source": {"const": f"/{_producer(cls)}"},
        "type": {"const": cls.NAME},
        "subject": {"type": "string", "pattern": f"^{cls.AGGREGATE}:"},
        "time": moment,
        "datacontenttype": {"const": "application/json"},
        "data": {key: value for key, value in json_schema(cls).items() if key != "$schema"},
        "aggregateversion": {"type": "integer", "minimum": 1},
        "correlationid": text,
    }
    return {
        "type": "object",
        "properties": {**properties, "traceparent": text},
        "required": list(properties),
        "additionalProperties": False,
    }


def _producer(cls: type[Event]) -> str:
    return cls.NAME.split(".", 1)[0]


def _producer_part(producer: str, listeners: Listeners) -> str:
    lines = [f"## {producer}", "| event | tells | about | body | who listens |", "|---|---|---|---|---|"]
    for name, cls in all_events().items():
        if _producer(cls) == producer:
            body = ", ".join(f"`{field}`" for field in json_schema(cls)["properties"])
            heard_by = ", ".join(sorted(listeners.get(name, ()))) or "nobody yet"
            lines.append(f"| `{name}` | {cls.__doc__} | {cls.AGGREGATE} | {body} | {heard_by} |")
    return "\n".join([*lines, ""])


def main(arguments: Sequence[str] | None = None) -> None:
    """Write docs/events.md and docs/asyncapi.json."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs"), help="where the two papers go")
    parser.add_argument("--listeners", type=Path, help="JSON file: event name to list of services")
    chosen = parser.parse_args(arguments)
    listeners = json.loads(chosen.listeners.read_text(encoding="utf-8")) if chosen.listeners else {}
    (chosen.folder / "events.md").write_text(events_page(listeners), encoding="utf-8")
    paper = json.dumps(asyncapi(listeners), indent=1, ensure_ascii=False)
    (chosen.folder / "asyncapi.json").write_text(f"{paper}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
