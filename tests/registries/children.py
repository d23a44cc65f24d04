"""Children in a registry that lets parents answer for them: registration and eprom together, as they run."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from services.eprom.handlers import HANDLERS as EPROM_HEARS
from services.eprom.store.tables import OrderRow
from services.registration.handlers import HANDLERS as REGISTRATION_HEARS
from services.registration.usecases.fetch_answers import fetch_answers
from services.registration.usecases.open_course import open_course
from shared.auth.credentials import client_secret
from shared.auth.principal import Role
from shared.contracts.eprom import FormAnswered
from shared.scheduling.clock import today
from shared.testing.html import read_html, words
from shared.testing.oidc import Registered
from shared.testing.web import a_user, make_client, sign_in
from shared.testing.wsgi_http import WsgiAdapter
from tests.eprom.pages.patient import answer, log_in
from tests.eprom.site import REGISTRATION
from tests.eprom.site import Site as Eprom
from tests.registration.site import EPROM, HUS, IDENTITY
from tests.registration.site import Site as Registration

ELLA, IVER, SARA, MIKKEL = "Bjerkeset", "Solbakk", "Lillehaug", "Oterhals"
NORA, AMINA, LIV = "Vinterdal", "Lundqvåg", "Tangerud"


class Household:
    """Two services that call each other; the population is that beside registration, messages lie beside eprom."""

    def __init__(self, folder, registry):
        for name in ("registration", "eprom"):
            (folder / name).mkdir(parents=True)
        self.key = registry
        self.registration = Registration(folder / "registration", f"sqlite:///{folder}/registration/health.sqlite")
        self.eprom = Eprom(folder / "eprom", f"sqlite:///{folder}/eprom/eprom.sqlite")
        self.registration.clock.move(self.eprom.clock.now() - self.registration.clock.now())
        self.eprom.http.mount(REGISTRATION, WsgiAdapter(self.registration.app, REGISTRATION))
        self.registration.http.mount(EPROM, WsgiAdapter(self.eprom.app, EPROM))
        self.registration.http.mount(IDENTITY, self.eprom.identity.adapter)
        secret = client_secret(self.registration.settings.keys_dir, "registration")
        home = Registered(client_id="registration", redirect_uri="http://localhost/callback", secret=secret)
        self.eprom.identity.register(home)
        self.heard = 0

    def number(self, family_name):
        return self.registration.person(family_name).number

    def sent(self, child):
        """The order of a child's form after the next dispatch, and the ids of the messages that it came to."""
        desk, nurse = self.registration.means.desk(self.key), a_user(Role.LU, organisation=HUS, registry=self.key)
        day = today(self.eprom.clock)
        course_id = open_course(self.number(child), started_on=day, by=nurse, desk=desk, uow=self.registration.uow)
        for event in self.registration.events()[self.heard :]:
            if type(event) in EPROM_HEARS:
                EPROM_HEARS[type(event)](event, self.eprom.uow)
        self.heard, before = len(self.registration.events()), self._inbox()
        with self.eprom.mail_runs():
            self.forward(timedelta(days=1))
        order = self.order(course_id)
        return order, [one for one in self._inbox() if one not in before]

    def forward(self, time):
        """Let time pass on both clocks, and eprom work."""
        self.registration.clock.move(time)
        self.eprom.work_until(self.eprom.clock.now() + time)

    def order(self, course_id):
        with self.eprom.database.reading() as session:
            return session.scalars(
                select(OrderRow).where(OrderRow.course_id == course_id, OrderRow.form == "steps")
            ).one()

    def log_in(self, order, family_name):
        """What somebody gets who logs in for a form, and the browser."""
        browser = self.eprom.visitor()
        return log_in(self.eprom, browser, f"/form/{order.order_id}", self.number(family_name)).status_code, browser

    def lose(self, child, parent):
        """Let a parent lose the responsibility for a child."""
        given = {"number": self.number(parent), "on": today(self.eprom.clock).isoformat()}
        address = f"/people/{self.registration.person(child).id}/responsibility"
        assert self.registration.standins.test_client().post(address, data=given).status_code == 303

    def hand_in(self, order, browser):
        """Answer a form, hand it in, and let registration fetch it; returns what the clinician reads."""
        answer(browser, order.order_id, "walks", "4")
        browser.send_form(f"/form/{order.order_id}/submit", {})
        means = self.registration.means
        (told,) = [one for one in self.eprom.events() if isinstance(one, FormAnswered)]
        REGISTRATION_HEARS[FormAnswered](told, self.registration.uow)
        fetch_answers(order.order_id, answers=means.answers, registries=means.registries, uow=means.uow)
        clinician = make_client(self.registration.app)
        sign_in(clinician, a_user(Role.LU, organisation=HUS, registry=self.key))
        return words(read_html(clinician.get(f"/courses/{order.course_id}/forms/steps").text))

    def _inbox(self):
        return sorted((one["message_id"], one["channel"], one["to"]) for one in self.eprom.inbox())


def run(folder, registry):
    """What became of the forms of four children."""
    home = Household(folder, registry)
    ella, messages = home.sent(ELLA)
    found = {"ella": [ella.state, *_counted(messages, home)]}
    found["let in"] = {name: home.log_in(ella, name)[0] for name in (NORA, AMINA, ELLA, LIV)}
    home.registration.fail("population", times=1)
    found["register down"] = [home.log_in(ella, NORA)[0], home.log_in(ella, NORA)[0]]
    _, browser = home.log_in(ella, NORA)
    home.lose(ELLA, AMINA)
    found["lost"] = home.log_in(ella, AMINA)[0]
    found["clinician"] = "Fylt ut av forelder" in home.hand_in(ella, browser)
    for name in (IVER, SARA, MIKKEL):
        order, messages = home.sent(name)
        found[name] = [order.state, order.code, [channel for _, channel, _ in messages]]
    return found | {"of age": _of_age(home)}


def _counted(messages, home):
    """How many messages there were, in how many ways each, and whether each parent got one of them."""
    mobiles = {home.registration.person(name).mobile for name in (NORA, AMINA)}
    return [len({one for one, _, _ in messages}), len(messages), mobiles <= {to for _, _, to in messages}]


def _of_age(home):
    """Who gets in when the child has turned sixteen."""
    home.forward(timedelta(days=10))
    order, messages = home.sent(ELLA)
    ways = [channel for _, channel, _ in messages]
    return [order.state, ways, home.log_in(order, ELLA)[0], home.log_in(order, NORA)[0]]
