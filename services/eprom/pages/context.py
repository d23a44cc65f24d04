"""What every page asks for: the parts behind the doors, and whose forms may be shown."""

from __future__ import annotations

from flask import current_app, session

from services.eprom.queries.own_forms import OwnForm, own_form
from services.eprom.usecases.means import Means
from shared.web.context import current_principal

PID = "pid"
LINK, CODE_TO = "link", "code_to"  # the order whose link was exchanged, and where a code for it went
ANSWERED_HERE = "answered_here"  # the order that was answered in this session, whose copy may be fetched in it
ONLY_ORDER = "only_order"  # a code opens the form it was sent for, and no other


def means() -> Means:
    """The parts behind the doors."""
    found: Means = current_app.extensions["eprom"]
    return found


def own_pid() -> int | None:
    """The PID whose number the visitor proved to have; the number itself is kept nowhere."""
    pid: int | None = session.get(PID) if current_principal().is_signed_in else None
    return pid


def own_form_or_404(order_id: str, *, reason: str = "own_form") -> OwnForm:
    """The form, if it is the visitor's own; raises NotFound otherwise. `reason` is for the access log."""
    pid = own_pid() if session.get(ONLY_ORDER, order_id) == order_id else None
    return own_form(order_id, pid, by=current_principal(), uow=means().uow, reason=reason)
