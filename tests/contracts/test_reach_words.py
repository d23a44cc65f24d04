"""Every code that eprom may tell of a message that reached nobody has words for a clinician."""

from __future__ import annotations

from typing import Any

import pytest

from services.eprom.domain.reach import ReachCode
from services.registration.pages.cells import UNDELIVERED
from shared.yaml_file import read_yaml_file
from tests.architecture.source import ROOT

TEXTS = ROOT / "services" / "registration" / "pages" / "translations"
OTHER = "other"


@pytest.mark.req("EPR-15", "GEN-05", "REG-22")
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_clinician_reads_what_happened_and_what_can_be_done(language):
    words: dict[str, Any] = read_yaml_file(TEXTS / f"{language}.yaml")["registration"]["undelivered"]
    codes = {code.value for code in ReachCode}

    assert codes == UNDELIVERED
    assert {*codes, OTHER} == words["can"].keys()
    assert {*codes, OTHER} <= words.keys()
    assert len({words["can"][code] for code in codes}) == len(codes)
    assert len({words[code] for code in codes}) == len(codes)
