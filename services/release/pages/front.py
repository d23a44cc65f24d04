"""The front page: one way in for applicants, another for those who treat the applications."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.release.pages.blueprint import pages
from shared.auth.principal import Kind
from shared.web.context import current_principal


@pages.get("/")
def front() -> ResponseReturnValue:
    """Say what can be applied for and where to log in; who is logged in goes on to the own pages."""
    kind = current_principal().kind
    if kind is Kind.APPLICANT:
        return redirect(url_for("pages.show_own_applications"))
    if kind is Kind.USER:
        return redirect(url_for("pages.show_queue"))
    return render_template("release/front.html")
