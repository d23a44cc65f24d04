"""What every page asks for: the parts behind the doors, and whose forms may be shown."""

from __future__ import annotations

from flask import current_app, session

from services.eprom.queries.own_forms import OwnForm, own_form
from services.eprom.usecases.means import Means
from shared.web.context import current_principal

PID = "pid"


def means() -> Means:
    """The parts behind the doors."""
    found: Means = current_app.extensions["eprom"]
    return found


def own_pid() -> int | None:
    """The PID whose number the visitor proved to have; the number itself is kept nowhere."""
    pid: int | None = session.get(PID) if current_principal().is_signed_in else None
    return pid


def own_form_or_404(order_id: str) -> OwnForm:
    """The form, if it is the visitor's own; raises NotFound otherwise."""
    return own_form(order_id, own_pid(), by=current_principal(), uow=means().uow)
