"""The outside world of these tests."""

from __future__ import annotations

import pytest

from tests.eprom.gateways.outside import Outside


@pytest.fixture
def outside(tmp_path):
    return Outside(tmp_path)
