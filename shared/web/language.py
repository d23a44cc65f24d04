"""Which language a page speaks: the visitor's choice, else the log-in's, else the browser's, else bokmål."""

from __future__ import annotations

from flask import Blueprint, Flask, after_this_request, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from shared.web.context import current_kit, current_principal, is_api
from shared.web.redirects import safe_return

LANGUAGES = ("nb", "nn", "en")
DEFAULT = "nb"
# Browsers and log-in providers say "no" for Norwegian; left alone, "no-NO, en;q=0.1" would give English.
SAME_AS = {"no": "nb", "nb": "nb", "nn": "nn", "en": "en"}
YEAR_SECONDS = 31_536_000


def install(app: Flask) -> None:
    """Set up dates and decimals, `t(...)` in templates, and the route for the visitor's choice."""
    Babel(app, locale_selector=current_language, default_timezone="Europe/Oslo", default_locale=DEFAULT)
    app.register_blueprint(_blueprint())
    app.jinja_env.globals["t"] = translate
    app.context_processor(lambda: {"language": current_language(), "languages": LANGUAGES})


def current_language() -> str:
    """Return nb, nn or en for this request."""
    if "language" not in g:
        g.language = _chosen() or DEFAULT
    found: str = g.language
    return found


def translate(key: str, **values: object) -> str:
    """Return the sentence of a key in the language of this request."""
    return current_kit().texts.text(key, current_language(), **values)


def _chosen() -> str | None:
    chosen = request.cookies.get(_cookie_name())
    if chosen in LANGUAGES:
        return chosen
    told = None if is_api() else known_language(current_principal().language)
    return told or browser_language()


def remember_language(answer: Response, chosen: str) -> None:
    """Have the browser keep the visitor's choice of nb, nn or en."""
    secure = current_kit().settings.cookie_secure
    answer.set_cookie(
        _cookie_name(), chosen, max_age=YEAR_SECONDS, path="/", secure=secure, httponly=True, samesite="Lax"
    )


def speak(chosen: str) -> None:
    """Answer this request in nb, nn or en and have the browser keep the choice; raises BadRequest for others."""
    if chosen not in LANGUAGES:
        raise BadRequest
    g.language = chosen

    @after_this_request
    def keep(answer: Response) -> Response:
        remember_language(answer, chosen)
        return answer


def known_language(tag: str | None) -> str | None:
    """Return nb, nn or en for a language tag such as "no", "nb-NO" or "en-GB"; None for others."""
    return SAME_AS.get((tag or "").replace("_", "-").split("-")[0].lower())


def browser_language() -> str | None:
    """Return the first language of the browser's list that we speak."""
    for tag, quality in request.accept_languages:
        if quality > 0 and (known := known_language(tag)):
            return known
    return None


def _blueprint() -> Blueprint:
    pages = Blueprint("language", __name__)

    @pages.post("/language")
    def choose() -> ResponseReturnValue:
        chosen = request.form.get("language")
        if chosen not in LANGUAGES:
            raise BadRequest
        answer = redirect(f"{request.script_root}{safe_return(request.form.get('return_to'))}", 303)
        remember_language(answer, chosen)
        return answer

    return pages


def _cookie_name() -> str:
    return "__Host-language" if current_kit().settings.cookie_secure else "language"
