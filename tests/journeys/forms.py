"""What a clinician does with a registration at the screen: opens a course, fills in its forms, reads the lists."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.answers import INCLUDED, LISTED_FROM, STARTED_ON

DRAWN = re.compile("/draw$")


def register(page, walker, number, name):
    """Register a person by number and open a course; returns its FID."""
    page.goto(walker.at("registration", "/registrations/new"))
    page.fill("[name=number]", number)
    page.click("main form button >> nth=0")
    page.wait_for_selector("[name=started_on]")
    expect(page.locator("main")).to_contain_text(name)
    page.fill("[name=started_on]", STARTED_ON)
    page.click("main form:has([name=started_on]) button")
    page.wait_for_url(re.compile(r"/courses/\d+$"))
    return int(page.url.rsplit("/", 1)[1])


def include(page, walker, course_id):
    """Finalise TO with answers that include the patient."""
    open_form(page, walker, course_id, "to")
    fill_in(page, INCLUDED)
    finalise(page, "to")


def open_form(page, walker, course_id, form):
    """The page of one form."""
    page.goto(walker.at("registration", f"/courses/{course_id}/forms/{form}"))


def fill_in(page, answers):
    """Answer questions in their order: a text, the code of a choice, or the label of a line in a list."""
    page.wait_for_load_state()
    for path, value in answers.items():
        # The answer before may have opened this question, and a page is drawn a moment after it was fetched.
        page.locator(f"[name='{path}'], [name='{path}.words']").first.wait_for(state="attached")
        if page.locator(f"[name='{path}.words']").count():
            _search(page, path, value)
        if page.locator(f"[id='q-{path.split('.')[0]}'][hx-post]").count():
            with page.expect_response(DRAWN):
                _answer(page, path, value)
            page.wait_for_selector("form.register-form:not(.htmx-request)")
        else:
            _answer(page, path, value)


def _search(page, path, code):
    """Look a code up in a long list."""
    with page.expect_response(DRAWN):
        page.fill(f"[name='{path}.words']", code)
    page.wait_for_selector(f"[name='{path}'][value='{code}']")


def _answer(page, path, value):
    control = page.locator(f"[name='{path}']")
    kind = control.first.evaluate("node => node.type")
    if kind in {"radio", "checkbox"}:
        page.check(f"[name='{path}'][value='{value}']")
    elif kind == "select-one":
        control.select_option(label=value)
    else:
        control.fill(value)
        control.blur()


def add_row(page, question, answers):
    """Begin a row of a question, fill it in and add it to the table."""
    before = page.locator(f"#q-{question} tbody tr").count()
    page.click(f"#{question}")
    card = page.locator(".row-card")
    card.wait_for()
    row = card.get_attribute("id").removeprefix("card-")
    fill_in(page, {f"{row}.{key}": value for key, value in answers.items()})
    page.click(f"#{question}")
    expect(page.locator(f"#q-{question} tbody tr")).to_have_count(before + 1)


def save(page):
    """Save the open form as a draft."""
    page.click("button[value=save]:visible")
    page.wait_for_url(re.compile("saved=1$"))


def finalise(page, form):
    """Finalise the open form; ends on the page of its course."""
    page.click("button[value=finalise]")
    page.wait_for_url(re.compile(f"finalised={form}$"))


def signs(page, walker, course_id, path="work-list"):
    """What a list says of the forms of a course, in words, by the names over the columns."""
    page.goto(walker.at("registration", f"/{path}?started_from={LISTED_FROM}"))
    row = page.locator(f"tr:has(a[href$='/courses/{course_id}'])")
    names = page.locator("thead abbr").all_text_contents()
    return dict(zip(names, [text.strip() for text in row.locator(".state").all_text_contents()], strict=True))
