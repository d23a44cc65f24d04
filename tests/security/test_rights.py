"""Every route for everybody: the answer is what the table says, and what belongs to others is as if it were not."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.security.table import Heard, read_table

pytestmark = pytest.mark.req("IDN-07")
NEVER = frozenset({"PUT", "PATCH", "DELETE", "TRACE"})


def routes(scene):
    """Methods by path."""
    found = defaultdict(set)
    for rule in scene.app.url_map.iter_rules():
        found[rule.rule] |= rule.methods
    return found


def test_the_table_names_every_route_and_no_other(scene):
    known = {(method, path) for path, methods in routes(scene).items() for method in methods - {"HEAD", "OPTIONS"}}

    assert set(read_table(scene.kit.name)) == known


def test_everybody_is_answered_what_the_table_says(cells):
    assert [str(cell) for cell in cells if cell.heard is not cell.expected] == []


def test_every_sort_of_party_asks_at_every_route(scene, cells):
    asked = {(cell.line.method, cell.line.path, cell.party.word) for cell in cells}

    assert asked == {(*route, party.word) for route in read_table(scene.kit.name) for party in scene.parties}


def test_what_belongs_to_others_looks_like_what_does_not_exist(cells):
    looks = defaultdict(set)
    for cell in cells:
        if cell.heard is Heard.NOT_THERE and cell.thing is not None:
            looks[cell.line.method, cell.line.path, cell.party.name].add(cell.seen)

    assert [where for where, seen in looks.items() if len(seen) > 1] == []


def test_lists_show_what_the_party_reaches_and_nothing_else(cells):
    lists = [cell for cell in cells if cell.listed is not None]

    assert [(str(cell), cell.listed, cell.to_list) for cell in lists if cell.listed != cell.to_list] == []


def test_methods_that_no_route_has_are_refused_to_all(scene):
    lines = {line.path: line for line in read_table(scene.kit.name).values()}
    heard = {
        (method, path, party.name): scene.ask(party, method, path, scene.named(lines[path])[0]).status_code
        for path, methods in routes(scene).items()
        for method in (NEVER | {"GET", "POST"}) - methods
        for party in scene.few()[:3]
    }

    assert [where for where, status in heard.items() if status != 405] == []


def test_head_tells_what_get_tells_and_options_tell_nothing(scene):
    wrong = []
    for (method, path), line in read_table(scene.kit.name).items():
        for party in scene.few():
            options = scene.ask(party, "OPTIONS", path, scene.named(line)[0])
            wrong += [("OPTIONS", path, party.name)] if options.status_code == 200 and options.data else []
            for thing in scene.named(line) if method == "GET" else ():
                head = scene.ask(party, "HEAD", path, thing)
                is_right = scene.heard(line, head) is line.expected(party, thing) and not head.data
                wrong += [] if is_right else [("HEAD", path, party.name, thing and thing.name)]

    assert wrong == []
