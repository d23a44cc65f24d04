"""What reviewers do at the screen with an approved application: order the extract, approve the file."""

from __future__ import annotations

ORDER, APPROVE = "Bestill datauttrekk", "Godkjenn utlevering"


def open_application(page, walker, user_name, application):
    """A reviewer logs in and finds the application in the list of all that came in."""
    walker.log_in(page, user_name, "release", "/review/")
    page.click(f"main table a[href$='{application}']")
    page.wait_for_selector("main dl.facts")


def order_extract(page, walker):
    """Order it, and look again until registration has made the file and release has fetched it."""
    page.click(f"main button:has-text('{ORDER}')")
    page.wait_for_selector("main section.card")
    walker.wait_for(lambda: page.reload() and page.get_by_role("button", name=APPROVE).count())


def approve_delivery(page):
    """Approve the file, small cells and all."""
    if page.locator("[name=accepts_small_cells]").count():
        page.check("[name=accepts_small_cells]")
    page.click(f"main button:has-text('{APPROVE}')")
