"""The whole matrix of one service: every route for everybody with every object, asked once."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote
from zlib import crc32

from tests.security.headers import faults_of
from tests.security.table import Heard, Line, Party, Thing, read_table

# What differs from one answer to the next and tells nothing.
CHANGING = (
    re.compile(rb'name="csrf_token" value="[^"]*"'),
    re.compile(rb'nonce="[^"]*"'),
    re.compile(rb"&quot;X-CSRFToken&quot;: ?&quot;[^&]*&quot;"),
)
OUTSIDE = frozenset({Heard.FORBIDDEN, Heard.LOG_IN})
TOLD = ("Content-Type", "Location", "Allow", "Cache-Control", "WWW-Authenticate")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One request: what was to be heard, what was, and a fingerprint of the answer as the party sees it."""

    line: Line
    party: Party
    thing: Thing | None
    expected: Heard
    heard: Heard
    status: int
    seen: str
    faults: tuple[str, ...]
    listed: frozenset[str] | None
    to_list: frozenset[str] | None

    def __str__(self) -> str:
        """The cell in one line, for the list of mismatches."""
        what = f"{self.line.method} {self.line.path} | {self.party.name} | {self.thing.name if self.thing else '-'}"
        return f"{what}: {self.heard} ({self.status}), not {self.expected}"


def ask_all(scene) -> list[Cell]:
    """Ask everything; what a request changed is put back before the next one."""
    table = {f"{line.method} {line.path}": line for line in read_table(scene.kit.name).values()}
    return [
        _ask(scene, line, party, thing, table.get(line.lists))
        for line in table.values()
        for thing in scene.named(line)
        for party in (scene.few() if line.is_open else _askers(scene.parties, line, thing))
    ]


def _askers(parties, line, thing):
    """All strangers, all who may reach something here, and one of each role that is shut out, each time from elsewhere."""
    shut, turn = defaultdict(list), crc32(f"{line.method} {line.path} {thing and thing.name}".encode())
    # How old a log-in is matters only where a fresh one is asked for.
    for party in (party for party in parties if party.is_fresh or line.is_fresh):
        expected = line.expected(party, thing)
        if expected in OUTSIDE and party.word != "nobody":
            shut[party.word, expected].append(party)
        else:
            yield party
    yield from (alike[turn % len(alike)] for alike in shut.values())


def _ask(scene, line, party, thing, listed) -> Cell:
    answer = scene.ask(party, line.method, line.path, thing)
    heard = scene.heard(line, answer)
    if heard is Heard.LET_IN and line.method == "POST":
        scene.restore()
    is_list = listed is not None and heard is Heard.LET_IN
    return Cell(
        line=line,
        party=party,
        thing=thing,
        expected=line.expected(party, thing),
        heard=heard,
        status=answer.status_code,
        seen=_seen(scene, line, thing, answer) if heard is Heard.NOT_THERE else "",
        faults=tuple(faults_of(answer)),
        listed=scene.shown(listed, answer) if is_list else None,
        to_list=_reached(scene, listed, party) if is_list else None,
    )


def _reached(scene, line, party) -> frozenset[str]:
    return frozenset(thing.name for thing in scene.named(line) if line.expected(party, thing) is Heard.LET_IN)


def _seen(scene, line, thing, answer) -> str:
    text = answer.data.replace(answer.headers["X-Correlation-Id"].encode(), b"ID")
    for pattern in CHANGING:
        text = pattern.sub(b"", text)
    address = scene.address(line.path, thing)
    for known in (address, quote(address, safe=""), *map(str, thing.body.values() if thing else ())):
        text = text.replace(known.encode(), b"THIS")
    told = [answer.headers.get(name, "") for name in TOLD]
    return hashlib.sha256(text + repr((answer.status_code, told)).encode()).hexdigest()
