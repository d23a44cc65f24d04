"""The form catalogue of the national ePROM as the stand-in has it: four forms of SmerteReg, and some that go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FormState(StrEnum):
    """The life of a form; one that is withdrawn can be answered and not ordered."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class NationalForm:
    """One form of the catalogue."""

    name: str
    state: FormState = FormState.PUBLISHED
    has_paper: bool = False


FORMS: Mapping[str, NationalForm] = {
    "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0001": NationalForm("pasreg", has_paper=True),
    "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0002": NationalForm("hads"),
    "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0003": NationalForm("eval", has_paper=True),
    "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0004": NationalForm("opioid"),
    "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0098": NationalForm("kladd", FormState.DRAFT),
    "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0099": NationalForm("trukket", FormState.WITHDRAWN),
}
