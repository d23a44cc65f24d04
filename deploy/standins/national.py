"""The order interface of the national ePROM: `POST /api/v2/formorder`, for orderers that have a key."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from deploy.standins.national_codes import NOBODY, WAYS, Way, number_of
from deploy.standins.national_order import CheckedOrder, check_order
from deploy.standins.national_orders import form_address, take_order
from deploy.standins.national_tasks import switches
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused, remember_refusal

national = Blueprint("national", __name__, url_prefix="/national")
_SCHEME = "Basic "


@national.errorhandler(Refused)
def as_text(refused: Refused) -> ResponseReturnValue:
    """Answer with plain text, which nobody should read a meaning from."""
    remember_refusal(refused)
    return Response(refused.reason, refused.status, refused.headers, mimetype="text/plain")


@national.post("/api/v2/formorder")
def order() -> ResponseReturnValue:
    """Take an order; whether the person is reached is told later."""
    orderer = _orderer()
    if request.mimetype != "application/json":
        raise Refused(415, "content_type", "the body must be application/json")
    body: Any = request.get_json(silent=True)
    checked = check_order(body)
    person = parts().people.by_number(checked.number)
    if person is None:
        return jsonify(_echo(body, checked, NOBODY, None))
    order_id, code = take_order(parts(), orderer, checked, person)
    return jsonify(_echo(body, checked, order_id, code))


def _orderer() -> str:
    """Return who asks. The key stands as it is after the word Basic, not as name and password."""
    header = request.headers.get("Authorization", "")
    found = parts().clients.orderer_of(header.removeprefix(_SCHEME)) if header.startswith(_SCHEME) else None
    if found is None:
        raise Refused(401, "unauthorised", "the key of an orderer is needed")
    g.client = found.name
    return found.name


def _echo(body: dict[str, Any], checked: CheckedOrder, order_id: str, code: str | None) -> dict[str, Any]:
    """What was asked, and what came of it; the channel is the one that would be liked best, not the real one."""
    with parts().store.reading() as transaction:
        all_names = switches(transaction).all_names
    ways = WAYS[checked.rule]
    way = ways[0] if ways and order_id != NOBODY else Way.NONE
    return {
        **body,
        "id": order_id,
        "singleUseCode": code,
        "loginUrl": form_address(parts(), order_id),
        "notificationChannel": way if all_names else number_of(way),
    }
