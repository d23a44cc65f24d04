"""`registry open|coordinator`: the hospitals of a registry, and the first person who lets the others in."""

from __future__ import annotations

from argparse import Namespace

from deploy.registryctl.desk import CannotDo, Desk
from services.identity.app import Parts, build
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.settings import Settings
from services.identity.usecases.add_user import create_first_coordinator
from services.identity.usecases.import_organisations import import_organisations

# Asked for and not given as arguments: those stay in the shell's history and are seen by everybody on the machine.
ASKED = {"user_name": "User name", "full_name": "Full name", "mobile": "Mobile", "email": "Work e-mail"}


def open_registry(desk: Desk, given: Namespace) -> int:
    """Take in the organisations of a registry's definition; may be done again, as when the definition has changed."""
    parts = _parts(desk, given.key)
    desk.note(f"registry {given.key}", {"act": "open"})
    found = parts.registries[given.key]
    changed = import_organisations(given.key, found.units, participants=found.participants, uow=parts.means.uow)
    print(f"{len(found.participants)} organisations take part in {given.key}; {changed} units are new or changed.")
    return 0


def add_coordinator(desk: Desk, given: Namespace) -> int:
    """Add a national coordinator, who approves everybody else; the first password goes by SMS."""
    means = _parts(desk, given.key).means
    desk.note(f"registry {given.key}", {"act": "add national coordinator"})
    fields = {name: input(f"{shown}: ") for name, shown in ASKED.items()}
    try:
        user_id = create_first_coordinator(
            given.key, fields, messages=means.messages, hasher=means.hasher, uow=means.uow
        )
    except FormRefused as refused:
        raise CannotDo("\n".join(f"{ASKED[name]}: {code}" for name, code in refused.errors.items())) from None
    except RuleBroken as broken:
        raise CannotDo(broken.code) from None
    print(f"User {user_id} is national coordinator of {given.key}; the first password is on its way.")
    return 0


def _parts(desk: Desk, key: str) -> Parts:
    if not isinstance(desk.settings, Settings):
        raise CannotDo("Users and organisations are kept by identity.")
    parts = build(desk.settings)
    if key not in parts.registries:
        raise CannotDo(f"No definition of a registry {key}; there are {', '.join(sorted(parts.registries))}.")
    return parts
