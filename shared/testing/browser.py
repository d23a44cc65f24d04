"""Fixtures and checks for tests in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import make_server
from werkzeug.test import Client

from shared.testing.missing import fail_or_skip

NewPage = Callable[..., Page]
# A busy machine is no fault of a page: what is expected may take as long as every other wait of the browser, in ms.
expect.set_options(timeout=30_000)
# A device that proves its owner by itself, for passkeys.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
# Inside a box that scrolls by itself an element may be wider.
TOO_WIDE = """[...document.body.querySelectorAll("*")].filter(node => {
  for (let box = node.parentElement; box && box !== document.body; box = box.parentElement)
    if (/auto|scroll/.test(getComputedStyle(box).overflowX)) return false;
  const edges = node.getBoundingClientRect();
  return edges.width > 1 && (edges.right > innerWidth + 0.5 || edges.left < -0.5);
}).map(node => node.outerHTML.slice(0, 200))"""


def chromium() -> str | None:
    """The machine's Chromium, preferably the one without windows: each page costs a third; None if there is none."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process: the machine's own, none is downloaded."""
    path = chromium()
    if path is None:
        fail_or_skip("browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[NewPage]:
    """Open pages in windows of their own; the test fails if the browser complained about anything in them."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(*, width: int = 1280, height: int = 2000, statuses: Sequence[int | str] = (422,), **more: Any) -> Page:
        # Chromium complains of every answer from 400 on, and of none; a test names those it wants.
        wanted = tuple(f"status of {one}" if isinstance(one, int) else one for one in statuses)

        def heard(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and not any(part in message.text for part in wanted):
                complaints.append(message.text)

        context = browser.new_context(locale="nb-NO", viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        for each in context.pages:  # what a test holds up on its way is none of the next one's
            each.unroute_all(behavior="ignoreErrors")
        context.close()
    _refuse(complaints)


@pytest.fixture
def new_page(plain_page: NewPage) -> NewPage:
    """The same; a folder of tests may see to it that more is kept of its pages."""
    return plain_page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """Open one page at the width of a desk."""
    return new_page()


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve a WSGI app on a free port, and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def take_over(client: Client, cookie: str, page: Page, address: str) -> None:
    """Let the page go on with the session of a test client."""
    found = client.get_cookie(cookie)
    if found is None:
        pytest.fail("The client has no session.")
    page.context.add_cookies([{"name": found.key, "value": found.value, "url": address}])


def plug_in(page: Page) -> tuple[CDPSession, str]:
    """Give the page's browser a device with a passkey chip; returns what steers it, and its id."""
    steered = page.context.new_cdp_session(page)
    steered.send("WebAuthn.enable")
    added = steered.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return steered, str(added["authenticatorId"])


def press(page: Page, name: str) -> None:
    """Press the button of this name."""
    page.get_by_role("button", name=name, exact=True).click()


def check_page(page: Page) -> None:
    """Check that nothing is wider than the window and axe finds no fault, with everything folded opened."""
    for details in page.locator("details").all():
        details.evaluate("node => node.open = true")
    check_fits(page)
    check_accessible(page)


def check_fits(page: Page) -> None:
    """Check that no element sticks out of the window, once all of the page is there."""
    page.wait_for_load_state()
    _refuse(page.evaluate(TOO_WIDE))


def check_accessible(page: Page) -> None:
    """Check with axe."""
    violations = Axe().run(page).response["violations"]
    _refuse([(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in violations])


def _refuse(faults: Sequence[object]) -> None:
    if faults:
        pytest.fail("\n".join(map(str, faults)))
