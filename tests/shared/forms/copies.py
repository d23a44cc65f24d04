"""Copies of registries with changes, for tests of what a change does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from shared.forms.catalogue import FOLDER, load_registry
from shared.forms.registry import Registry

EVERY_KIND = Path(__file__).parent / "every_kind.yaml"


def copied(folder: Path, key: str = "smertereg") -> Path:
    """A copy of a registry that may be changed."""
    return Path(shutil.copytree(FOLDER / key, folder / key))


@cache
def with_every_kind() -> Registry:
    """SmerteReg and the form of tests that has everything."""
    with TemporaryDirectory() as place:
        folder = copied(Path(place))
        home = folder / "forms" / "every_kind"
        home.mkdir()
        shutil.copy(EVERY_KIND, home / "v1.yaml")
        return load_registry(folder)


def with_next_version(registry: Path, form: str, change: Callable[[dict[str, Any]], None], **mapping: Any) -> None:
    """Add the next version of a form: the newest one, changed, with its mapping."""
    home = registry / "forms" / form
    newest = max(home.glob("v[1-9].yaml"))
    body = yaml.safe_load(newest.read_text(encoding="utf-8"))
    last, body["version"] = body["version"], body["version"] + 1
    change(body)
    (home / f"v{last + 1}.yaml").write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    moved = {"form": form, "from": last, "to": last + 1, **mapping}
    (home / f"v{last}_to_v{last + 1}.yaml").write_text(yaml.safe_dump(moved), encoding="utf-8")


def question_of(body: dict[str, Any], key: str) -> dict[str, Any]:
    """The question with a key, in a form as it is written."""
    return next(q for section in body["sections"] for q in section["questions"] if q["key"] == key)
