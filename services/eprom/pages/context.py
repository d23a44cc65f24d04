"""What every page asks for: the parts behind the doors, and whose forms may be shown."""

from __future__ import annotations

from typing import Any

from flask import current_app, session

from services.eprom.domain.representation import FilledOutBy
from services.eprom.pages.blueprint import pages
from services.eprom.queries.own_forms import OwnForm, own_form
from services.eprom.usecases.means import Means
from shared.web.context import current_principal

PID = "pid"
LINK, CODE_TO = "link", "code_to"  # the order whose link was exchanged, and where a code for it went
SIGN = "sign"  # of the parent whose own link it was
IS_PARENT = "is_parent"  # the visitor answers for a child
ANSWERED_HERE = "answered_here"  # the order that was answered in this session, whose copy may be fetched in it
ONLY_ORDER = "only_order"  # a code opens the form it was sent for, and no other; so does a parent's log-in


def means() -> Means:
    """The parts behind the doors."""
    found: Means = current_app.extensions["eprom"]
    return found


@pages.context_processor
def names() -> dict[str, Any]:
    """What every template may call."""
    return {"is_in_place_of_child": lambda: filled_out_by() is FilledOutBy.PARENT}


def own_pid() -> int | None:
    """The PID whose number the visitor proved to have; the number itself is kept nowhere."""
    pid: int | None = session.get(PID) if current_principal().is_signed_in else None
    return pid


def filled_out_by() -> FilledOutBy:
    """Whether the visitor answers as the patient, or as a parent of a child."""
    return FilledOutBy.PARENT if session.get(IS_PARENT) else FilledOutBy.PATIENT


def own_form_or_404(order_id: str, *, reason: str = "own_form") -> OwnForm:
    """The form, if it is the visitor's own or a child's; raises NotFound otherwise. `reason` is for the access log."""
    pid = own_pid() if session.get(ONLY_ORDER, order_id) == order_id else None
    return own_form(order_id, pid, by=current_principal(), role=filled_out_by(), uow=means().uow, reason=reason)
