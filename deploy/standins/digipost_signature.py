"""Digipost's signatures: RSA with SHA-256 over method or status, path, some headers and the query."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask import Response, g, request

from deploy.standins.clients import Client
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused

SIGNED_HEADERS = ("content-md5", "date", "x-content-sha256", "x-digipost-userid")
_SKEW = timedelta(minutes=5)


def canonical(first: str, path: str, headers: Mapping[str, str], query: str | None) -> str:
    """Return the text that is signed; `query` is None in answers, which have none."""
    present = [(name, headers[name]) for name in SIGNED_HEADERS if headers.get(name)]
    lines = [first, path.lower(), *(f"{name}: {value}" for name, value in present)]
    if query is not None:
        lines.append(query.lower())
    return "".join(f"{line}\n" for line in lines)


def check_signature() -> Client:
    """Check that this request is signed by a registered broker and return who; raises Refused."""
    broker = request.headers.get("X-Digipost-UserId", "")
    client = parts().clients.by_broker(broker)
    key = parts().clients.public_key(client.name) if client else None
    if client is None or key is None:
        raise _refused("UNKNOWN_BROKER", "X-Digipost-UserId is no broker with a certificate here")
    _check_date()
    body = request.get_data()
    if body and request.headers.get("X-Content-SHA256") != content_hash(body):
        raise _refused("CONTENT_HASH", "X-Content-SHA256 is not the base64 of the SHA-256 of the body")
    headers = {name: request.headers.get(name, "") for name in SIGNED_HEADERS}
    signed = canonical(request.method, f"{request.script_root}{request.path}", headers, request.query_string.decode())
    try:
        signature = base64.b64decode(request.headers.get("X-Digipost-Signature", ""), validate=True)
        public = load_pem_public_key(key.as_pem(private=False))
        if not isinstance(public, rsa.RSAPublicKey):
            raise _refused("UNKNOWN_BROKER", "the broker's key is no RSA key")
        public.verify(signature, signed.encode(), padding.PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error) as error:
        raise _refused("SIGNATURE", "X-Digipost-Signature does not fit the request") from error
    g.client = client.name
    return client


def sign_answer(response: Response) -> Response:
    """Sign an answer, so that a careful client can check it."""
    response.headers["Date"] = format_datetime(parts().clock.now(), usegmt=True)
    response.headers["X-Content-SHA256"] = content_hash(response.get_data())
    response.headers["X-Digipost-UserId"] = request.headers.get("X-Digipost-UserId", "")
    headers = {name: response.headers.get(name, "") for name in SIGNED_HEADERS}
    text = canonical(str(response.status_code), f"{request.script_root}{request.path}", headers, None)
    response.headers["X-Digipost-Signature"] = parts().signing.signature(text)
    return response


def content_hash(body: bytes) -> str:
    """Return the base64 of the SHA-256 of a body."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def _check_date() -> None:
    try:
        sent_at = parsedate_to_datetime(request.headers.get("Date", ""))
        age = abs(parts().clock.now() - sent_at)
    except (ValueError, TypeError) as error:
        raise _refused("DATE", "Date must be a moment as in RFC 1123, in GMT") from error
    if age > _SKEW:
        raise _refused("DATE", "Date is more than five minutes off")


def _refused(code: str, reason: str) -> Refused:
    return Refused(401, code, reason)
