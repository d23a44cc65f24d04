"""Every sentence exists: in all languages alike, and for every rule that may be broken."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.architecture.source import ROOT

SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/app.py"))
# In the others some rules are broken by jobs or by programs, which nobody reads a sentence about.
READ = ("registration", "release", "reservation")
CODES = re.compile(r'RuleBroken\("(\w+)"|(?:missing|wrong)="(\w+)"')


def flat(body, prefix=""):
    for key, value in body.items():
        yield from flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]


def keys(service, language):
    path = ROOT / "services" / service / "pages" / "translations" / f"{language}.yaml"
    return set(flat(yaml.safe_load(path.read_text(encoding="utf-8"))))


@pytest.mark.req("GEN-05")
@pytest.mark.parametrize("service", SERVICES)
def test_all_languages_have_the_same_sentences(service):
    assert keys(service, "nb") == keys(service, "nn") == keys(service, "en")


@pytest.mark.parametrize("service", READ)
def test_every_rule_has_its_sentence(service):
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "services" / service).rglob("*.py")]
    found = {code for text in sources for pair in CODES.findall(text) for code in pair if code}
    assert {f"error.{code}" for code in found} - keys(service, "nb") == set()
