"""Security headers on every answer, set where the answer leaves the app, so that no error page can miss them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from flask import request
from werkzeug.datastructures import Headers

NONCE, CACHEABLE = "kit.csp_nonce", "kit.cacheable"
YEAR_SECONDS = 31_536_000
GOOD_FILES = frozenset({"200", "206", "304"})
FIXED = {
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": the CSRF check over https wants the referrer, and other sites still learn nothing.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SecureHeaders:
    """WSGI layer around an app that adds the headers to whatever leaves it."""

    def __init__(self, inner: WsgiApp, *, form_targets: Iterable[str], secure: bool) -> None:
        self._inner = inner
        self._form_targets = " ".join(sorted(set(form_targets)))
        self._secure = secure

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve one request."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, self._with_security(environ, status, headers), *rest)

        return self._inner(environ, start)

    def _with_security(
        self, environ: dict[str, Any], status: str, given: list[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        headers = Headers(given)
        for name, value in FIXED.items():
            headers.set(name, value)
        headers.set("Content-Security-Policy", self._content_policy(environ.get(NONCE)))
        if self._secure:
            headers.set("Strict-Transport-Security", f"max-age={YEAR_SECONDS}; includeSubDomains")
        if not environ.get(CACHEABLE) or status[:3] not in GOOD_FILES:
            headers.set("Cache-Control", "no-store")
        headers.remove("Server")
        return headers.to_wsgi_list()

    def _content_policy(self, nonce: str | None) -> str:
        scripts = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src {scripts}",
                "style-src 'self'",
                "img-src 'self' data:",
                "font-src 'self'",
                "connect-src 'self'",
                f"form-action 'self' {self._form_targets}".rstrip(),
                "base-uri 'none'",
                "object-src 'none'",
                "frame-ancestors 'none'",
            )
        )


def csp_nonce() -> str:
    """Return the nonce of this answer's inline script; asking for it puts it into the policy header."""
    nonce: str | None = request.environ.get(NONCE)
    if nonce is None:
        nonce = request.environ[NONCE] = secrets.token_urlsafe(16)
    return nonce


def allow_caching() -> None:
    """Let the answer keep its own Cache-Control; for files that are the same for everybody."""
    request.environ[CACHEABLE] = True
