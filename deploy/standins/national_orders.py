"""The orders of the national ePROM: taken, distributed, answered, ended; each step is told to the orderer."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from deploy.standins.contact_facts import contact_facts
from deploy.standins.messages import Channel, Message
from deploy.standins.national_codes import ErrorCode, Rule, Status, Way
from deploy.standins.national_news import answer_news, status_news
from deploy.standins.national_order import CheckedOrder
from deploy.standins.national_reach import way_to
from deploy.standins.national_tasks import add_task, switches
from deploy.standins.parts import Parts
from deploy.standins.persons import StandinPerson
from deploy.standins.refusals import Refused
from deploy.standins.store import Transaction
from shared.scheduling.clock import today

ORDER = "national_order"
NEW, OUT, FAILED, COMPLETED, EXPIRED = "new", "out", "failed", "completed", "expired"
OPEN = frozenset({NEW, OUT})
_INBOX = {Way.HELSENORGE: Channel.HELSENORGE, Way.MAILBOX: Channel.DIGIPOST, Way.PAPER: Channel.LETTER}
_TITLE, _TEXT = "Du har fått et skjema", "Logg inn og svar innen fristen."


def take_order(made: Parts, orderer: str, checked: CheckedOrder, person: StandinPerson) -> tuple[str, str | None]:
    """Keep an order, to be distributed a little later; returns its id and the code, if it is handed over so."""
    order_id, now = str(uuid.uuid4()), made.clock.now()
    code = secrets.token_hex(4).upper() if checked.rule is Rule.NO_DISTRIBUTION else None
    order = {
        "orderer": orderer,
        "form_id": checked.form_id,
        "number": person.number,
        "person_id": person.id,
        "rule": checked.rule,
        "has_address": checked.has_address,
        "is_test": checked.is_test,
        "code": code,
        "expires_at": checked.expires_at.isoformat(),
        "ordered_at": now.isoformat(),
        "state": NEW,
        "way": Way.NONE,
    }
    with made.store.transaction() as transaction:
        transaction.put(ORDER, order_id, order)
        add_task(transaction, order_id, None, now + timedelta(seconds=switches(transaction).delay_seconds))
    return order_id, code


def order_in(transaction: Transaction, order_id: str) -> dict[str, Any]:
    """Return an order; raises Refused."""
    found = transaction.find(ORDER, order_id)
    if found is None:
        raise Refused(404, "not_found", "no such order")
    return found


def all_orders(transaction: Transaction) -> dict[str, dict[str, Any]]:
    """Return all orders by id, newest first."""
    rows = transaction.all("SELECT key, body FROM record WHERE kind = ?", ORDER)
    found = {row["key"]: json.loads(row["body"]) for row in rows}
    return dict(sorted(found.items(), key=lambda item: item[1]["ordered_at"], reverse=True))


def distribute(made: Parts, order_id: str) -> None:
    """Reach the person by the first way that works, and tell the orderer which one it was, or that there was none."""
    with made.store.transaction() as transaction:
        order, set_to = order_in(transaction, order_id), switches(transaction)
        person = made.people.by_id(order["person_id"])
        if order["state"] != NEW or person is None:
            return
        refused = set_to.research and person.id in set_to.research_refused
        parent = made.people.active_parent(person)
        facts = {"has_address": order["has_address"], "is_research_refused": refused, "by_parent": parent is not None}
        way = way_to(person, Rule(order["rule"]), today(made.clock), **facts)
        if way is None and order["rule"] != Rule.NO_DISTRIBUTION:
            _change(made, transaction, order_id, {"state": FAILED, "way": Way.NONE})
            tell(made, transaction, order_id, Status.ERROR, ErrorCode.UNREACHABLE)
            return
        _change(made, transaction, order_id, {"state": OUT, "way": way or Way.NONE, "parent": parent and parent.number})
        if way is not None:
            made.inbox.put(transaction, _message(made, order_id, order, person, way))
        tell(made, transaction, order_id, Status.ORDERED)


def answer(made: Parts, order_id: str, answers: Mapping[str, Any]) -> None:
    """Hand a form in; raises Refused for one that is not open."""
    with made.store.transaction() as transaction:
        order = order_in(transaction, order_id)
        if order["state"] not in OPEN or _is_over(order, made.clock.now()):
            raise Refused(409, "not_open", f"the order is {order['state']}, or its time is out")
        _change(made, transaction, order_id, {"state": COMPLETED})
        _add(made, transaction, order_id, answer_news(order, order_id, answers, made.clock.now()))


def expire(made: Parts, order_id: str) -> None:
    """End an order that nobody answered, before its time if so wanted; raises Refused for one that has ended."""
    with made.store.transaction() as transaction:
        if order_in(transaction, order_id)["state"] not in OPEN:
            raise Refused(409, "not_open", "the order has ended")
        _change(made, transaction, order_id, {"state": EXPIRED})
        tell(made, transaction, order_id, Status.EXPIRED)


def expire_overdue(made: Parts) -> None:
    """End every order whose time is out."""
    with made.store.reading() as transaction:
        found, now = all_orders(transaction), made.clock.now()
    for order_id, order in found.items():
        if order["state"] in OPEN and _is_over(order, now):
            expire(made, order_id)


def tell(
    made: Parts, transaction: Transaction, order_id: str, status: Status, code: ErrorCode = ErrorCode.NONE
) -> None:
    """Have a status told to the orderer."""
    order = order_in(transaction, order_id)
    _add(made, transaction, order_id, status_news(order, order_id, status, code, Way(order["way"])))


def tell_again(made: Parts, order_id: str) -> None:
    """Have the last news told once more, as happens when an acknowledgement is lost."""
    with made.store.transaction() as transaction:
        news = order_in(transaction, order_id).get("news")
        if news is None:
            raise Refused(409, "no_news", "nothing was told of this order yet")
        _add(made, transaction, order_id, news)


def _add(made: Parts, transaction: Transaction, order_id: str, news: dict[str, Any]) -> None:
    _change(made, transaction, order_id, {"news": news})
    if order_in(transaction, order_id)["is_test"]:
        return
    for _ in range(2 if switches(transaction).twice else 1):
        add_task(transaction, order_id, news, made.clock.now())


def _change(made: Parts, transaction: Transaction, order_id: str, changes: Mapping[str, Any]) -> None:
    changed_at = made.clock.now().isoformat()
    transaction.put(ORDER, order_id, {**order_in(transaction, order_id), **changes, "changed_at": changed_at})


def _is_over(order: Mapping[str, Any], now: datetime) -> bool:
    return datetime.fromisoformat(order["expires_at"]) <= now


def _message(made: Parts, order_id: str, order: Mapping[str, Any], person: StandinPerson, way: Way) -> Message:
    link = form_address(made, order_id)
    channel, recipient = _INBOX.get(way), person.number
    if channel is None:  # e-mail if the contact register has one, else a text message
        email = contact_facts(person, today(made.clock)).email
        channel, recipient = (Channel.EMAIL, email) if email else (Channel.SMS, person.mobile)
    return Message(
        channel=channel,
        recipient=recipient,
        person_id=person.id,
        message_id=order_id,
        title=_TITLE,
        text=_TEXT,
        links=(link,),
        more={"sender": "Nasjonal pasientrapportering", "deadline": order["expires_at"]},
    )


def form_address(made: Parts, order_id: str) -> str:
    """Return the address of the form page of an order."""
    return f"{made.settings.url}/national-orders/{order_id}"
