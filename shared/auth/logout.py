"""The end of a log-in: at the provider's page, and when the provider tells us behind the browser's back."""

from dataclasses import dataclass

from shared.auth.errors import TokenRefused
from shared.auth.oidc_client import with_query
from shared.auth.provider import Provider, ProviderSettings
from shared.auth.signed import Expected, read_signed
from shared.scheduling.clock import Clock

LOGOUT_TOKEN_TYPES = frozenset({"logout+jwt"})
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, kw_only=True)
class LogoutNotice:
    """Whose sessions the provider says are over: one log-in (`sid`) or all of a subject."""

    subject: str | None
    sid: str | None


def logout_url(settings: ProviderSettings, provider: Provider, id_token: str | None) -> str | None:
    """Return where the browser goes to end the provider's own session; None if the provider has no such page."""
    endpoint = provider.metadata().get("end_session_endpoint")
    if not isinstance(endpoint, str):
        return None
    fields = {"client_id": settings.client_id, "post_logout_redirect_uri": settings.after_logout_uri}
    return with_query(endpoint, {**fields, **({"id_token_hint": id_token} if id_token else {})})


def read_logout(settings: ProviderSettings, provider: Provider, token: str, clock: Clock) -> LogoutNotice:
    """Check a back-channel logout token and return whose sessions are over; raises TokenRefused."""
    expected = Expected(
        issuer=settings.issuer,
        audience=settings.client_id,
        types=LOGOUT_TOKEN_TYPES,
        algorithms=settings.algorithms,
    )
    body = read_signed(token, expected, provider.keys, clock.now())
    events, subject, sid = body.get("events"), body.get("sub"), body.get("sid")
    if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in body:
        raise TokenRefused("events")
    subject = subject if isinstance(subject, str) else None
    sid = sid if isinstance(sid, str) else None
    if subject is None and sid is None:
        raise TokenRefused("subject")
    return LogoutNotice(subject=subject, sid=sid)
