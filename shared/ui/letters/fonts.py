"""Inter for letters: Typst reads TrueType files only, the pages' fonts are packed for browsers."""

from __future__ import annotations

import atexit
import tempfile
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"
WEIGHTS = (400, 600)


@cache
def letter_fonts(folder: Path = VENDOR) -> typst.Fonts:
    """Inter, unpacked once a process; without the pages' assets, Typst's own font is all there is."""
    # Typst opens the files when the first letter needs them, so they stay as long as the process.
    unpacked = tempfile.TemporaryDirectory(prefix="letter-fonts-")
    atexit.register(unpacked.cleanup)
    for weight in WEIGHTS:
        packed = folder / f"inter-{weight}.woff2"
        if packed.is_file():
            _unpack(packed, Path(unpacked.name) / f"inter-{weight}.ttf")
    return typst.Fonts(include_system_fonts=False, font_paths=[unpacked.name])


def _unpack(packed: Path, target: Path) -> None:
    with TTFont(packed) as font:
        font.flavor = None
        font.save(target)
