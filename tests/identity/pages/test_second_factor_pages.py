"""Second factors in a browser: without scripts for app, SMS and recovery codes; passkeys as the script sends them."""

from __future__ import annotations

import pytest

from services.identity.usecases.claims import id_claims
from shared.testing.html import find, read_html, words
from tests.identity.device import Device, Phone
from tests.identity.site import choose, fields
from tests.identity.world import PASSWORD

pytestmark = pytest.mark.req("IDN-13")
SECURITY = "/my-page/security"


def text(answer):
    return words(read_html(answer.text))


def press(browser, page, action, **typed):
    return browser.post(action, data={**fields(page, action), **typed})


def shown_secret(page):
    return next(node for node in read_html(page.text).iter("code")).text.replace(" ", "")


@pytest.fixture
def kari(site):
    site.user_id = site.add("kari")
    site.browser_of_kari = site.logged_in("kari")
    return site


def enrol_app(browser, clock):
    press(browser, browser.get(SECURITY), f"{SECURITY}/app")
    page = browser.get(SECURITY)
    phone = Phone(shown_secret(page))
    press(browser, page, f"{SECURITY}/app/confirm", code=phone.code(clock.now()))
    return phone


def enrol_passkey(browser):
    device, page = Device(), browser.get(SECURITY)
    given = {**fields(page, f"{SECURITY}/passkeys"), "name": "Telefonen"}
    asked = browser.post(f"{SECURITY}/passkeys/options", data=given)
    answer = browser.post(f"{SECURITY}/passkeys", data={**given, "credential": device.create(asked.text)})
    assert answer.status_code == 303, text(answer)
    return device


def to_code_page(site, user_name="kari"):
    browser = site.browser()
    form = fields(browser.get("/log-in"), "/log-in")
    answer = browser.post("/log-in", data={**form, "user_name": user_name, "password": PASSWORD})
    return browser, browser.get(answer.location)


def test_an_app_is_added_by_qr_code_or_text_and_confirmed_by_a_code(kari):
    browser = kari.browser_of_kari
    press(browser, browser.get(SECURITY), f"{SECURITY}/app")
    page = browser.get(SECURITY)
    secret = shown_secret(page)
    assert find(read_html(page.text), role="img").find(".//{*}path") is not None

    wrong = press(browser, page, f"{SECURITY}/app/confirm", code="000000")
    assert (wrong.status_code, find(read_html(wrong.text), id="code-error").text) == (422, "Koden er feil")
    assert shown_secret(wrong) == secret
    done = press(browser, wrong, f"{SECURITY}/app/confirm", code=Phone(secret).code(kari.clock.now()))

    after = browser.get(done.location)
    assert "En autentiseringsapp er lagt til" in text(after)
    assert secret[:4] not in text(after)
    assert "autentiseringsapp er lagt til" in kari.sent("email")[-1][1]


def test_a_code_of_the_app_logs_in_and_sms_stays_possible(kari):
    phone = enrol_app(kari.browser_of_kari, kari.clock)
    kari.sent()
    kari.move(minutes=1)
    browser, page = to_code_page(kari)
    assert kari.sent("sms") == []
    assert [form.get("action") for form in read_html(page.text).find(".//main").iter("form")] == [
        "/log-in/code",
        "/log-in/code/again",
    ]
    wrong = press(browser, page, "/log-in/code", code="000000")
    assert (wrong.status_code, find(read_html(wrong.text), id="app-code-error").text) == (422, "Koden er feil")
    done = press(browser, wrong, "/log-in/code", code=phone.code(kari.clock.now()))
    assert "Prosjektoversikt" in text(browser.get(done.location))

    browser, page = to_code_page(kari)
    shown = browser.get(press(browser, page, "/log-in/code/again").location)
    assert "Den forrige gjelder ikke lenger" not in text(shown)
    form = {**fields(page, "/log-in/code"), "method": "sms", "code": kari.code()}
    assert browser.post("/log-in/code", data=form).status_code == 303


def test_recovery_codes_are_shown_once_and_one_logs_in(kari):
    browser = kari.browser_of_kari
    shown = press(browser, browser.get(SECURITY), f"{SECURITY}/recovery-codes")
    codes = [node.text for node in read_html(shown.text).iter("code")]
    assert len(codes) == 10
    assert not [code for code in codes if code in browser.get(SECURITY).text]

    browser, page = to_code_page(kari)
    form = {**fields(page, "/log-in/code"), "method": "recovery"}
    wrong = browser.post("/log-in/code", data={**form, "code": "3-ABCDE-FGHJK"})
    assert find(read_html(wrong.text), id="recovery-code-error").text == "Koden er feil"
    done = browser.post("/log-in/code", data={**form, "code": codes[4]})
    left = browser.get(done.location)
    assert "Koder igjen: 9." in text(left)
    onward = next(node.get("href") for node in read_html(left.text).iter("a") if node.text == "Neste")
    choose(browser, browser.get(onward))

    assert "Koder igjen: 9." in text(browser.get(SECURITY))
    assert "Koder igjen: 9." in kari.sent("email")[-1][1]


