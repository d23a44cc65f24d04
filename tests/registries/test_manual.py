"""The paper on the users' manual leaves no question out and names none that there is not."""

from __future__ import annotations

import re

import pytest

from tests.registries.definitions import CLINICIAN_FORMS, FOLDER, FORMS, read_form, versions_of

ROOT = FOLDER.parents[2]
PAPER = (ROOT / "docs/registers/smertereg-manual.md").read_text(encoding="utf-8")
NAMED = set(re.findall(rf"`((?:{'|'.join(FORMS)})\.[a-z0-9_.]+)`", PAPER))
PAGES = range(6, 49)


def _questions(form):
    """Paths of a form's questions, those inside rows under their rows; True for what people see."""
    for section in read_form(form)["sections"]:
        for item in section["questions"]:
            yield f"{form}.{item['key']}", not item.get("hidden")
            for inner in item.get("questions", ()):
                yield f"{form}.{item['key']}.{inner['key']}", not inner.get("hidden")


def _pages():
    for row in PAPER.splitlines():
        found = re.match(r"\| ([0-9, -]+) \|", row)
        for part in found[1].split(",") if found and found[1] != "-" else ():
            first, _, last = part.strip().partition("-")
            yield from range(int(first), int(last or first) + 1)


@pytest.mark.req("REG-11")
def test_every_question_the_paper_names_exists():
    known = {path for form in FORMS for path, _ in _questions(form)}

    assert NAMED - known == set()


@pytest.mark.req("REG-11")
@pytest.mark.parametrize("form", CLINICIAN_FORMS)
def test_no_question_of_a_clinician_is_left_out(form):
    assert {path for path, is_seen in _questions(form) if is_seen} - NAMED == set()


@pytest.mark.req("REG-11")
def test_every_page_of_the_manual_is_there():
    assert set(_pages()) == set(PAGES)


def test_every_requirement_the_paper_names_exists():
    known = set(
        re.findall(r"^\| ([A-Z]{3}-\d\d) \|", (ROOT / "docs/requirements.md").read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert set(re.findall(r"\b(?!ICD)[A-Z]{3}-\d\d\b", PAPER)) - known == set()


@pytest.mark.req("REG-36")
def test_what_changed_has_two_versions_and_what_is_new_since_has_one():
    changed = {form: [1, 2] for form in ("po", "to", "b11", "b12", "b21", "b22", "eval")}
    assert {form: versions_of(form) for form in FORMS if form not in {"pasreg", "opioid"}} == {
        **changed,
        "hads": [1, 2, 3],  # the third one scores otherwise
    }
    assert versions_of("pasreg") == versions_of("opioid") == [1]
