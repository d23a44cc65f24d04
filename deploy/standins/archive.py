"""An archive system that takes Noark 5 packages, numbers them and gives a receipt."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from deploy.standins.archive_package import Package, read_package
from deploy.standins.callers import require_basic
from deploy.standins.messages import Repeat, note, noted_answer
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused, remember_refusal
from deploy.standins.store import Transaction
from shared.scheduling.clock import today

archive = Blueprint("archive", __name__, url_prefix="/archive")
_RECEIPTS, _NUMBERS = "archive_receipt", "archive_number"


@archive.errorhandler(Refused)
def as_receipt(refused: Refused) -> ResponseReturnValue:
    """Answer with a receipt that says what is wrong."""
    remember_refusal(refused)
    messages = [{"code": refused.code, "text": refused.reason}]
    return jsonify(receiptType="ERROR", messages=messages), refused.status, refused.headers


@archive.post("/arkivmelding")
def take() -> ResponseReturnValue:
    """Take a package; the same message again gets the same receipt."""
    require_basic()
    if request.mimetype != "application/zip":
        raise Refused(415, "content_type", "the body must be application/zip")
    body = request.get_data()
    package = read_package(body)
    with parts().store.transaction() as transaction:
        known = noted_answer(transaction, _RECEIPTS, package.message_id)
        receipt = known or _receipt(transaction, package)
        digest = hashlib.sha256(body).hexdigest()
        repeat = note(transaction, _RECEIPTS, package.message_id, digest, receipt)
    if repeat is Repeat.OTHER:
        raise Refused(409, "meldingId", "this meldingId was used for another package")
    return jsonify(receipt)


@archive.get("/arkivmelding/<message_id>")
def receipt_again(message_id: str) -> ResponseReturnValue:
    """Give the receipt of a package once more."""
    require_basic()
    with parts().store.reading() as transaction:
        receipt = noted_answer(transaction, _RECEIPTS, message_id)
    if receipt is None:
        raise Refused(404, "meldingId", "no such package has come")
    return jsonify(receipt)


def _receipt(transaction: Transaction, package: Package) -> dict[str, Any]:
    year = today(parts().clock).year
    case = _next(transaction, f"case {year}")
    entries = [
        {"tittel": title, "journalaar": year, "journalsekvensnummer": _next(transaction, f"entry {year}")}
        for title in package.entries
    ]
    return {
        "receiptType": "OK",
        "relatedToMessageId": package.message_id,
        "sender": g.client,
        "saksmappe": {"tittel": package.folder, "saksaar": year, "sakssekvensnummer": case},
        "journalposter": entries,
        "messages": [],
    }


def _next(transaction: Transaction, name: str) -> int:
    last = transaction.find(_NUMBERS, name) or {"last": 0}
    transaction.put(_NUMBERS, name, {"last": last["last"] + 1})
    return int(last["last"]) + 1
