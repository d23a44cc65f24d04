"""Tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def print_table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in columns as wide as their longest value; without a row, say so."""
    if not rows:
        print("None.")
        return
    texts = [["" if value is None else str(value) for value in row] for row in rows]
    lines = [list(names), *texts] if any(names) else texts
    widths = [max(len(line[column]) for line in lines) for column in range(len(names))]
    for line in lines:
        print("  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True)).rstrip())
