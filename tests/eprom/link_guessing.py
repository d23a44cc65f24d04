"""An attacker who guesses links from many addresses at an eprom where one form lies open."""

from __future__ import annotations

import time
from collections import Counter
from random import Random

from services.eprom.pages.link import TRIES
from shared.web.tables import WEB
from tests.identity.guessing import Guesses

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LENGTH, REFUSED, WAIT, OPENED = 43, 404, 429, 200
AS_A_SCRIPT = {"HX-Request": "true"}  # what is refused then comes without its frame, so that guesses go faster


def guesses(count, token, random):
    """Random links of the right length; every tenth is the real one with one sign changed."""
    for number in range(count):
        if number % 10:
            yield "".join(random.choices(SIGNS, k=LENGTH))
        else:
            at = random.randrange(LENGTH - 1)  # some of the last sign's bits are not used
            other = random.choice(SIGNS.replace(token[at], ""))
            yield token[:at] + other + token[at + 1 :]


def at_links(site, order_id, *, count, addresses, seed):
    """All guesses begin within one window; what is looked at is what the limit of each address lets through."""
    random, began, heard = Random(seed), time.monotonic(), Counter()
    client, token = site.app.test_client(), site.token(order_id)
    for number, guess in enumerate(guesses(count, token, random)):
        address = {"REMOTE_ADDR": f"10.{number % addresses // 250 % 250}.{number % addresses % 250}.7"}
        heard[client.get(f"/s/{guess}", environ_overrides=address, headers=AS_A_SCRIPT).status_code] += 1
    bound = addresses * min(TRIES, count // addresses)
    found = Guesses(bar="S13", place="sqlite", attempted=count, evaluated=heard[REFUSED], bound=bound)
    found.seconds = time.monotonic() - began
    found.notes = {"addresses": addresses, "turned_away": heard[WAIT], "let_in": count - heard[REFUSED] - heard[WAIT]}
    found.faults = list(faults(site, token, found.notes))
    return found


def faults(site, token, notes):
    """Whatever a guess must not leave behind; and the real link still opens."""
    if notes["let_in"]:
        yield "a guess was let in"
    with site.database.reading() as session:
        if session.query(WEB.web_session).count():
            yield "guesses began sessions"
    if site.visitor().get(f"/s/{token}").status_code != OPENED:
        yield "the real link does not open"
