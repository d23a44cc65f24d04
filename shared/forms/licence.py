"""The licence of an instrument whose wording belongs to somebody else."""

from __future__ import annotations

from dataclasses import dataclass

SAMPLE, LICENSED, MISSING = "sample", "licensed", "missing"


@dataclass(frozen=True)
class Licence:
    """A licensed instrument: its wording is a `sample` where no owner's texts are kept, as in a demo.

    Where they are, it is `licensed`, or `missing` when the file of this instrument is not there.
    """

    instrument: str
    wording: str
    text_file: str
