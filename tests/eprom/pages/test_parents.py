"""A parent opens and answers the form of a child, by ID-porten or by a code; nobody else does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from deploy.standins.parts import EXTENSION
from services.eprom.domain.course import CourseName
from services.eprom.domain.representation import reader_sign, signed_token
from services.eprom.usecases.place_order import place_order
from shared.contracts.eprom import FormAnswered
from shared.testing.html import read_html, words
from tests.eprom.pages.patient import answer, enter_code, log_in, sent_code
from tests.eprom.site import KARI, Site
from tests.eprom.usecases.world import DISPATCH

pytestmark = pytest.mark.req("EPR-01", "EPR-08")
ELLA, IVER = 9, 10
CHILD, NORA, AMINA, LIV = "02921099811", "30908249638", "49888549829", "02908849852"
IN_PLACE = "Du svarer på vegne av barnet ditt."


class Home(Site):
    """Eprom, and a child whose parents registration tells of."""

    def __init__(self, folder):
        super().__init__(folder, f"sqlite:///{folder}/eprom.sqlite")
        self.registration.numbers |= {ELLA: CHILD, IVER: "21881399536"}
        self.courses = 0

    def child_form(self, *parents, form="pasreg", pid=ELLA):
        """A form of a child that left in the dispatch of the next day; whoever `parents` are answers for it."""
        self.registration.parents[pid], self.registration.is_down = list(parents or (NORA, AMINA)), False
        self.courses += 1
        moment = DISPATCH + timedelta(days=self.courses)
        name = CourseName(course_id=self.courses, pid=pid, registry="smertereg", organisation=100082)
        order_id = place_order(name, form, due_at=moment, uow=self.uow)
        with self.mail_runs():
            self.work_until(moment)
        return order_id

    def link(self, order_id, number):
        """The token in the link of one parent."""
        return signed_token(self.token(order_id), reader_sign(self.means.link_key, order_id, number))

    def press(self, order_id, number, way="idporten"):
        """Follow a parent's own link and press a button there; returns the browser and the answer."""
        browser = self.visitor()
        return browser, browser.send_form("/s", {"token": self.link(order_id, number), "way": way})

    def standin(self, family_name):
        """A person of the stand-in's population."""
        return next(one for one in self.standins.extensions[EXTENSION].people.all() if one.family_name == family_name)

    def logged_in(self, order_id, number):
        """A browser in which somebody has logged in with ID-porten, on the way to a form."""
        browser = self.visitor()
        return browser, log_in(self, browser, f"/form/{order_id}", number).status_code


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = Home(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


def shown(browser, page):
    return words(read_html(browser.get(page).text))


def test_each_parent_is_told_in_words_of_their_own_and_without_health(home):
    order_id = home.child_form()
    mother, other = home.inbox(to=NORA), home.inbox(channel="sms")

    task = home.inbox(channel="helsenorge")[0]
    assert (task["to"], mother) == (CHILD, [])
    assert task["title"] == "Du har fått et skjema å svare på for barnet ditt"
    assert task["links"] == [f"http://localhost/s/{home.token(order_id)}"]
    assert other == []


@pytest.mark.req("EPR-04")
def test_where_helsenorge_reaches_nobody_each_parent_gets_a_link_by_sms(home):
    order_id = home.child_form(AMINA, LIV, pid=IVER)
    texts = {one["to"]: one for one in home.inbox(channel="sms") + home.inbox(channel="digipost")}

    links = {link for one in texts.values() for link in one["links"]}
    assert links == {f"http://localhost/s/{home.link(order_id, number)}" for number in (AMINA, LIV)}
    assert not any(number in link for link in links for number in (CHILD, AMINA, LIV))


@pytest.mark.parametrize("page", ["", "/overview", "/summary", "/question/contacts_last_year", "/decline"])
def test_every_page_says_that_one_answers_for_the_child(home, page):
    order_id = home.child_form()
    browser, status = home.logged_in(order_id, NORA)

    assert status == 303
    assert IN_PLACE in shown(browser, f"/form/{order_id}{page}")


def test_a_grown_up_is_not_told_so(home):
    order_id = home.child_form(pid=KARI)
    del home.registration.parents[KARI]
    browser, _ = home.logged_in(order_id, home.registration.numbers[KARI])

    assert IN_PLACE not in shown(browser, f"/form/{order_id}")


@pytest.mark.parametrize("number", [CHILD, LIV], ids=["the child itself", "somebody else"])
def test_nobody_else_gets_in(home, number):
    assert home.logged_in(home.child_form(), number)[1] == 403


@pytest.mark.req("IDN-10")
def test_who_has_lost_the_responsibility_is_refused_at_the_next_log_in(home):
    order_id = home.child_form()
    assert home.logged_in(order_id, AMINA)[1] == 303
    home.registration.parents[ELLA] = [NORA]

    assert home.logged_in(order_id, AMINA)[1] == 403
    assert home.logged_in(order_id, NORA)[1] == 303


def test_from_the_birthday_on_the_child_alone_gets_in(home):
    order_id = home.child_form()
    del home.registration.parents[ELLA]

    assert home.logged_in(order_id, NORA)[1] == 403
    assert home.logged_in(order_id, CHILD)[1] == 303


@pytest.mark.req("EPR-15")
def test_while_nobody_can_tell_who_answers_nobody_gets_in(home):
    order_id = home.child_form()
    home.registration.is_down = True
    assert home.logged_in(order_id, NORA)[1] == 503

    home.registration.is_down = False
    assert home.logged_in(order_id, NORA)[1] == 303


@pytest.mark.req("EPR-09")
def test_both_may_open_and_one_hands_in(home):
    order_id = home.child_form()
    (mother, _), (other, _) = home.logged_in(order_id, NORA), home.logged_in(order_id, AMINA)
    answer(mother, order_id, "contacts_last_year", "4")
    assert mother.send_form(f"/form/{order_id}/submit", {}).location == f"/form/{order_id}/thanks"

    assert home.answers(order_id).filled_out_by == "parent"
    other.send_form(f"/form/{order_id}/submit", {})
    assert "We have your answers" in shown(other, f"/form/{order_id}")
    assert [one.order_id for one in home.events() if isinstance(one, FormAnswered)].count(order_id) == 1
    assert home.visitor().get(f"/s/{home.link(order_id, AMINA)}").status_code == 404


def test_a_parent_sees_the_one_form_and_takes_no_copy(home):
    second, first = home.child_form(form="hads"), home.child_form()
    browser, _ = home.logged_in(first, NORA)
    answer(browser, first, "contacts_last_year", "4")

    assert browser.get(f"/form/{second}").status_code == 404
    assert "Last ned en kopi" not in shown(browser, f"/form/{first}/summary")
    browser.send_form(f"/form/{first}/submit", {})
    assert second not in browser.get(f"/form/{first}/thanks").text


@pytest.mark.req("GEN-06", "GEN-04")
def test_the_access_log_names_a_parent_and_nobody_s_number(home):
    order_id = home.child_form()
    browser, _ = home.logged_in(order_id, NORA)
    browser.get(f"/form/{order_id}")
    entry = home.log()[-1]

    assert (entry.role, entry.pid, entry.object) == ("parent", ELLA, "form:pasreg")
    assert not any(number in str(home.log()) for number in (CHILD, NORA, AMINA))


def test_a_code_goes_to_the_telephone_of_the_parent_whose_link_it_is(home):
    order_id = home.child_form()
    browser, pressed = home.press(order_id, AMINA, "sms_code")
    assert pressed.location == "/code"
    assert home.inbox(channel="sms")[0]["to"] == home.standin("Lundqvåg").mobile

    assert enter_code(browser, sent_code(home)).location == f"/form/{order_id}"
    assert re.search("on behalf of your child", shown(browser, f"/form/{order_id}"))


def test_a_code_is_of_no_use_with_another_link(home):
    order_id = home.child_form()
    home.press(order_id, AMINA, "sms_code")
    code, (other, _) = sent_code(home), home.press(order_id, NORA)

    assert enter_code(other, code).status_code == 422


def test_the_shared_link_alone_leads_to_nobody_s_telephone(home):
    order_id, browser = home.child_form(), home.visitor()
    answered = browser.send_form("/s", {"token": home.token(order_id), "way": "sms_code"})

    assert answered.status_code == 422
    assert "Vi finner ikke noe mobilnummer" in words(read_html(answered.text))


@pytest.mark.parametrize("is_before", [True, False], ids=["before the code is sent", "before it is typed"])
def test_a_code_lets_nobody_in_who_has_lost_the_responsibility(home, is_before):
    order_id = home.child_form()
    if is_before:
        home.registration.parents[ELLA] = [NORA]
    browser, answered = home.press(order_id, AMINA, "sms_code")
    if not is_before:
        home.registration.parents[ELLA] = [NORA]
        answered = enter_code(browser, sent_code(home))

    assert answered.status_code == 422
    assert "Denne lenken gjelder ikke lenger for deg" in words(read_html(answered.text)) or "no longer" in answered.text


@pytest.mark.req("EPR-15")
def test_a_code_waits_for_the_register_and_stays_good(home):
    order_id = home.child_form()
    browser, _ = home.press(order_id, AMINA, "sms_code")
    code, home.registration.is_down = sent_code(home), True
    assert enter_code(browser, code).status_code == 503

    home.registration.is_down = False
    assert enter_code(browser, code).location == f"/form/{order_id}"
