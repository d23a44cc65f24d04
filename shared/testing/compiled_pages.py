"""Templates compiled once for all apps of a test process: a suite of tests makes thousands of apps."""

from __future__ import annotations

from types import CodeType

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache


class CompiledPages(BytecodeCache):
    """Keeps code in memory, by template and the sum of its source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template that was compiled before."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template that has just been compiled."""
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


def pytest_configure() -> None:
    """Have every app of this process use it."""
    Flask.jinja_options = {"bytecode_cache": CompiledPages()}
