"""Steps of the way back in with a forgotten password, for tests."""

from __future__ import annotations

import re

from services.identity.usecases.ask_for_link import ask_for_link
from services.identity.usecases.one_time_code import send_again
from services.identity.usecases.prove_link import prove_link
from services.identity.usecases.replace_password import replace_password
from services.identity.usecases.send_link import send_link
from services.identity.usecases.visitor import Visitor

NEW = "Grønn-elg-88-danser"


def ask(identity, name="kari", address="192.0.2.1"):
    ask_for_link(name, visitor=Visitor(address=address), seals=identity.seals, uow=identity.uow)


def mailed(identity, name="kari"):
    """The e-mails after a link was asked for."""
    identity.sent()
    ask(identity, name)
    send_link(**identity.jobs("send_link")[-1], messages=identity.messages, uow=identity.uow)
    return identity.sent("email")


def link_of(identity, name="kari"):
    return re.search(r"link=(\S+)", mailed(identity, name)[-1][1]).group(1)


def send_code(identity, link):
    send_again(link, messages=identity.messages, hasher=identity.hasher, uow=identity.uow)
    return identity.code()


def prove(identity, link, code):
    return prove_link(link, code, messages=identity.messages, hasher=identity.hasher, uow=identity.uow)


def replace(identity, proof, new=NEW):
    parts = {"messages": identity.messages, "hasher": identity.hasher, "uow": identity.uow}
    replace_password(proof, new, strength=identity.strength, **parts)


def proof_of(identity, name="kari"):
    link = link_of(identity, name)
    return prove(identity, link, send_code(identity, link))


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"
