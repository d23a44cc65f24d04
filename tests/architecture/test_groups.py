"""Tests that share a costly server are given to one worker; were they not, each worker would start its own."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("together")
def test_the_mark_of_a_group_reaches_the_one_who_hands_out_tests(request):
    is_shared_out = "PYTEST_XDIST_WORKER" in os.environ and request.config.getoption("loadgroup", default=False)

    assert request.node.nodeid.endswith("@together") == is_shared_out
