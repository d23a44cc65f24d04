"""The citizen's log-in at ID-porten, kept for the browser, and log-ins that have begun."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from flask import Response, request

from deploy.standins.idporten.asked import Asked
from deploy.standins.idporten.profile import LEVELS, LOGIN_LIVES_SECONDS, SESSION_LIVES_SECONDS
from deploy.standins.parts import parts

COOKIE = "idporten_browser"
_SESSION, _LOGIN = "idporten_session", "idporten_login"


def hashed(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def now() -> int:
    """Return the time in seconds."""
    return int(parts().clock.now().timestamp())


def browser() -> str:
    """Return the secret of this browser, or an empty text."""
    return request.cookies.get(COOKIE, "")


def set_cookie(response: Response, secret: str) -> None:
    """Give the browser its secret."""
    response.set_cookie(
        COOKIE,
        secret,
        path=f"{request.script_root}/idporten",
        httponly=True,
        samesite="Lax",
        secure=parts().settings.url.startswith("https"),
    )


def current_session() -> dict[str, Any] | None:
    """Return the log-in of this browser, if it is not too old."""
    with parts().store.reading() as transaction:
        found = transaction.find(_SESSION, hashed(browser()))
    if found is None or found["seen_at"] + SESSION_LIVES_SECONDS < now():
        return None
    return found


def is_good_enough(session: dict[str, Any], asked: Asked) -> bool:
    """Tell whether the log-in may be used for this request without asking the citizen again."""
    if "login" in asked.prompt.split() or LEVELS.index(session["acr"]) < LEVELS.index(asked.acr):
        return False
    return asked.max_age is None or now() - session["auth_time"] < asked.max_age


def open_session(secret: str, number: str, acr: str) -> dict[str, Any]:
    """Remember that the citizen has logged in with this browser."""
    session = {
        "number": number,
        "acr": acr,
        "auth_time": now(),
        "seen_at": now(),
        "sid": secrets.token_urlsafe(24),
        "clients": [],
    }
    with parts().store.transaction() as transaction:
        transaction.put(_SESSION, hashed(secret), session)
    return session


def note_client(secret: str, client: str) -> None:
    """Remember that a client takes part in the log-in, so that it hears of the log-out."""
    with parts().store.transaction() as transaction:
        session = transaction.find(_SESSION, hashed(secret))
        if session is not None:
            clients = sorted({*session["clients"], client})
            transaction.put(_SESSION, hashed(secret), {**session, "clients": clients, "seen_at": now()})


def end_session() -> dict[str, Any] | None:
    """Forget this browser's log-in and return what it was."""
    with parts().store.transaction() as transaction:
        return transaction.take(_SESSION, hashed(browser()))


def begin_login(secret: str, asked: Asked) -> str:
    """Keep a request while its citizen logs in; returns the id of the log-in."""
    login_id = secrets.token_urlsafe(24)
    with parts().store.transaction() as transaction:
        body = {"asked": asked.to_json(), "browser": hashed(secret), "until": now() + LOGIN_LIVES_SECONDS}
        transaction.put(_LOGIN, login_id, body)
    return login_id


def find_login(login_id: str) -> dict[str, Any] | None:
    """Return a log-in that this browser has begun."""
    with parts().store.reading() as transaction:
        found = transaction.find(_LOGIN, login_id)
    if found is None or found["browser"] != hashed(browser()) or found["until"] < now():
        return None
    return found


def keep_login(login_id: str, login: dict[str, Any]) -> None:
    """Keep how far the log-in has come."""
    with parts().store.transaction() as transaction:
        transaction.put(_LOGIN, login_id, login)


def end_login(login_id: str) -> bool:
    """Forget the log-in; tells whether it was still there, so that it ends once."""
    with parts().store.transaction() as transaction:
        return transaction.take(_LOGIN, login_id) is not None
