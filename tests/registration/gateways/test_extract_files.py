"""Files of extracts."""

from __future__ import annotations

import hashlib

import pytest

from services.registration.domain.errors import NotFound
from services.registration.gateways.extract_files import FolderOfExtracts

EXTRACT = "0123456789abcdef" * 2


@pytest.fixture
def files(tmp_path):
    return FolderOfExtracts(tmp_path / "files")


@pytest.mark.req("REL-07")
def test_a_file_is_kept_with_its_checksum_for_its_owner_only(files, tmp_path):
    digest = files.write(EXTRACT, b"sealed")
    path = tmp_path / "files" / f"{EXTRACT}.age"

    assert digest == hashlib.sha256(b"sealed").hexdigest()
    assert files.read(EXTRACT) == b"sealed"
    assert path.stat().st_mode & 0o077 == 0
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_file_made_anew_takes_the_place_of_the_old(files):
    files.write(EXTRACT, b"one")
    files.write(EXTRACT, b"two")

    assert files.read(EXTRACT) == b"two"


@pytest.mark.parametrize("name", [EXTRACT, "../../keys", "", "A" * 32])
def test_what_is_no_extract_is_not_found(files, name):
    with pytest.raises(NotFound):
        files.read(name)


@pytest.mark.req("RES-05")
def test_removing_takes_what_a_crash_has_left_too(files, tmp_path):
    files.write(EXTRACT, b"sealed")
    (tmp_path / "files" / f".{EXTRACT}.age.0badcafe").write_bytes(b"half")
    files.remove(EXTRACT)

    assert list((tmp_path / "files").iterdir()) == []


def test_removing_twice_does_no_harm(files):
    files.write(EXTRACT, b"sealed")
    files.remove(EXTRACT)
    files.remove(EXTRACT)

    with pytest.raises(NotFound):
        files.read(EXTRACT)
