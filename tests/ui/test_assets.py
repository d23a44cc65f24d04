"""What was fetched is what was asked for, and what is committed names no place to fetch it from."""

from __future__ import annotations

import json
import shutil

from shared.ui import assets


def test_every_file_is_there_and_unchanged():
    assert assets.is_up_to_date()


def test_a_changed_or_missing_file_is_noticed(tmp_path):
    folder = tmp_path / "vendor"
    shutil.copytree(assets.VENDOR, folder)
    (folder / "theme.css").write_text("other", encoding="utf-8")
    assert not assets.is_up_to_date(folder)
    (folder / "theme.css").unlink()
    assert not assets.is_up_to_date(folder)


def test_the_lock_pins_every_package_by_hash_and_names_no_address():
    packages = json.loads((assets.HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, package in packages.items():
        assert name == "" or package["integrity"].startswith("sha512-") or package.get("inBundle")
        assert "resolved" not in package
