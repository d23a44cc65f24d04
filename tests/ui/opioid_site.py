"""The opioid table of a real form, reckoned by page and server, on a port of its own."""

from __future__ import annotations

from flask import Blueprint, request

from shared.auth.policy import Policy, PolicyLine
from shared.forms.catalogue import registry
from shared.forms.page_maker import Showing
from shared.forms.problems import shown_value
from shared.scheduling.clock import FixedClock
from shared.web.app import make_app
from shared.web.settings import WebSettings
from tests.shared.web.kit import NOW
from tests.ui.form_site import shown

FORM = registry("smertereg").form("b11")
CONTEXT = {"today": NOW.date()}
TABLE = FORM.questions["opioids"].preparations.items


def equivalents(doses):
    """What the server makes of doses as they are written: by preparation, and the sum."""
    table = FORM.read_values({"opioids": {"doses": doses}}, FORM.new()).document["answers"].get("opioids")
    return (table["omeq"], shown_value(table["sum"], "nb")) if table else ({}, "–")


def opioid_app(database):
    """One page with everything of B1.1 that shows."""
    pages = Blueprint("pages", __name__)

    @pages.route("/forms/7", methods=["GET", "POST"])
    def form():
        draft = FORM.read(request.form, FORM.new({"analgesics_first_visit": ["opioids"]}))
        return shown(FORM.page(draft.document, CONTEXT, Showing(language="nb", draft=draft)))

    settings = WebSettings(secret_key="s" * 40, cookie_secure=False)
    lines = [PolicyLine(endpoint=f"pages.{name}", is_open=True) for name in ("form",)]
    clock = FixedClock(NOW)
    return make_app(
        "opioids", settings=settings, policy=Policy(lines), database=database, clock=clock, blueprints=[pages]
    )
