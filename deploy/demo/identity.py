"""Identity's part of the demo: the organisation tree and the users, through identity's own use cases."""

from __future__ import annotations

from collections.abc import Mapping

from deploy.demo.users import APPLICANT, PASSWORD, SMERTEREG, STAVANGER, USERS, DemoUser
from services.identity.app import Parts, build
from services.identity.domain.application import narrowed
from services.identity.domain.roles import Place, RoleCode
from services.identity.settings import Settings
from services.identity.usecases.add_user import add_user
from services.identity.usecases.apply_for_user import apply_for_user
from services.identity.usecases.import_organisations import import_organisations


def load_organisations(env: Mapping[str, str]) -> None:
    """Take in the hospitals of all registries; may run at every start."""
    parts = build(Settings.from_env(env))
    for key, registry in parts.registries.items():
        import_organisations(key, registry.units, participants=registry.participants, uow=parts.means.uow)


def load_users(env: Mapping[str, str]) -> None:
    """Add the users of the demo, ready to log in."""
    parts = build(Settings.from_env(env))
    for user in USERS:
        _add(user, parts)


def load_application(env: Mapping[str, str]) -> None:
    """Leave one application for a user waiting for the coordinator in Stavanger."""
    parts = build(Settings.from_env(env))
    uow = parts.means.uow
    with uow() as store:
        choices = store.units.choices()
    fields = {
        **APPLICANT,
        "registry": SMERTEREG,
        "organisation": str(STAVANGER),
        "applied_organisation": str(STAVANGER),
    }
    fields["region"] = str(choices.tree.region_of(STAVANGER))
    for name in ("clinic", "department"):
        fields[name] = narrowed(fields, choices)[name][0]
    apply_for_user(fields, language="nb", seals=parts.means.seals, uow=uow)


def _add(user: DemoUser, parts: Parts) -> None:
    fields = {
        "user_name": user.user_name,
        "full_name": user.full_name,
        "mobile": user.mobile,
        "email": user.email,
        "position": user.position,
    }
    roles = [(Place(registry=key, organisation=user.place), RoleCode(user.role)) for key in user.registries]
    means = parts.means
    add_user(fields, roles, password=PASSWORD, messages=means.messages, hasher=means.hasher, uow=means.uow)