def test_a_passkey_logs_in_alone_and_as_second_factor(kari):
    device = enrol_passkey(kari.browser_of_kari)
    browser = kari.browser()
    form = fields(browser.get("/log-in"), "/log-in/passkey")
    asked = browser.post("/log-in/passkey/options", data=form)
    done = browser.post("/log-in/passkey", data={**form, "credential": device.get(asked.text)})
    assert "Prosjektoversikt" in text(browser.get(done.location))

    browser, page = to_code_page(kari)
    form = {**fields(page, "/log-in/code"), "method": "passkey"}
    asked = browser.post("/log-in/code/passkey", data=form)
    done = browser.post("/log-in/code", data={**form, "credential": device.get(asked.text)})
    assert "Prosjektoversikt" in text(browser.get(done.location))


def test_a_challenge_belongs_to_the_session_that_was_handed_it(kari):
    device, mine, theirs = enrol_passkey(kari.browser_of_kari), kari.browser(), kari.browser()
    form = fields(mine.get("/log-in"), "/log-in/passkey")
    answer = device.get(mine.post("/log-in/passkey/options", data=form).text)

    refused = theirs.post("/log-in/passkey", data={**fields(theirs.get("/log-in")), "credential": answer})
    assert (refused.status_code, "Passnøkkelen ble ikke godtatt" in text(refused)) == (422, True)
    assert mine.post("/log-in/passkey", data={**form, "credential": answer}).status_code == 303


def test_tokens_say_what_was_really_used(kari):
    device = enrol_passkey(kari.browser_of_kari)
    browser = kari.browser()
    form = fields(browser.get("/log-in"), "/log-in/passkey")
    asked = browser.post("/log-in/passkey/options", data=form)
    browser.post("/log-in/passkey", data={**form, "credential": device.get(asked.text)})
    with browser.session_transaction() as session:
        sid = session["sign_on"]
    with kari.uow() as store:
        store.log_ins.sign_on(sid).role_id = store.users.roles_of(kari.user_id)[0].role_id
        facts = store.facts(sid, kari.seals)

    claims = id_claims(facts, issuer="http://localhost", client_id="eprom", nonce="n", now=kari.clock.now())
    assert claims["amr"] == ["pop", "user", "mfa"]
    assert session["principal"]["amr"] == ["pop", "user", "mfa"]


def test_a_step_up_takes_the_app_and_leads_back(kari):
    browser, phone = kari.browser_of_kari, enrol_app(kari.browser_of_kari, kari.clock)
    kari.move(minutes=6)
    page = browser.get(SECURITY)
    assert "først bekrefte at det er deg" in text(page)
    assert [form.get("action") for form in read_html(page.text).find(".//main").iter("form")] == []

    page = browser.get("/log-in?return_to=/my-page/security&step_up=1", follow_redirects=True)
    code = browser.get(press(browser, page, "/fresh-code").location)
    done = press(browser, code, "/log-in/code", code=phone.code(kari.clock.now()))

    assert (done.location, f"{SECURITY}/app/remove" in browser.get(done.location).text) == (SECURITY, True)


def test_changes_ask_for_a_fresh_factor_first(kari):
    browser, page = kari.browser_of_kari, kari.browser_of_kari.get(SECURITY)
    kari.move(minutes=6)

    for path in ("app", "app/remove", "passkeys", "passkeys/options", "recovery-codes"):
        refused = browser.post(f"{SECURITY}/{path}", data=fields(page, f"{SECURITY}/app"))
        assert (refused.status_code, "step_up=1" in refused.text) == (403, True), path


def test_a_passkey_gets_another_name_and_a_fault_loses_nothing(kari):
    browser = kari.browser_of_kari
    enrol_passkey(browser)
    page = browser.get(SECURITY)
    action = next(form.get("action") for form in read_html(page.text).iter("form") if "rename" in form.get("action"))

    wrong = press(browser, page, action, name="x" * 61)
    field = find(read_html(wrong.text), id=f"name-{action.split('/')[-2]}")
    assert (wrong.status_code, field.get("value"), field.get("aria-invalid")) == (422, "x" * 61, "true")
    done = press(browser, wrong, action, name="Nøkkelen <b>")
    assert "Nøkkelen <b>" in text(browser.get(done.location))
    gone = press(browser, browser.get(SECURITY), action.replace("rename", "remove"))
    assert "Nøkkelen" not in text(browser.get(gone.location))


def test_a_name_that_will_not_do_is_told_before_the_device_is_asked(kari):
    browser = kari.browser_of_kari
    form = fields(browser.get(SECURITY), f"{SECURITY}/passkeys")

    told = browser.post(f"{SECURITY}/passkeys/options", data={**form, "name": " "})
    assert (told.status_code, told.json) == (422, {"message": "Må fylles ut"})


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_pages_speak_every_language(kari, language):
    browser = kari.browser_of_kari
    enrol_passkey(browser)
    enrol_app(browser, kari.clock)
    press(browser, browser.get(SECURITY), "/language", language=language)
    page = browser.get(SECURITY)
    codes = press(browser, page, f"{SECURITY}/recovery-codes")

    stranger, second = to_code_page(kari)
    for shown in (page, codes, second, stranger.get("/log-in")):
        assert "identity." not in text(shown)
        assert "message." not in text(shown)
