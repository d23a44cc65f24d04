"""What an app compiles when it is made, compiled once or only when needed: a suite of tests makes thousands of apps."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import CodeType

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
_compile_builder = Rule._compile_builder  # noqa: SLF001  werkzeug offers no other way to put it off


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


def compile_later(rule: Rule, append_unknown: bool = True) -> Builder:  # noqa: FBT001, FBT002  as werkzeug calls it
    """The builder of a rule's addresses, compiled when the first address is built; most rules of a test build none."""
    compiled = cache(lambda: _compile_builder(rule, append_unknown))

    def build(self: Rule, **values: object) -> tuple[str, str]:
        return compiled()(self, **values)

    return build


def pytest_configure() -> None:
    """Have every app of this process use both."""
    Flask.jinja_options = {"bytecode_cache": CompiledPages()}
    Rule._compile_builder = compile_later  # type: ignore[method-assign,assignment]  # noqa: SLF001
