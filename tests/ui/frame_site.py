"""A small service whose pages show the two frames and every field macro."""

from __future__ import annotations

from flask import Blueprint, render_template_string, request

from shared.auth.policy import Policy, PolicyLine
from shared.scheduling.clock import FixedClock
from shared.web.app import make_app
from shared.web.settings import WebSettings
from tests.shared.web.kit import NOW

DESK = """{% extends "ui/base.html" %}
{% from "ui/fields.html" import alert, area_field, button, check_field, file_field, hidden, list_field, pager, radio_field, summary, text_field %}
{% block title %}{{ "Feil: " if errors }}Felt{% endblock %}
{% block nav %}<li><a href="/desk" aria-current="page">Felt</a></li><li><a href="/side">Steg</a></li>{% endblock %}
{% block content %}
<h1 class="ds-heading" data-size="lg">Felt</h1>
{% for color in ("info", "success", "warning", "danger") %}{{ alert("Slik sier vi fra.", color) }}{% endfor %}
<form class="card stack" method="post">
  {{ hidden() }}
  {{ summary(errors, {"name": "Navn", "why": "Hvorfor", "place": "Sted", "kind": "Slag", "sure": "Sikker", "file": "Fil"}) }}
  {{ text_field("name", "Navn", error=errors.get("name"), help="Slik det skal stå.", autocomplete="name", required=True) }}
  {{ area_field("why", "Hvorfor", error=errors.get("why"), help="Kort.") }}
  {{ list_field("place", "Sted", [{"value": "1", "name": "Vestsykehuset"}], error=errors.get("place"), empty="Velg") }}
  {{ radio_field("kind", "Slag", [{"value": "a", "name": "Det ene"}, {"value": "b", "name": "Det andre"}], error=errors.get("kind")) }}
  {{ check_field("sure", "Jeg er sikker", error=errors.get("sure")) }}
  {{ file_field("file", "Fil", error=errors.get("file"), help="Høyst 1 MB.") }}
  <div class="actions">{{ button("Send") }}{{ button("Lagre", "secondary") }}{{ button("Slett", "tertiary", "danger", "act", "delete") }}</div>
</form>
<div class="table-box"><table class="ds-table"><caption>Saker</caption>
  <thead><tr><th scope="col">Sak</th><th scope="col">Tilstand</th></tr></thead>
  <tbody>{% for state in ("open", "draft", "final", "out", "ended", "closed") %}
  <tr><td>{{ "Et langt navn på en sak, " * 6 }}</td><td><span class="state" data-state="{{ state }}">{{ state }}</span></td></tr>
  {% endfor %}</tbody>
</table></div>
{{ pager(2, True, page_of) }}
{% endblock %}
"""
SIDE = """{% extends "ui/base.html" %}
{% block title %}Steg{% endblock %}
{% block side %}
<div class="person"><strong>Line Danser</strong>57 år</div>
<nav aria-label="Steg"><ol class="steps"><li><a href="#a" aria-current="step">1. Inklusjon</a></li><li><a href="#b">2. Utredning</a></li></ol></nav>
{% endblock %}
{% block content %}
<h1 class="ds-heading" data-size="lg">Inklusjon</h1>
<div class="card">{{ "Mye tekst. " * 400 }}</div>
<div class="bar"><span class="bar-note">Kladd lagret</span><a class="ds-button" href="#next">Neste</a></div>
{% endblock %}
"""
PATIENT = """{% extends "ui/patient.html" %}
{% block title %}Spørsmål{% endblock %}
{% block progress %}<label for="progress">Spørsmål 1 av 12</label><progress id="progress" value="1" max="12"></progress>{% endblock %}
{% block content %}<h1 class="ds-heading" data-size="md">Hvordan går det?</h1>{{ "Mye tekst. " * 200 }}{% endblock %}
{% block bar %}
<div class="patient-bar"><a class="ds-button" data-variant="secondary" href="#back">Tilbake</a><a class="ds-button" href="#next">Neste</a><a class="wide ds-link" href="#over">Hopp over</a></div>
{% endblock %}
"""
FAULTS = dict.fromkeys(("name", "why", "place", "kind", "sure", "file"), "Svar på spørsmålet.")


def the_pages():
    pages = Blueprint("pages", __name__)

    @pages.route("/desk", methods=["GET", "POST"])
    def desk():
        errors = FAULTS if request.method == "POST" else {}
        shown = render_template_string(DESK, errors=errors, page_of=lambda number: f"/desk?page={number}")
        return shown, 422 if errors else 200

    @pages.get("/side")
    def side():
        return render_template_string(SIDE)

    @pages.get("/patient")
    def patient():
        return render_template_string(PATIENT)

    return pages


def frame_app(database):
    """The service; nobody logs in."""
    policy = Policy([PolicyLine(endpoint=f"pages.{name}", is_open=True) for name in ("desk", "side", "patient")])
    settings = WebSettings(secret_key="s" * 40, cookie_secure=False)
    return make_app(
        "frames", settings=settings, policy=policy, database=database, clock=FixedClock(NOW), blueprints=[the_pages()]
    )
