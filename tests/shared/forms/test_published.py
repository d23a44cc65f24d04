"""What has been published never changes."""

from __future__ import annotations

import json

import pytest

from shared.forms.catalogue import FOLDER, load_registry
from shared.forms.errors import DefinitionError
from shared.forms.published import FILE, publish
from tests.shared.forms.copies import copied, question_of, with_next_version

REGISTRIES = sorted(path.parent.name for path in FOLDER.glob("*/registry.yaml"))
FILES = ["forms/to/v1.yaml", "forms/hads/v1.yaml", "opioids/v1.csv"]


@pytest.fixture
def folder(tmp_path):
    return copied(tmp_path)


def refusals(folder):
    with pytest.raises(DefinitionError) as caught:
        load_registry(folder)
    return [str(flaw) for flaw in caught.value.flaws]


@pytest.mark.req("REG-36")
@pytest.mark.parametrize("key", REGISTRIES)
def test_everything_of_every_registry_is_published_as_it_is(tmp_path, key):
    folder = copied(tmp_path, key)
    before = (folder / FILE).read_text(encoding="utf-8")
    publish(folder)
    assert (folder / FILE).read_text(encoding="utf-8") == before


@pytest.mark.req("REG-36")
@pytest.mark.parametrize("name", FILES)
def test_a_published_file_that_changed_is_refused(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
    assert refusals(folder) == [f"{name}: was published and has changed; make a new version"]
    with pytest.raises(DefinitionError):
        publish(folder)


@pytest.mark.req("REG-36")
def test_line_ends_are_no_change(folder):
    file = folder / FILES[0]
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_registry(folder).form("to").version == 2


@pytest.mark.req("REG-36")
def test_a_published_version_that_is_gone_is_refused(folder):
    (folder / "opioids/v1.csv").unlink()
    assert "opioids/v1.csv: was published and is gone" in refusals(folder)


@pytest.mark.req("REG-36")
def test_a_list_may_gain_codes_and_lose_none(folder):
    file = folder / "codelists" / "gender.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, "9;Annet;Anna;Other"]) + "\n", encoding="utf-8")
    assert load_registry(folder).form("po").version == 2
    file.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    assert any("gender.csv: code: has lost published codes (2)" in refusal for refusal in refusals(folder))


@pytest.mark.req("REG-14")
def test_a_code_system_loses_no_code(folder):
    file = folder / "codings" / "ncsp" / "2025.csv"
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("NFB20")]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert any("codings/ncsp: code: has lost published codes (NFB20)" in refusal for refusal in refusals(folder))


@pytest.mark.req("REG-36")
def test_a_change_comes_as_a_new_version_which_is_then_published_too(folder):
    def change(body):
        question_of(body, "overall")["required"] = False

    with_next_version(folder, "eval", change)
    assert sorted(load_registry(folder).forms["eval"]) == [1, 2, 3]
    publish(folder)
    assert "forms/eval/v3.yaml" in json.loads((folder / FILE).read_text(encoding="utf-8"))["files"]
