"""An OpenID provider that behaves as ID-porten does: code flow with PKCE only, and nothing it forbids."""

from __future__ import annotations

from deploy.standins.idporten.routes import idporten

__all__ = ["idporten"]
