"""No service knows a registry or a form by name: what they are is data."""

from __future__ import annotations

import ast
import re

import pytest

from shared.forms.catalogue import registries
from tests.architecture.source import project_files, relative

pytestmark = [pytest.mark.req("GEN-01")]
# Keys of two letters are also ordinary words, such as the `to` of a message.
SHORTEST = 3
NAMES = {name for one in registries().values() for name in (one.key, *one.form_keys) if len(name) >= SHORTEST}
WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(NAMES))})(?![\w-])")
SERVICES = [path for path in project_files() if relative(path).startswith("services/")]


def named_in_code(source):
    """The lines of a Python file with a text that is one of the names."""
    texts = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [node.lineno for node in texts if node.value in NAMES]


def test_the_code_of_no_service_names_a_registry_or_a_form():
    files = [path for path in SERVICES if path.suffix == ".py" and "/migrations/" not in relative(path)]
    found = {relative(path): named_in_code(path.read_text(encoding="utf-8")) for path in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_page_of_a_service_names_a_registry_or_a_form():
    files = [path for path in SERVICES if path.suffix == ".html" or "/translations/" in relative(path)]
    assert files
    assert [relative(path) for path in files if WORD.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("source", ['if form == "baseline":\n    pass', 'FORMS = ("x", "pasreg")'])
def test_a_name_in_code_would_be_found(source):
    assert named_in_code(source) == [1]


def test_the_suite_has_both_registries():
    assert set(registries()) == {"norpain", "smertereg"}
