"""A licensed form without its owner's wording is neither sent by itself nor ordered by anybody."""

from __future__ import annotations

import pytest

from services.eprom.handlers import HANDLERS
from services.eprom.usecases.outside_orders import catalogue
from services.eprom.usecases.schedules import schedule_of, schedules
from shared.contracts.registration import PromOrdered
from shared.forms.catalogue import FOLDER, load_registry
from tests.eprom.outside_site import OutsideSite
from tests.wording import no_wordings

pytestmark = pytest.mark.req("EPR-12", "EPR-02")
LICENSED, FREE = "hads", "pasreg"


@pytest.fixture
def site(tmp_path):
    with no_wordings(tmp_path / "texts", schedules, catalogue):
        made = OutsideSite(tmp_path, f"sqlite:///{tmp_path}/eprom.sqlite")
        yield made
        made.close()


def forms_sent(licensed_texts):
    known = load_registry(FOLDER / "smertereg", licensed_texts)
    return [rule.form for rule in schedule_of(known).rules]


def test_a_form_waits_for_the_wording_of_its_owner(tmp_path):
    assert forms_sent(tmp_path) == ["pasreg", "eval", "opioid"]


def test_sample_wording_is_sent_where_nobody_supplies_any():
    assert forms_sent(None) == ["pasreg", "hads", "eval", "opioid"]


@pytest.mark.req("EPR-07")
def test_told_to_send_it_by_hand_nothing_is_ordered(site):
    where = {"course_id": 1, "pid": 5, "registry": "smertereg", "organisation": 100082}
    for form in (LICENSED, FREE):
        HANDLERS[PromOrdered](PromOrdered(**where, form=form, channel="secure"), site.uow)

    assert [(type(event).__name__, event.form) for event in site.events()] == [("FormOrdered", FREE)]
    assert [row.form for row in site.orders()] == [FREE]


def test_other_registries_are_not_offered_it(site):
    refused, taken = site.post(site.body(form=LICENSED)), site.post(site.body(form=FREE))

    assert (refused.status_code, refused.text, taken.status_code) == (400, "form_not_published", 200)
    assert [row.form for row in site.orders()] == [FREE]
