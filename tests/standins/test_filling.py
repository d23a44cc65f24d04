"""A citizen answers a task at Helsenorge itself; the form comes from eprom, and the answers go back to it."""

from __future__ import annotations

import pytest

from deploy.standins.filling_form import Filling
from deploy.standins.parts import EXTENSION
from shared.forms.catalogue import registry
from shared.forms.definition import Audience
from shared.forms.fhir import questionnaire
from shared.testing.wsgi_http import WsgiAdapter
from tests.eprom.site import HOME, Site
from tests.registries.feet import QUESTIONNAIRE
from tests.standins.world import strict_html

pytestmark = pytest.mark.req("EPR-15", "EPR-01")
OPIOID = questionnaire(registry("smertereg").form("opioid"), Audience.PATIENT)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filling")
    made = Site(folder, f"sqlite:///{folder}/eprom.sqlite")
    made.standins.extensions[EXTENSION].http.mount(HOME, WsgiAdapter(made.app, HOME))
    yield made
    made.close()


class Citizen:
    """Somebody who presses the button under a task."""

    def __init__(self, site):
        self.http = site.standins.test_client()
        self.order_id = site.sent(form="eval")
        self.page = f"/helsenorge-forms/{site.inbox()[0]['task_id']}"

    def asked(self, answer):
        """The fields that a page has."""
        tree = strict_html(answer.text)
        return {field.get("name") for field in tree.iter("input")}

    def press(self, act, **given):
        return self.http.post(self.page, data={**given, "_act": act})


def test_a_form_is_answered_at_helsenorge(site):
    citizen = Citizen(site)
    assert citizen.page in citizen.http.get("/inbox").text
    first = citizen.asked(citizen.http.get(citizen.page))
    given = {name: "1" for name in first if name}
    opened = citizen.asked(citizen.press("show", **given))
    assert "remembers_team" in first
    assert first < opened

    early = citizen.press("send", remembers_team="1")
    assert (early.status_code, "an answer is needed here" in early.text) == (422, True)
    assert strict_html(early.text) is not None
    assert site.row(citizen.order_id).state == "sent"
    assert citizen.press("send", **dict.fromkeys(opened - {None}, "1")).status_code == 200
    assert site.row(citizen.order_id).state == "answered"
    assert site.answers(citizen.order_id).document["answers"]["remembers_team"] == 1
    assert citizen.press("send", **given).status_code == 409


def test_a_task_that_is_not_there_has_no_form(site):
    assert site.standins.test_client().get("/helsenorge-forms/17").status_code == 404


def test_what_the_page_shows_follows_the_conditions():
    told = {name: [value] for name, value in {"1.1": "1", "1.3": "9", "1.6": "true"}.items()}
    offered = {**QUESTIONNAIRE, "version": "1"}
    for group in offered["item"]:
        for one in group["item"]:
            one.setdefault("answerOption", [] if one["type"] != "choice" else [
                {"valueCoding": {"system": "urn:oid:2.16.578.1.12.4.1.1101", "code": code, "display": code}} for code in "12"
            ])  # fmt: skip
    form = Filling(offered, told)
    links = [item["linkId"] for item in form.shown()]
    assert links == ["1.1", "1.2", "1.6", "1.7", "2.1", "2.2", "2.3"]
    items = form.response("urn:uuid:x")["item"][0]["item"]
    assert [item["linkId"] for item in items] == ["1.1", "1.6"]


def test_the_systems_own_answers_are_repeated():
    (own,) = Filling(OPIOID, {}).response("urn:uuid:x")["item"]
    assert own["linkId"] == "section.filling_in"
    assert own["item"][0]["answer"][0]["valueCoding"]["code"] == "1"
