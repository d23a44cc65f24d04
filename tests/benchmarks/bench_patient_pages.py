"""B17: what a patient's pages weigh over the line, and how long they take on a slow one."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from shared.testing.browser import chromium, press, served, take_over
from tests.benchmarks.harness import Figure, Missing
from tests.eprom.pages.patient import patient
from tests.eprom.pages.wire import Wire
from tests.eprom.site import Site

FIRST_PAGE, LATER_PAGE, FIRST_SECONDS, LATER_SECONDS = 100.0, 15.0, 10.0, 5.0
KILO, KILOBITS, LATENCY_MS = 1000, 400, 400


@contextmanager
def telephone():
    """A page in Chromium in which the patient of a form has logged in, and the form's address."""
    with TemporaryDirectory(prefix="pages-") as folder, sync_playwright() as playwright:
        site = Site(Path(folder), f"sqlite:///{folder}/eprom.sqlite")
        order_id = site.sent()
        with served(site.app) as address:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 390, "height": 844}, locale="nb-NO")
            take_over(patient(site), site.app.session_interface.cookie_name, page, address)
            yield page, f"{address}/form/{order_id}"
            browser.close()
        site.close()


def loads(page, form):
    """The first page, with an empty cache, and the heaviest of those that follow."""
    wire = Wire(page)
    wire.slow_down(kilobits=KILOBITS, latency_ms=LATENCY_MS)
    first = wire.measure(lambda: page.goto(form))
    later = [wire.measure(page.get_by_role("link", name="Svar nå").click)]
    later += [wire.measure(lambda: press(page, "Neste")) for _ in range(2)]
    later += [wire.measure(lambda at=at: page.goto(f"{form}/{at}")) for at in ("overview", "summary")]
    return first, later


def measure(_bench):
    if chromium() is None:
        yield Missing("B17", "the weight of patients' pages", "Chromium")
        return
    with telephone() as (page, form):
        first, later = loads(page, form)
    heaviest, slowest = max(one.octets for one in later), max(one.seconds for one in later)
    line = f"{KILOBITS} kbit/s, {LATENCY_MS} ms"
    yield Figure("B17", "a patient's first page over the line", first.octets / KILO, FIRST_PAGE, "kB", at_most=True)
    yield Figure("B17", "the heaviest page after it", heaviest / KILO, LATER_PAGE, "kB", at_most=True)
    yield Figure("B17", "the first page on a slow line", first.seconds, FIRST_SECONDS, "s", at_most=True, note=line)
    yield Figure("B17", "the slowest page after it", slowest, LATER_SECONDS, "s", at_most=True, note=line)


BARS = {"B17": measure}
