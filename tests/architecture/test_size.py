"""Nothing grows past the size one reader can hold."""

from __future__ import annotations

from tests.architecture.source import functions, project_files, python_files, relative

FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES, TEST_LINES = 300, 30, 120, 25


def _is_migration(name: str) -> bool:
    return "/migrations/" in name


def test_no_python_file_is_longer_than_300_lines():
    long = {relative(p): n for p in python_files() if (n := len(p.read_text().splitlines())) > FILE_LINES}
    assert not {name: n for name, n in long.items() if not _is_migration(name)}


def test_no_function_is_longer_than_30_lines():
    long = []
    for path in python_files():
        name = relative(path)
        limit = TEST_LINES if name.rsplit("/", 1)[-1].startswith("test_") else FUNCTION_LINES
        if _is_migration(name):
            continue
        for function in functions(path):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > (limit if function.name.startswith("test_") else FUNCTION_LINES):
                long.append(f"{name}:{function.lineno} {function.name} {lines}")
    assert not long


def test_no_template_is_longer_than_120_lines():
    templates = [p for p in project_files() if p.suffix in {".html", ".typ"}]
    assert templates
    assert not {relative(p): n for p in templates if (n := len(p.read_text().splitlines())) > TEMPLATE_LINES}
