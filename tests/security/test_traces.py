"""The search for traces finds a value however it is written, and nothing else."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from tests.security.traces import search

NUMBER, NAME = "17855749815", "Lundqvåg"
WRITTEN = {
    "plain": str.encode,
    "latin-1": lambda value: value.encode("latin-1"),
    "utf-16": lambda value: value.encode("utf-16"),
    "utf-16-be": lambda value: value.encode("utf-16-be"),
    "hex": lambda value: value.encode().hex().encode(),
    "HEX": lambda value: value.encode().hex().upper().encode(),
    "address": lambda value: quote(value).encode(),
    **{
        f"base64 after {before}": lambda value, before=before: base64.b64encode(before * b"x" + value.encode() + b"y")
        for before in range(4)
    },
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize(("value", "kind"), [(NUMBER, "number"), (NAME, "name")])
def test_a_value_is_found_however_it_is_written(tmp_path, written, value, kind):
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "a file").write_bytes(b"\0\xff\n before " + written(value) + b" after\n")

    assert search(tmp_path, {NUMBER: "number", NAME: "name"}) == {("log/a file", kind): 1}


def test_other_values_and_folders_left_out_are_not_found(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "file").write_text(NUMBER)
    (tmp_path / "file").write_text(f"1785574981 {NAME.upper()}")

    assert search(tmp_path, {NUMBER: "number", NAME: "name"}, without=["own"]) == {}
