"""Orders of the national ePROM for the person at the screen and for tests: answer, end, repeat, and all switches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deploy.standins import national_orders as orders
from deploy.standins.national_codes import ErrorCode, Status
from deploy.standins.national_forms import FORMS
from deploy.standins.national_tasks import Switches, set_switches, switches, waiting_tasks
from deploy.standins.national_worker import work
from deploy.standins.pages import refuse_foreign_posts
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused, as_problem

national_pages = Blueprint("national_pages", __name__, url_prefix="/national-orders")
national_pages.register_error_handler(Refused, as_problem)
national_pages.before_request(refuse_foreign_posts)
_SHOWN = ("state", "way", "rule", "ordered_at", "expires_at", "person_id", "orderer", "code")


@national_pages.get("/")
def all_orders() -> ResponseReturnValue:
    """Show all orders, newest first, what waits to be told, and the switches."""
    names = {person.id: person.name for person in parts().people.all()}
    with parts().store.reading() as transaction:
        waiting, set_to = waiting_tasks(transaction), switches(transaction)
    return render_template(
        "standins/national.html", orders=_shown(), names=names, waiting=waiting.values(), switches=set_to
    )


@national_pages.get("/all.json")
def orders_json() -> ResponseReturnValue:
    """Give the orders and how many things wait, for tests; no national numbers."""
    with parts().store.reading() as transaction:
        waiting = len(waiting_tasks(transaction))
    return jsonify(orders=_shown(), waiting=waiting)


@national_pages.post("/work")
def work_now() -> ResponseReturnValue:
    """Do what is due at once."""
    return _done({"acknowledged": work(parts())})


@national_pages.post("/switches")
def change_switches() -> ResponseReturnValue:
    """Set all switches; one that is not named is off."""
    given: Mapping[str, Any] = request.get_json(silent=True) or {} if request.is_json else request.form
    refused = given.get("research_refused", ())
    changed = Switches(
        **{name: bool(given.get(name)) for name in ("all_names", "twice", "reversed", "research")},
        delay_seconds=int(given.get("delay_seconds") or 0),
        research_refused=tuple(refused.split() if isinstance(refused, str) else refused),
    )
    with parts().store.transaction() as transaction:
        set_switches(transaction, changed)
    return _done({})


@national_pages.get("/<order_id>")
def form_page(order_id: str) -> ResponseReturnValue:
    """Show one order to who answers it."""
    with parts().store.reading() as transaction:
        order = orders.order_in(transaction, order_id)
    form = FORMS[order["form_id"]].name
    return render_template("standins/national_form.html", order=order, order_id=order_id, form=form)


@national_pages.post("/<order_id>/answer")
def answer(order_id: str) -> ResponseReturnValue:
    """Hand in raw answers, by field name."""
    given = request.get_json(silent=True) if request.is_json else _typed(request.form.get("answers", ""))
    if not isinstance(given, dict):
        raise Refused(400, "bad_request", "answers are a JSON object")
    orders.answer(parts(), order_id, given)
    return _done({})


@national_pages.post("/<order_id>/<act>")
def let_happen(order_id: str, act: str) -> ResponseReturnValue:
    """Let something happen to an order."""
    todo = _ACTS.get(act)
    if todo is None:
        raise Refused(404, "not_found", "no such act")
    todo(order_id)
    return _done({})


def _expire(order_id: str) -> None:
    orders.expire(parts(), order_id)


def _repeat(order_id: str) -> None:
    orders.tell_again(parts(), order_id)


def _teller(status: Status, code: ErrorCode = ErrorCode.NONE) -> Callable[[str], None]:
    def tell(order_id: str) -> None:
        with parts().store.transaction() as transaction:
            orders.tell(parts(), transaction, order_id, status, code)

    return tell


_ACTS: Mapping[str, Callable[[str], None]] = {
    "expire": _expire,
    "repeat": _repeat,
    "paper-returned": _teller(Status.PAPER_RETURNED),
    "digipost-delivered": _teller(Status.DIGIPOST_DELIVERED),
    "digipost-failed": _teller(Status.ERROR, ErrorCode.MAILBOX_FAILED),
}


def _shown() -> list[dict[str, Any]]:
    with parts().store.reading() as transaction:
        found = orders.all_orders(transaction)
    return [
        {"id": key, "form": FORMS[order["form_id"]].name, **{name: order[name] for name in _SHOWN}}
        for key, order in found.items()
    ]


def _typed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _done(body: dict[str, Any]) -> ResponseReturnValue:
    """Programs get JSON; people go back to the list."""
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return jsonify(body)
    return redirect(url_for("national_pages.all_orders"), 303)
