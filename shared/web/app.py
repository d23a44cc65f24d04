"""One function makes a service's web app: sessions, policy, headers, errors, health, API pages, all alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, url_for
from flask_smorest import Blueprint as ApiBlueprint
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.auth.policy import Policy
from shared.auth.tokens import TokenChecker
from shared.db.database import Database
from shared.outbox.tables import KitTables
from shared.scheduling.clock import Clock
from shared.web import api, clean_input, denials, errors, guard, health, language, request_log
from shared.web.backlog import Backlog
from shared.web.context import WebKit, correlation_id, current_kit, current_principal, is_htmx
from shared.web.doors import Doors
from shared.web.drawing import draw_once
from shared.web.headers import SecureHeaders, csp_nonce
from shared.web.idempotency import KeptAnswers
from shared.web.request_log import QuietFlask
from shared.web.session_store import SessionStore
from shared.web.sessions import ServerSessions
from shared.web.settings import WebSettings
from shared.web.static_files import static_file
from shared.web.texts import kit_texts
from shared.web.throttle import Throttle

HERE = Path(__file__).parent
UI = HERE.parent / "ui"


def make_app(  # noqa: PLR0913  the parts of an app, each named by the caller
    name: str,
    *,
    settings: WebSettings,
    policy: Policy,
    database: Database,
    clock: Clock,
    blueprints: Sequence[Blueprint] = (),
    api_blueprints: Sequence[ApiBlueprint] = (),
    token_checker: TokenChecker | None = None,
    sign_in: Doors | None = None,
    kit_tables: KitTables | None = None,
    ready_checks: Sequence[health.ReadyCheck] = (),
    domain_errors: Mapping[type[Exception], int] | None = None,
) -> Flask:
    """Return the app of service `name`; raises PolicyError if its routes and its policy do not fit each other."""
    app = _bare_app(name, settings)
    base: dict[str, Any] = {"name": name, "settings": settings, "policy": policy, "database": database, "clock": clock}
    kit = WebKit(**base, token_checker=token_checker, doors=sign_in, identify=guard.identify, **_own_parts(**base))
    app.extensions["kit"] = kit
    app.session_interface = ServerSessions(kit.sessions, name=name, secure=settings.cookie_secure)
    _install(app, domain_errors or {})
    if kit_tables is not None:
        denials.install(app, kit_tables)
    _register(app, blueprints, api_blueprints)
    app.register_blueprint(_for_machines(kit, kit_tables, ready_checks))
    _finish(app, settings, sign_in)
    return app


def _own_parts(settings: WebSettings, database: Database, clock: Clock, **_: Any) -> dict[str, Any]:
    return {
        "sessions": SessionStore(database, clock),
        "throttle": Throttle(database, clock, settings.secret_key),
        "answers": KeptAnswers(database, clock, settings.secret_key),
        "texts": kit_texts(settings.translations),
    }


def _bare_app(name: str, settings: WebSettings) -> QuietFlask:
    app = QuietFlask(name, root_path=str(HERE), static_folder=None, template_folder=None)
    app.secret_key = settings.secret_key
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
        WTF_CSRF_TIME_LIMIT=None,  # a form stays good as long as its session
        WTF_CSRF_SSL_STRICT=settings.cookie_secure,
    )
    folders = [*settings.templates, HERE / "templates", UI / "templates"]
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    return app


def _install(app: Flask, domain_errors: Mapping[type[Exception], int]) -> None:
    # Order counts: the id first, then the policy, then the CSRF check, so that a stranger is asked to sign in.
    request_log.install(app)
    guard.install(app)
    csrf = CSRFProtect()
    csrf.init_app(app)
    csrf.exempt("shared.web.sign_in.backchannel_logout")
    clean_input.install(app)
    language.install(app)
    errors.install(app, domain_errors)
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce,
        current_principal=current_principal,
        correlation_id=correlation_id,
        is_htmx=is_htmx,
        draw_once=draw_once,
        sign_in_url=sign_in_url,
        sign_out_url=sign_out_url,
    )


def _register(
    app: Flask,
    blueprints: Sequence[Blueprint],
    api_blueprints: Sequence[ApiBlueprint],
) -> None:
    kit: WebKit = app.extensions["kit"]
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static_file)
    if kit.doors is not None and kit.doors.blueprint is not None:
        app.register_blueprint(kit.doors.blueprint)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    for api_blueprint in api_blueprints:
        app.extensions["csrf"].exempt(api_blueprint)
    api.install(app, kit.name, kit.settings.api_version, list(api_blueprints))


def _for_machines(kit: WebKit, tables: KitTables | None, more: Sequence[health.ReadyCheck]) -> Blueprint:
    checks = [health.database_check(kit.database), *more]
    if tables is None:
        return health.blueprint(checks)
    checks.append(health.outbox_check(kit.database, tables, kit.clock))
    return health.blueprint(checks, [Backlog(kit.name, kit.database, tables, kit.clock)])


def _finish(app: Flask, settings: WebSettings, doors: Doors | None) -> None:
    kit: WebKit = app.extensions["kit"]
    routes = frozenset(rule.endpoint for rule in app.url_map.iter_rules())
    own = Policy.load(HERE / "policy.yaml")
    whole = kit.policy.joined(own.only(routes))
    whole.check_complete(app)
    app.extensions["kit"] = replace(kit, policy=whole)
    targets = (*settings.form_action, *(doors.origins if doors is not None else ()))
    app.wsgi_app = SecureHeaders(  # type: ignore[method-assign]
        app.wsgi_app, form_targets=targets, secure=settings.cookie_secure
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count
        )


def sign_in_url(return_to: str = "/") -> str | None:
    """Return where a visitor signs in, or None in an app without a log-in."""
    doors = current_kit().doors
    return doors.login_url(None, return_to=return_to, step_up=False) if doors is not None else None


def sign_out_url() -> str | None:
    """Return where a visitor logs out, or None in an app whose log-in is not the kit's."""
    doors = current_kit().doors
    return url_for("sign_in.logout") if doors is not None and doors.blueprint is not None else None
