"""The base of all events: names, strict reading and writing, JSON schema."""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, Union

PRODUCERS = ("identity", "registration", "eprom", "reservation", "release")


class UnknownEvent(Exception):  # noqa: N818 - says what came
    """No event has this name and version."""


class MalformedEvent(Exception):  # noqa: N818 - says what came
    """The body does not fit the event's fields; names the field, never its value."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense: ids, codes and times only."""

    NAME: ClassVar[str]
    AGGREGATE: ClassVar[str]
    AGGREGATE_FIELD: ClassVar[str]

    @property
    def aggregate_id(self) -> str:
        """Kind and id of what the event is about, such as "course:12"."""
        return f"{self.AGGREGATE}:{getattr(self, self.AGGREGATE_FIELD)}"

    @property
    def producer(self) -> str:
        """The service that tells it."""
        return self.NAME.split(".", 1)[0]


@cache
def all_events() -> Mapping[str, type[Event]]:
    """Every event by its name."""
    modules = [import_module(f"shared.contracts.{name}") for name in PRODUCERS]
    found = [c for m in modules for c in vars(m).values() if isinstance(c, type) and issubclass(c, Event)]
    return types.MappingProxyType({c.NAME: c for c in found if c is not Event})


_known_types: dict[str, Mapping[str, tuple[Any, bool]]] = {}


def _field_types(cls: type[Event]) -> Mapping[str, tuple[Any, bool]]:
    """For each field its plain type and whether it may be null; reckoned once a class."""
    if cls.NAME not in _known_types:
        _known_types[cls.NAME] = _read_field_types(cls)
    return _known_types[cls.NAME]


def _read_field_types(cls: type[Event]) -> Mapping[str, tuple[Any, bool]]:
    hints = typing.get_type_hints(cls)
    found = {}
    for field in fields(cls):
        hint, optional = hints[field.name], False
        if typing.get_origin(hint) in {Union, types.UnionType}:
            inner = [t for t in typing.get_args(hint) if t is not type(None)]
            hint, optional = inner[0], True
        found[field.name] = (hint, optional)
    return found


def dump(event: Event) -> dict[str, Any]:
    """The event's body as JSON values."""
    return {name: _written(getattr(event, name)) for name in _field_types(type(event))}


def load(name: str, body: Mapping[str, Any]) -> Event:
    """The event of this name; raises UnknownEvent or MalformedEvent."""
    cls = all_events().get(name)
    if cls is None:
        raise UnknownEvent(name)
    expected = _field_types(cls)
    if not isinstance(body, Mapping) or body.keys() != expected.keys():
        raise MalformedEvent(f"{name}: wrong set of fields")
    return cls(**{field: _read(name, field, body[field], *expected[field]) for field in expected})


def _written(value: Any) -> Any:
    write = _WRITERS.get(type(value))
    return value if write is None else write(value)


def _read(name: str, field: str, value: Any, kind: Any, optional: bool) -> Any:  # noqa: FBT001 - one pair from the table
    if value is None and optional:
        return None
    try:
        return _READERS[kind](value)
    except (TypeError, ValueError) as error:
        raise MalformedEvent(f"{name}: {field}") from error


def _exactly(kind: type) -> Any:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError
        return value

    return read


def _list_of(kind: type) -> Any:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise TypeError
        return tuple(_exactly(kind)(item) for item in value)

    return read


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


# What JSON has no word for.
_WRITERS: Mapping[type, Any] = {
    date: date.isoformat,
    datetime: lambda moment: moment.astimezone(UTC).isoformat(),
    tuple: list,
}
_READERS: Mapping[Any, Any] = {
    int: _exactly(int),
    str: _exactly(str),
    bool: _exactly(bool),
    date: date.fromisoformat,
    datetime: _moment,
    tuple[str, ...]: _list_of(str),
    tuple[int, ...]: _list_of(int),
}
_SCHEMAS: Mapping[Any, Mapping[str, Any]] = {
    int: {"type": "integer"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    tuple[str, ...]: {"type": "array", "items": {"type": "string"}},
    tuple[int, ...]: {"type": "array", "items": {"type": "integer"}},
}


def json_schema(cls: type[Event]) -> dict[str, Any]:
    """JSON Schema (2020-12) of the event's body."""
    properties = {}
    for name, (kind, optional) in _field_types(cls).items():
        schema = dict(_SCHEMAS[kind])
        properties[name] = {"anyOf": [schema, {"type": "null"}]} if optional else schema
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": cls.NAME,
        "description": cls.__doc__,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
