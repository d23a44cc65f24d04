"""Every sentence exists: in all languages alike, and for every rule that may be broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from services import reservation

HERE = Path(reservation.__file__).parent
CODES = re.compile(r'RuleBroken\("(\w+)"')


def flat(body, prefix=""):
    for key, value in body.items():
        yield from flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]


def keys(language):
    path = HERE / "pages" / "translations" / f"{language}.yaml"
    return set(flat(yaml.safe_load(path.read_text(encoding="utf-8"))))


@pytest.mark.req("GEN-05")
def test_all_languages_have_the_same_sentences():
    assert keys("nb") == keys("nn") == keys("en")


def test_every_rule_has_its_sentence():
    found = {code for path in HERE.rglob("*.py") for code in CODES.findall(path.read_text(encoding="utf-8"))}

    assert {f"error.{code}" for code in found} <= keys("nb")
