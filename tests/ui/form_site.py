"""A small service with forms on a real port, for tests in a browser."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

from flask import Blueprint, render_template_string, request
from werkzeug.serving import make_server

from shared.auth.policy import Policy, PolicyLine
from shared.scheduling.clock import FixedClock
from shared.web.app import make_app
from shared.web.context import is_htmx
from shared.web.settings import WebSettings
from tests.shared.web.kit import NOW
from tests.ui.form_pages import (
    POST_TO,
    answered_questions,
    asked,
    faulty,
    opioid_question,
    options,
    page_of,
    rows_question,
    search_question,
    simple_questions,
    steps,
    visits_question,
)

PAGE = """{% extends "ui/base.html" %}
{% from "ui/questions.html" import form_body %}
{% block title %}Skjema{% endblock %}
{% block content %}
<h1 class="ds-heading" data-size="md">Skjema</h1>
<form method="post" action="{{ post_to }}">
<button type="submit" name="_save" value="1" hidden></button>
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<div id="form-body">{{ form_body(page, post_to) }}</div>
<button class="ds-button" type="submit" name="_save" value="1">Lagre</button>
</form>
{% endblock %}
"""
SCREEN = """{% extends "ui/patient.html" %}
{% from "ui/questions.html" import patient_question %}
{% block title %}Spørsmål{% endblock %}
{% block content %}
<form method="post">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
{{ patient_question(question) }}
</form>
{% endblock %}
"""
PART = '{% from "ui/questions.html" import form_body %}{{ form_body(page, post_to) }}'


def shown(page):
    return render_template_string(PART if is_htmx() else PAGE, page=page, post_to=POST_TO)


def all_questions():
    tables = (rows_question(), opioid_question(), visits_question())
    return [*simple_questions().values(), search_question(), *tables]


def sample_pages():
    """Forms with every type in one state each."""
    help_, warning = "En kort forklaring.", "Verdien er ikke innenfor vanlige verdier. Er du sikker?"
    bad = [replace(q, errors=("Svar på spørsmålet.",), is_required=True) for q in all_questions()]
    answered = list(answered_questions().values())
    warned = [replace(q, level=1, warning=warning, confirm_value=f"{q.key}=1", help=help_) for q in answered]
    return {
        "empty": page_of([replace(q, is_required=True, help=help_) for q in all_questions()]),
        "faults": page_of(bad, problems=bad),
        "warnings": page_of(warned),
        "filled": page_of([replace(q, is_filled=True) for q in answered]),
        "read_only": page_of([*answered, *all_questions()[-3:]], is_read_only=True),
    }


class LiveForm:
    """A form whose questions open each other, as the engine would say it."""

    def page(self, fields):
        cleared = fields.getlist("_clear")
        chosen = 0 if "operated" in cleared else int(fields.get("operated") or 0)
        yes_no = options("operated", "Ja", "Nei", chosen={chosen})
        questions = [
            asked(
                "operated", "choice", "Er pasienten operert?", options=yes_no, drives=True, help="Alle inngrep teller."
            )
        ]
        if chosen == 1:
            questions.append(self.year(fields))
        pain = asked(
            "pain", "nrs", "Smerte", options=steps("pain", -1 if "pain" in cleared else int(fields.get("pain") or -1))
        )
        questions += [pain, doses(fields)]
        return page_of(questions, problems=questions)

    def year(self, fields):
        q = asked(
            "year", "integer", "Hvilket år?", level=1, value=fields.get("year") or "", is_required=True, drives=True
        )
        missing = ("Svar på spørsmålet «Hvilket år?».",) if fields.get("_save") and not q.value else ()
        unreadable = ("Skriv bare siffer.",) if q.value and not q.value.isdigit() else ()
        return replace(q, errors=missing or unreadable)


def doses(fields):
    typed = {dose.name: fields.get(dose.name) or "" for dose in opioid_question().doses}
    made = [replace(dose, dose=typed[dose.name], omeq=typed[dose.name]) for dose in opioid_question().doses]
    return replace(opioid_question(), doses=tuple(made), total=str(sum(int(value or 0) for value in typed.values())))


def the_pages():
    pages, live = Blueprint("pages", __name__), LiveForm()

    @pages.route(POST_TO, methods=["GET", "POST"])
    def form():
        page = live.page(request.form)
        return shown(page), 422 if page.problems else 200

    @pages.get("/samples/<name>")
    def sample(name):
        return shown(sample_pages()[name])

    @pages.get("/patient/<name>")
    def patient(name):
        return render_template_string(SCREEN, question=simple_questions()[name])

    @pages.get("/patient/<name>/fault")
    def patient_fault(name):
        return render_template_string(SCREEN, question=faulty(simple_questions())[name])

    return pages


class FormSite:
    """The app on a port of its own."""

    def __init__(self, database):
        names = ("form", "sample", "patient", "patient_fault")
        policy = Policy([PolicyLine(endpoint=f"pages.{name}", is_open=True) for name in names])
        settings = WebSettings(secret_key="s" * 40, cookie_secure=False)
        clock = FixedClock(NOW)
        app = make_app(
            "forms", settings=settings, policy=policy, database=database, clock=clock, blueprints=[the_pages()]
        )
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
