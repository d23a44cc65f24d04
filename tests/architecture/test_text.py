"""No file names a machine, a package server or a download address, and nothing is left open."""

from __future__ import annotations

import re

from tests.architecture.source import ROOT, project_files, relative, text_files

MACHINE_PATH = re.compile(r"(^|[^.\w/])/(?:work|root|farm|home/\w+)/")
REGISTRY = re.compile(
    r"(?:extra-)?index-url\b(?!$)|find-links|registry\.npm|pypi\.(?:org|python)|files\.pythonhosted|deb\.debian"
)
DOWNLOAD = re.compile(r"https?://\S+\.(?:whl|tar\.gz|tgz|zip|woff2)\b")
OPEN_ENDS = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b|mark\.(?:skip|xfail)\b")
OWN = "tests/architecture/"


def _hits(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in text_files():
        name = relative(path)
        if name.startswith(OWN) or name == "Makefile":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}")
    return found


def test_no_file_holds_a_path_of_one_machine():
    assert not _hits(MACHINE_PATH)


def test_no_file_names_a_package_server_or_a_download():
    assert not _hits(REGISTRY)
    assert not _hits(DOWNLOAD)


def test_nothing_is_left_open():
    assert not _hits(OPEN_ENDS)


def test_the_top_level_holds_only_the_agreed_places():
    agreed = {"services", "shared", "deploy", "tests", "docs", ".ci"}
    assert {relative(p).split("/")[0] for p in project_files() if "/" in relative(p)} <= agreed
    assert (ROOT / "Makefile").is_file()


def test_third_party_page_files_are_not_committed():
    assert not [relative(p) for p in project_files() if "/vendor/" in relative(p) or p.suffix in {".woff2", ".ttf"}]
