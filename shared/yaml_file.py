"""Reads YAML safely and fast where libyaml is there, and refuses keys that stand twice; writes it plainly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

Unreadable = yaml.YAMLError
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc] # the C loader has no types
    """YAML itself would silently drop all but the last of repeated keys."""


def _mapping_without_repeats(loader: Any, node: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is repeated", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_repeats)


def read_yaml_file(path: Path) -> Any:
    """The content of a file; None when it is empty. Raises Unreadable, or what opening the file raises."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 # a safe loader


class _Plain(yaml.SafeDumper):
    """Writes what stands in two places twice."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def yaml_text(content: Mapping[str, Any]) -> str:
    """The content as people read and change it: in its order, without references."""
    return yaml.dump(dict(content), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)
