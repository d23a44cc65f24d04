"""Every definition, policy and text of the suite is read by one fast and strict reader."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from shared.yaml_file import Unreadable, read_yaml_file
from tests.architecture.source import python_files, relative


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", "list:\n- {a: 1, a: 2}\n"])
def test_a_key_that_stands_twice_is_refused(tmp_path, text):
    file = tmp_path / "one.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable, match="'a' is repeated"):
        read_yaml_file(file)


def test_nothing_that_builds_objects_is_read(tmp_path):
    file = tmp_path / "one.yaml"
    file.write_text("!!python/object/apply:os.getcwd []", encoding="utf-8")
    with pytest.raises(Unreadable):
        read_yaml_file(file)


def test_it_reads_what_the_plain_loader_reads(tmp_path):
    folder = Path(__file__).parents[2] / "shared"
    files = [*folder.glob("registries/*/forms/*/v*.yaml"), *folder.glob("web/translations/*.yaml")]
    assert files
    assert all(read_yaml_file(file) == yaml.safe_load(file.read_text(encoding="utf-8")) for file in files[:4])


def test_shared_reads_yaml_nowhere_else():
    importing = [relative(p) for p in python_files() if "import yaml\n" in p.read_text(encoding="utf-8")]
    assert [name for name in importing if name.startswith("shared/")] == ["shared/yaml_file.py"]
