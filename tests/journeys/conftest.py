"""A running suite and Chromium for the journeys; each journey is walked on both profiles."""

import json
import os
from pathlib import Path

import pytest

from tests.journeys.caller import Caller
from tests.journeys.walker import Walker

BROWSER_FILE, MOST_HEIGHT = "browser.txt", 900
EMBEDDED = pytest.param("embedded", marks=pytest.mark.xdist_group("embedded"))
PRODUCTION = pytest.param(
    "production", marks=[pytest.mark.postgresql, pytest.mark.rabbitmq, pytest.mark.xdist_group("production")]
)


@pytest.fixture(scope="session", params=[EMBEDDED, PRODUCTION])
def suite(request):
    """All five services, as `make demo` and as `make stack` run them; the journeys of a profile share one."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def new_page(plain_page, suite):
    """Open pages as everywhere; the addresses they ask for and what they store are kept beside the suite's files."""
    pages, addresses = [], []

    def opened(**more):
        page = plain_page(**more)
        page.on("request", lambda request: addresses.append(request.url))
        pages.append(page)
        return page

    yield opened
    keep(suite, [*addresses, *(json.dumps(page.context.storage_state()) for page in pages)])


@pytest.fixture
def new_caller(suite):
    """Let people come by plain HTTP; what they ask for and what they store is kept too."""
    walker, callers = Walker(suite), []

    def come():
        callers.append(Caller(walker))
        return callers[-1]

    yield come
    keep(suite, [line for caller in callers for line in caller.left()])


def keep(suite, lines):
    """Keep what browsers leave behind, for the search for traces."""
    with (suite.folder / BROWSER_FILE).open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


def pytest_collection_modifyitems(items):
    """One service alone can be stopped only where it has processes of its own; the search for traces comes last."""
    found = [
        item
        for item in items
        if not ("journeys" in item.nodeid and "[embedded]" in item.name and item.get_closest_marker("fault"))
    ]
    items[:] = sorted(found, key=lambda item: "journeys/test_no_traces" in item.nodeid)


@pytest.fixture
def picture():
    """Keeps what a page shows, as a file in the folder that PICTURES names; without it nothing is kept."""
    folder = os.environ.get("PICTURES")

    def keep(page, name):
        if folder:
            page.evaluate("scrollTo(0, 0)")
            width, height = page.viewport_size.values()
            clip = {"x": 0, "y": 0, "width": width, "height": min(height, MOST_HEIGHT)}
            page.screenshot(path=Path(folder) / f"{name}.png", clip=clip)

    return keep
