"""The way out of the house: a delivery is downloaded once, after a fresh log-in."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from services.release.pages.blueprint import pages
from services.release.pages.context import means
from services.release.queries.deliveries import own_delivery
from services.release.usecases.hand_out import hand_out
from shared.web.context import current_principal


@pages.get("/deliveries/<delivery_id>/download")
def show_download(delivery_id: str) -> ResponseReturnValue:
    """Say what is about to happen, with the button that does it."""
    delivery = own_delivery(delivery_id, current_principal().subject, database=means().database)
    return render_template("release/download.html", delivery=delivery)


@pages.post("/deliveries/<delivery_id>/download")
def send_download(delivery_id: str) -> ResponseReturnValue:
    """Hand the file out."""
    handed = hand_out(delivery_id, by=current_principal(), files=means().files, uow=means().uow)
    answer = Response(handed.content, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{delivery_id}.age"'
    return answer
