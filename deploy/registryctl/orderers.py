"""`orderer add|list|remove`: other registries that order forms at eprom by the national interface."""

from __future__ import annotations

from argparse import Namespace

from deploy.registryctl.desk import CannotDo, Desk
from services.eprom.app import LINK_KEYS
from services.eprom.domain.errors import RuleBroken
from services.eprom.settings import Settings
from services.eprom.usecases.orderers import add_orderer, list_orderers, remove_orderer
from shared.db.keys import KeyRing


def add(desk: Desk, given: Namespace) -> int:
    """Let a registry order forms; its key is shown once and can be had no other time."""
    settings = _settings(desk)
    desk.note(f"orderer {given.name}", {"act": "add", "url": given.url})
    links = KeyRing.from_file(settings.keys_dir / LINK_KEYS)
    try:
        key = add_orderer(given.name, given.url, secret=links.key(links.current_id), uow=desk.worker.uow)
    except RuleBroken as broken:
        raise CannotDo(broken.code) from None
    print(f"Key of {given.name}: {key}")
    print("It is not shown again. News go to the same key's owner: PUT <url>/api/PromsFormOrder.")
    return 0


def list_all(desk: Desk, given: Namespace) -> int:
    """List the registries that may order forms, and those that no longer may."""
    _ = given
    _settings(desk)
    for name, url, may_order in list_orderers(uow=desk.worker.uow):
        print(f"{name}  {url}  {'may order' if may_order else 'removed'}")
    return 0


def remove(desk: Desk, given: Namespace) -> int:
    """Take the right away; what was ordered before is still told of."""
    _settings(desk)
    desk.note(f"orderer {given.name}", {"act": "remove"})
    try:
        remove_orderer(given.name, uow=desk.worker.uow)
    except RuleBroken:
        raise CannotDo(f"No registry {given.name} may order forms.") from None
    print(f"{given.name} may order no more.")
    return 0


def _settings(desk: Desk) -> Settings:
    if not isinstance(desk.settings, Settings):
        raise CannotDo("Forms are ordered at eprom.")
    return desk.settings
