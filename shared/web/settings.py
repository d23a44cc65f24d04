"""What the web kit needs to know, given once by each service's own settings."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from shared.environment import ServiceSettings

SHORTEST_SECRET = 32
MEGABYTE = 1_000_000


class WebSettingsError(Exception):
    """The settings would make an unsafe app."""


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """Settings of one web app.

    `secret_key` signs CSRF tokens and seals stored answers. `trusted_proxies` is the number of proxies in front whose
    X-Forwarded headers are believed. `form_action` lists further origins ("https://host:port") at which a form post
    may end by redirect; the origins of the log-in providers are added by themselves. `templates` and `translations`
    are folders of the service's own.
    """

    secret_key: str = field(repr=False)
    cookie_secure: bool = True
    trusted_proxies: int = 0
    max_body_bytes: int = MEGABYTE
    form_action: tuple[str, ...] = ()
    templates: tuple[Path, ...] = ()
    translations: tuple[Path, ...] = ()
    api_version: str = "1"

    @classmethod
    def of(cls, given: ServiceSettings, secret_key: str, pages: Path, form_action: tuple[str, ...] = ()) -> Self:
        """A service's settings as the kit wants them; `pages` is the folder of its templates and translations."""
        return cls(
            secret_key=secret_key,
            cookie_secure=given.cookie_secure,
            trusted_proxies=given.trusted_proxies,
            form_action=form_action,
            templates=(pages / "templates",),
            translations=(pages / "translations",),
        )

    def __post_init__(self) -> None:
        if len(self.secret_key) < SHORTEST_SECRET:
            raise WebSettingsError(f"the secret key of the web app needs {SHORTEST_SECRET} signs or more")
        if self.trusted_proxies < 0 or self.max_body_bytes <= 0:
            raise WebSettingsError("trusted proxies and the body limit cannot be negative")
