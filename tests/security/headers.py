"""What every answer must carry in production, and what is wrong with one that does not."""

from __future__ import annotations

import re

from shared.testing.web import FILES

YEAR_SECONDS = 31_536_000
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
NOTHING = ("default-src", "object-src", "base-uri", "frame-ancestors")
SCRIPT = re.compile(r"<script\b([^>]*)>")
NONCE = re.compile(r"""\bnonce=["']([^"']*)["']""")
HANDLER = re.compile(r"""<[a-z][^>]*\s(?:on[a-z]+|style)=["']""")


def faults_of(answer) -> list[str]:
    """Everything an answer lacks or should not have; empty for a good one."""
    found = [name for name, value in EXACT.items() if answer.headers.get(name) != value]
    return found + _policy(answer) + _transport(answer) + _caching(answer) + _cookies(answer) + _page(answer)


def content_policy(answer) -> dict[str, list[str]]:
    """The directives of the content security policy."""
    parts = [part.split() for part in answer.headers.get("Content-Security-Policy", "").split(";")]
    return {part[0]: part[1:] for part in parts if part}


def _policy(answer):
    policy = content_policy(answer)
    found = [f"CSP {name}" for name in NOTHING if policy.get(name) != ["'none'"]]
    sources = [source for name, given in policy.items() for source in given if name != "form-action"]
    foreign = [source for source in sources if not source.startswith("'") and source != "data:"]
    loose = [source for source in sources if "unsafe" in source or "*" in source]
    scripts = [source for source in policy.get("script-src", ["missing"]) if source == "data:"]
    return found + [f"CSP {source}" for source in (*foreign, *loose, *scripts)] + _form_action(policy)


def _form_action(policy):
    targets = policy.get("form-action", ["*"])
    return ["CSP form-action"] if "*" in "".join(targets) or "'self'" not in targets else []


def _transport(answer):
    said = answer.headers.get("Strict-Transport-Security", "")
    age = re.match(r"max-age=(\d+); includeSubDomains\Z", said)
    return [] if age and int(age[1]) >= YEAR_SECONDS else ["Strict-Transport-Security"]


def _caching(answer):
    is_file = answer.request.path.startswith(FILES) and answer.status_code in {200, 206, 304}
    is_kept = answer.headers.get("Cache-Control") != "no-store"
    return ["Cache-Control"] if is_kept and not is_file else []


def _cookies(answer):
    return [f"cookie {cookie}" for cookie in answer.headers.getlist("Set-Cookie") if not _is_safe(cookie)]


def _is_safe(cookie):
    name, *rest = [part.strip().lower() for part in cookie.split(";")]
    needed = {"secure", "httponly", "path=/"} <= set(rest) and {"samesite=lax", "samesite=strict"} & set(rest)
    return name.startswith("__host-") and bool(needed) and not any(part.startswith("domain=") for part in rest)


def _page(answer):
    """An inline script without the nonce of the policy, or code in an attribute, which the policy would not run."""
    if answer.mimetype != "text/html":
        return []
    allowed = {source[7:-1] for source in content_policy(answer)["script-src"] if source.startswith("'nonce-")}
    inline = [tag[1] for tag in SCRIPT.finditer(answer.text) if "src=" not in tag[1]]
    wrong = [tag for tag in inline if not (nonce := NONCE.search(tag)) or nonce[1] not in allowed]
    return ["script without nonce"] * bool(wrong) + ["code in an attribute"] * bool(HANDLER.search(answer.text))
