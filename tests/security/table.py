"""The rights as they were agreed, in files of their own: what every party is to be answered at every route.

A line is "everybody", the statuses that everybody is answered who brings nothing along, or a reach for each role; beside
it may stand `fresh` (a log-in of the last five minutes is asked for), `absent` (the status that stands for 404) and
`lists` (a route for one object: the list shows exactly those that the same party reaches there).

Words of reach:
  page          no object is named
  list          no object is named, and the party's registry must be known here
  workplace     nothing is shown but what the party brings, and it must work in an organisation of a registry known here
  own           objects that are the party's own
  organisation  objects of the party's organisation
  group         objects of the party's organisation and of those it works together with
  registry      all objects of the party's registry
  all           every object there is
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from shared.yaml_file import read_yaml_file

FOLDER = Path(__file__).parent / "rights"
SERVICES = ("registration", "eprom", "reservation", "release", "identity")
FRESH, ABSENT, LISTS, ANY_USER = "fresh", "absent", "lists", "user"
REGISTRIES = frozenset({"smertereg"})
TOGETHER = frozenset({4207789, 705758, 705652})  # the hospitals of Oslo that work in one list


class Heard(StrEnum):
    """What a party hears."""

    LET_IN = "let in"
    LOG_IN = "log in first"
    FRESH_LOG_IN = "log in anew"
    FORBIDDEN = "forbidden"
    NOT_THERE = "not there"
    NO_METHOD = "no such method"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody who asks; `word` is the word of the table, `person` whose own objects there are."""

    name: str
    word: str
    registry: str | None = None
    organisation: int | None = None
    person: str | None = None
    is_fresh: bool = True
    is_user: bool = False
    has_token: bool = False


@dataclass(frozen=True, kw_only=True)
class Thing:
    """An object that a route may name: the values of its address, and whose it is."""

    name: str
    values: dict[str, object]
    body: dict[str, object] = field(default_factory=dict)
    registry: str | None = None
    organisation: int | None = None
    person: str | None = None
    is_there: bool = True


MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One route of the table; an open one has no reach."""

    method: str
    path: str
    reach: dict[str, str]
    is_fresh: bool = False
    absent: int = 404
    lists: str | None = None
    statuses: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in."""
        return not self.reach

    @property
    def is_program(self) -> bool:
        """Whether tokens count and sessions do not."""
        return self.path.startswith("/api/")

    def expected(self, party: Party, thing: Thing | None) -> Heard:
        """What the party is to hear about an object, or about a route that names none."""
        if self.is_open:
            return Heard.LET_IN if thing is None or thing.is_there else Heard.NOT_THERE
        if party.word == "nobody" or party.has_token != self.is_program:
            return Heard.LOG_IN
        reach = self.reach.get(party.word) or (self.reach.get(ANY_USER) if party.is_user else None)
        if reach is None:
            return Heard.FORBIDDEN
        if self.is_fresh and not party.is_fresh:
            return Heard.FRESH_LOG_IN
        return Heard.LET_IN if _reaches(reach, party, thing) else Heard.NOT_THERE


def read_table(service: str) -> dict[tuple[str, str], Line]:
    """The lines of a service, those of the kit included, by method and path."""
    names = ["kit", service] if service == "identity" else ["kit", "doors", service]
    lines = [_line(*entry) for name in names for entry in read_yaml_file(FOLDER / f"{name}.yaml").items()]
    return {(line.method, line.path): line for line in lines}


def _line(route: str, said: object) -> Line:
    method, path = route.split()
    if not isinstance(said, dict):
        statuses = said if isinstance(said, list) else [said] if isinstance(said, int) else []
        return Line(method=method, path=path, reach={}, statuses=tuple(statuses))
    reach = dict(said)
    more = {"is_fresh": bool(reach.pop(FRESH, False)), "absent": int(reach.pop(ABSENT, 404))}
    return Line(method=method, path=path, lists=reach.pop(LISTS, None), reach=reach, **more)


def _reaches(reach: str, party: Party, thing: Thing | None) -> bool:
    if thing is not None and not thing.is_there and reach != "workplace":
        return False
    if reach in {"page", "all"}:
        return True
    if reach == "own":
        return party.person is not None and (thing is None or thing.person in {party.person, None})
    if party.registry not in REGISTRIES or reach == "list":
        return party.registry in REGISTRIES
    if reach == "workplace":
        return party.organisation is not None
    return thing is not None and thing.registry == party.registry and _is_seen(reach, party, thing)


def _is_seen(reach: str, party: Party, thing: Thing) -> bool:
    if reach == "registry":
        return True
    is_own = party.organisation is not None and thing.organisation == party.organisation
    return is_own or (reach == "group" and {party.organisation, thing.organisation} <= TOGETHER)
