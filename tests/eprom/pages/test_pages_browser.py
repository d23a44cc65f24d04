"""The patients' pages in Chromium: accessible at every width, big enough for thumbs, quick on slow lines, no script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_accessible, check_fits, check_page, press
from tests.eprom.pages.patient import answer, patient, sent_code
from tests.eprom.pages.wire import Wire
from tests.eprom.site import KARI, SOLVEIG
from tests.eprom.usecases.world import DISPATCH

pytestmark = [pytest.mark.browser, pytest.mark.req("EPR-01", "OPS-07")]
PAGES = ("", "/overview", "/question/sleep_before_admission", "/question/contacts_last_year", "/summary", "/decline")
WIDTHS = {360: 740, 390: 844, 1280: 900}
THUMB = 44
FIRST_PAGE, LATER_PAGE = 100_000, 15_000
# What can be pressed, but for links that stand inside of a sentence and for what only a keyboard reaches.
SMALL = """[...document.querySelectorAll("a:not(.ds-skip-link), button, .patient-question .ds-field[data-variant]")]
  .map(node => [node.outerHTML.slice(0, 120), node.getBoundingClientRect()])
  .filter(([, box]) => box.height > 0 && (box.height < %d || box.width < %d)).map(([html]) => html)"""


@pytest.fixture(scope="module")
def orders(clinic):
    """Forms that left in one dispatch, by what a test wants them for."""
    wanted = {"begun": KARI, "keyboard": KARI, "wrong": KARI, "no script": SOLVEIG, "light": KARI, "slow": KARI}
    made = {name: clinic.order(pid, course_id=number) for number, (name, pid) in enumerate(wanted.items(), 1)}
    with clinic.mail_runs():
        clinic.work_until(DISPATCH)
    return made


@pytest.fixture(scope="module")
def begun(clinic, orders):
    """A form in which one question is answered and one skipped."""
    browser = patient(clinic)
    answer(browser, orders["begun"], "sleep_before_admission", "2")
    answer(browser, orders["begun"], "sleep_after_admission", "", act="skip")
    return orders["begun"]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_fits_and_has_room_for_thumbs(visit, begun, clinic, width):
    phone = visit(begun, width=width, height=WIDTHS[width])
    for page in PAGES:
        phone.goto(f"{clinic.address}/form/{begun}{page}")
        check_page(phone)
        assert phone.evaluate(SMALL % (THUMB, THUMB)) == []


@pytest.mark.parametrize("page", PAGES)
def test_at_twice_the_size_nothing_is_cut_off_or_covered(visit, begun, page):
    window = visit(begun, page, width=640, height=450, device_scale_factor=2)
    check_fits(window)
    narrow = visit(begun, page, width=320, height=400)
    check_fits(narrow)
    check_accessible(narrow)
    assert narrow.locator(".patient-bar").evaluate_all("all => all.map(bar => getComputedStyle(bar).position)") in (
        ["static"],
        [],
    )


def test_a_form_is_walked_through_by_keyboard_alone(visit, orders):
    page = visit(orders["keyboard"], "/question/sleep_before_admission")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#progress")).to_have_text("Spørsmål 2 av 6")
    expect(page.get_by_role("status")).to_contain_text("Svarene dine er lagret")

    page.keyboard.press("Tab")
    expect(page.locator(".ds-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_wrong_answer_is_told_to_who_hears_the_page(visit, orders):
    page = visit(orders["wrong"], "/question/contacts_last_year")
    page.fill("#contacts_last_year", "mange")
    press(page, "Neste")
    expect(page).to_have_title(
        "Feil: Omtrent hvor mange ganger det siste året har du vært i kontakt med fastlege, legevakt, sykehus eller andre i helsetjenesten på grunn av smerter?"
    )
    field = page.get_by_role("textbox")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Skriv et helt tall. Skriv 0 hvis du ikke har hatt slik kontakt. Dette er ikke et tall. Skriv bare siffer."
    )


def by_code(clinic, page, order_id):
    """From the link in the message to the introduction, by a code."""
    page.goto(f"{clinic.address}/s/{clinic.token(order_id)}")
    press(page, "Få en kode på SMS")
    page.get_by_label("Kode").fill(sent_code(clinic))
    press(page, "Gå videre")


@pytest.mark.req("EPR-08")
def test_without_scripts_a_patient_gets_from_the_link_to_the_thanks(clinic, new_page, orders):
    page = new_page(width=390, height=844, java_script_enabled=False)
    by_code(clinic, page, orders["no script"])
    press(page, "Bokmål")
    page.get_by_role("link", name="Svar nå").click()
    for number in range(1, 7):
        expect(page.locator("#progress")).to_have_text(f"Spørsmål {number} av 6")
        if page.locator("input[type=radio]").count():
            page.locator(".patient-question .ds-label").first.click()
        press(page, "Neste")
    page.get_by_role("link", name="Oversikt").click()
    expect(page.locator("#progress")).to_have_text("5 av 6 spørsmål er besvart")
    page.get_by_role("link", name="Se over og send inn").click()
    press(page, "Send inn")
    expect(page.get_by_role("heading", level=1)).to_have_text("Takk, vi har fått svarene dine")


def test_the_first_page_and_the_next_ones_are_light(visit, clinic, orders):
    order_id = orders["light"]
    page = visit(order_id)
    wire = Wire(page)
    first = wire.measure(lambda: page.goto(f"{clinic.address}/form/{order_id}"))
    later = [
        wire.measure(lambda at=at: page.goto(f"{clinic.address}/form/{order_id}{at}"))
        for at in ("/overview", "/summary")
    ]
    page.goto(f"{clinic.address}/form/{order_id}")
    later.append(wire.measure(page.get_by_role("link", name="Svar nå").click))
    later.append(wire.measure(lambda: press(page, "Neste")))

    assert first.octets <= FIRST_PAGE
    assert max(one.octets for one in later) <= LATER_PAGE


def test_a_slow_line_is_enough(visit, clinic, orders):
    order_id = orders["slow"]
    page = visit(order_id)
    wire = Wire(page)
    wire.slow_down(kilobits=400, latency_ms=400)
    first = wire.measure(lambda: page.goto(f"{clinic.address}/form/{order_id}"))
    page.get_by_role("link", name="Svar nå").click()
    page.locator(".patient-question .ds-label").first.click()
    later = wire.measure(lambda: press(page, "Neste"))

    expect(page.locator("#progress")).to_have_text("Spørsmål 2 av 6")
    assert (first.seconds < 10, later.seconds < 5) == (True, True), (first, later)
