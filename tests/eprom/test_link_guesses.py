"""The short form of guessing at links; the long one is `make soak T=S13`, with a million guesses."""

from __future__ import annotations

import sys

import pytest

from tests.eprom.link_guessing import at_links

pytestmark = [pytest.mark.req("EPR-08")]


@pytest.mark.parametrize(("count", "addresses"), [(200, 2), (400, 40)])
def test_guessed_links_are_refused_and_each_address_gets_so_many_looks(site, count, addresses):
    found = at_links(site, site.sent(), count=count, addresses=addresses, seed=20261121)
    sys.stdout.write(f"{found.line()}\n")

    assert found.holds, found.line()
    assert found.notes["turned_away"] == count - found.bound
