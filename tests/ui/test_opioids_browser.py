"""Equivalents in Chromium: the page reckons at once, exactly as the server does."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import expect

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.forms.problems import shown_value
from shared.testing.browser import check_page, served
from tests.shared.web.kit import METADATA
from tests.ui.opioid_site import TABLE, equivalents, opioid_app

pytestmark = [pytest.mark.browser, pytest.mark.req("REG-15")]
TYPE_ALL = """(doses) => {
  for (const [key, text] of Object.entries(doses)) {
    const field = document.getElementById(`opioids.${key}`);
    field.value = text;
    field.dispatchEvent(new Event("input", {bubbles: true}));
  }
  return [...document.querySelectorAll("#opioids-doses output")].map((output) => output.value);
}"""
EDGES = ["0", "0,1", "0,05", "17,9", "18", "49,9", "50", "75", "90", "90,1", "9999,9", "1 234,5", "12.5", " 7 "]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('opioids')}/opioids.sqlite")
    METADATA.create_all(engine)
    with served(opioid_app(Database(engine, METADATA))) as found:
        yield f"{found}/forms/7"
    engine.dispose()


def written(source):
    """A dose as people write it: sometimes none, with comma or full stop, often at the edge of a step."""
    if source.random() < 0.4:
        return source.choice(["", *EDGES[3:]])
    text = f"{source.randrange(100_000) / 10:g}"
    return text.replace(".", source.choice(",."))


def reckoned(doses):
    """The outputs that the server would draw."""
    filled = {key: text for key, text in doses.items() if text}
    omeq, total = equivalents(filled)
    return [shown_value(omeq[item.key], "nb") if item.key in omeq else "–" for item in TABLE] + [total]


def test_page_and_server_agree_on_every_preparation(address, page):
    page.route("**/forms/7", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.goto(address)
    source = random.Random(2025)
    for _ in range(40):
        doses = {item.key: written(source) for item in TABLE}
        if any(doses.values()):
            assert page.evaluate(TYPE_ALL, doses) == reckoned(doses)
    for text in [text for text in EDGES if text != "0,05"]:
        doses = {item.key: text for item in TABLE}
        assert page.evaluate(TYPE_ALL, doses) == reckoned(doses)


def test_what_is_no_dose_yet_counts_nothing(address, page):
    page.route("**/forms/7", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.goto(address)
    keys = [item.key for item in TABLE]
    outputs = page.evaluate(TYPE_ALL, {keys[0]: "10", keys[1]: "ti", keys[3]: "-5", keys[4]: "1,5,5"})
    assert (outputs[0], outputs[1], outputs[3], outputs[4], outputs[-1]) == ("10", "–", "–", "–", "10")
    assert set(page.evaluate(TYPE_ALL, {keys[0]: ""})) == {"–"}


def test_the_server_s_answer_takes_the_place_of_the_page_s_and_folded_rows_stay_folded(address, page):
    page.goto(address)
    page.get_by_role("button", name="Skjul tomme opioidfelter").click()
    expect(page.get_by_role("button", name="Vis alle")).to_be_visible()
    expect(page.locator("#opioids-doses tbody tr:visible")).to_have_count(0)
    page.get_by_role("button", name="Vis alle").click()
    field = page.get_by_label("Metadon mikstur/tabletter, mg", exact=True)
    field.fill("20")
    expect(page.locator("#opioids-doses tfoot output")).to_have_text("120")
    page.get_by_role("button", name="Skjul tomme opioidfelter").click()
    with page.expect_response("**/forms/7"):
        field.fill("20,5")
    expect(page.locator("#opioids-doses tfoot output")).to_have_text("123")
    expect(page.locator("#opioids-doses tbody tr:visible")).to_have_count(1)
    expect(page.get_by_role("button", name="Vis alle")).to_be_visible()
    expect(field).to_be_focused()
    check_page(page)


def test_without_scripts_nothing_is_folded_and_no_button_is_in_the_way(address, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(address)
    expect(page.locator("button.fold")).to_be_hidden()
    expect(page.locator("#opioids-doses tbody tr:visible")).to_have_count(len(TABLE))
