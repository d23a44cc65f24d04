"""Every sentence exists: in all languages alike."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from services import identity

HERE = Path(identity.__file__).parent


def flat(body, prefix=""):
    for key, value in body.items():
        yield from flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]


def keys(language):
    path = HERE / "pages" / "translations" / f"{language}.yaml"
    return set(flat(yaml.safe_load(path.read_text(encoding="utf-8"))))


@pytest.mark.req("GEN-05")
def test_all_languages_have_the_same_sentences():
    assert keys("nb") == keys("nn") == keys("en")
