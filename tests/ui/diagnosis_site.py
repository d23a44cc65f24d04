"""The pain diagnoses of form B1.1 on a real port: drawn by the engine, stored in a variable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, redirect, render_template_string, request

from shared.auth.policy import Policy, PolicyLine
from shared.forms.catalogue import registry
from shared.forms.page_maker import Showing
from shared.scheduling.clock import FixedClock
from shared.web.app import make_app
from shared.web.context import is_htmx
from shared.web.settings import WebSettings
from tests.shared.web.kit import NOW

CONTEXT = {"today": date(2026, 11, 20), "started_on": date(2026, 11, 2)}
DRAW_AT, HOME = "/form/draw", "/form"
SECTIONS = ("pain_diagnoses", "misuse")
BODY = '{% from "ui/questions.html" import form_body %}{{ form_body(page, draw_at) }}'
PAGE = f"""{{% extends "ui/base.html" %}}
{{% block title %}}Skjema{{% endblock %}}
{{% block content %}}
<h1 class="ds-heading" data-size="md">Skjema</h1>
<form method="post" action="{HOME}">
<button type="submit" name="act" value="save" hidden></button>
<input type="hidden" name="csrf_token" value="{{{{ csrf_token() }}}}">
<div id="form-body">{BODY}</div>
<button class="ds-button" type="submit" name="act" value="save">Lagre</button>
</form>
{{% endblock %}}
"""
FORM = registry("smertereg").form("b11")


class Diagnoses:
    """One form and what is stored of it."""

    def __init__(self):
        self.document = FORM.new()

    @property
    def rows(self):
        """The stored rows without their ids."""
        rows = self.document["answers"].get("pain_diagnoses", [])
        return [{key: value for key, value in row.items() if key != "id"} for row in rows]

    def store(self, *rows):
        """Begin with these rows."""
        given = [{"id": f"r{number}", **row} for number, row in enumerate(rows, 1)]
        self.document = FORM.read_values({"pain_diagnoses": given}, FORM.new()).document

    def shown(self, draft=None, problems=(), *, is_read_only=False):
        showing = Showing(draft=draft, problems=problems, is_read_only=is_read_only)
        page = FORM.page(draft.document if draft else self.document, CONTEXT, showing)
        sections = tuple(section for section in page.sections if section.key in SECTIONS)
        page = replace(page, sections=sections, shown=tuple(p for p in page.shown if on(sections, p)))
        draw_at = "" if is_read_only else DRAW_AT
        return render_template_string(BODY if is_htmx() else PAGE, page=page, draw_at=draw_at)


def on(sections, path):
    return path.split(".")[0] in {question.key for section in sections for question in section.questions}


def the_pages(kept):
    pages = Blueprint("pages", __name__)

    @pages.get(HOME)
    def form():
        return kept.shown(is_read_only="locked" in request.args)

    @pages.post(DRAW_AT)
    def draw():
        draft = FORM.read(request.form, kept.document)
        return kept.shown(draft, FORM.check(draft.document, CONTEXT))

    @pages.post(HOME)
    def save():
        draft = FORM.read(request.form, kept.document)
        if draft.problems:
            return kept.shown(draft), 422
        kept.document = draft.document
        return redirect(HOME, 303)

    return pages


class DiagnosisSite:
    """The app on a port of its own."""

    def __init__(self, database):
        self.kept = Diagnoses()
        policy = Policy([PolicyLine(endpoint=f"pages.{name}", is_open=True) for name in ("form", "draw", "save")])
        settings = WebSettings(secret_key="s" * 40, cookie_secure=False)
        app = make_app(
            "forms",
            settings=settings,
            policy=policy,
            database=database,
            clock=FixedClock(NOW),
            blueprints=[the_pages(self.kept)],
        )
        self.app = app
