"""Every answer of every route carries what protects the browser, whatever went wrong."""

from __future__ import annotations

import pytest

from tests.security.headers import faults_of
from tests.security.table import read_table

pytestmark = pytest.mark.req("OPS-06")
NOWHERE = ("/nowhere", "/api/nowhere", "/static/nowhere.css", "/api/docs/files/nowhere.js", "/nowhere/", "/%00")


class BrokenError(Exception):
    """What a part of a service says when it breaks; nobody outside may read it."""


def test_every_answer_of_the_rights_matrix_protects_the_browser(cells):
    assert {(fault, str(cell)) for cell in cells for fault in cell.faults} == set()


def test_pages_that_do_not_exist_protect_it_too(scene):
    for party in scene.few():
        for path in NOWHERE:
            answer = scene.ask(party, "GET", path, None)
            assert (answer.status_code, faults_of(answer)) == (404, []), (path, party.name)


def test_refused_methods_protect_it_too(scene):
    for path in {path for _, path in read_table(scene.kit.name)}:
        thing = next(iter(scene.named(read_line(scene, path))))
        answer = scene.ask(scene.parties[0], "DELETE", path, thing)
        assert (answer.status_code, faults_of(answer)) == (405, []), path


def test_bodies_that_are_too_large_are_refused_and_protect_it_too(scene):
    large = {"data": b"a=" + b"x" * scene.kit.settings.max_body_bytes, "json": None}
    large["content_type"] = "application/x-www-form-urlencoded"
    for line in (line for line in read_table(scene.kit.name).values() if line.method == "POST"):
        for party, thing in filter(None, [scene.let_in(line)]):
            answer = scene.ask(party, "POST", line.path, thing, **large)
            assert (answer.status_code, faults_of(answer)) in [(413, []), (415, [])], line.path


def test_failures_protect_it_too_and_tell_nothing(scene, monkeypatch):
    lines = {(line.method, line.path): line for line in read_table(scene.kit.name).values()}
    for rule in scene.app.url_map.iter_rules():
        monkeypatch.setitem(scene.app.view_functions, rule.endpoint, broken)
    for line in lines.values():
        for party, thing in filter(None, [scene.let_in(line)]):
            answer = scene.ask(party, line.method, line.path, thing)
            assert (answer.status_code, faults_of(answer)) == (500, []), line.path
            assert not [word for word in ("17855749815", "BrokenError", "Traceback", ".py") if word in answer.text]


def broken(**_):
    raise BrokenError("17855749815")


def read_line(scene, path):
    return next(line for (_, known), line in read_table(scene.kit.name).items() if known == path)
