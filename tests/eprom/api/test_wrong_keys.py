"""Two doors are opened by a key alone: whoever guesses at keys is soon turned away, and nobody else."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from shared.web.throttle import KEY_WINDOW, WRONG_KEYS
from tests.eprom.outside_site import OutsideSite

GUESSER, OTHER = "192.0.2.7", "192.0.2.8"
pytestmark = pytest.mark.req("OPS-06", "EPR-15")


class Doors:
    """Both doors, as somebody at an address finds them."""

    def __init__(self, site):
        self.site, self.browser = site, site.app.test_client()

    def order(self, key, address):
        headers = {"Authorization": f"Basic {key}"} if key else {}
        return self._ask("post", "/api/v2/formorder", self.site.body(), address, headers)

    def tell(self, key, address):
        news = {"apiKey": key or "", "formOrderId": str(uuid.uuid4()), "formOrderStatus": "Ordered"}
        return self._ask("put", "/api/PromsFormOrder", news, address, {})

    def _ask(self, verb, path, body, address, headers):
        return getattr(self.browser, verb)(path, json=body, headers=headers, environ_overrides={"REMOTE_ADDR": address})


@pytest.fixture
def doors(tmp_path):
    site = OutsideSite(tmp_path, f"sqlite:///{tmp_path}/eprom.sqlite")
    yield Doors(site)
    site.close()


def right_key(doors, door):
    return doors.site.key if door == "order" else doors.site.means.national_key


@pytest.mark.parametrize(("door", "refused"), [("order", 401), ("tell", 403)])
def test_so_many_wrong_keys_and_the_address_is_turned_away_unheard(doors, door, refused):
    ask, right = getattr(doors, door), right_key(doors, door)
    heard = [ask(f"guess {number}", GUESSER) for number in range(WRONG_KEYS + 1)]
    late = ask(right, GUESSER)

    assert [answer.status_code for answer in heard] == [refused] * WRONG_KEYS + [429]
    assert (late.status_code, late.headers["Retry-After"]) == (429, "600")
    assert late.json["type"] == "urn:registry:problem:too_many"
    assert ask(right, OTHER).status_code == 200

    doors.site.clock.move(KEY_WINDOW)
    assert ask(right, GUESSER).status_code == 200


def test_right_keys_are_not_counted_nor_is_who_shows_none(doors):
    heard = [doors.order(key, OTHER).status_code for key in (doors.site.key, None) * (WRONG_KEYS + 1)]

    assert heard == [200, 401] * (WRONG_KEYS + 1)


def test_guesses_at_one_door_do_not_close_the_other(doors):
    for number in range(WRONG_KEYS + 1):
        doors.tell(f"guess {number}", GUESSER)
    doors.site.clock.move(timedelta(seconds=1))

    assert doors.order(doors.site.key, GUESSER).status_code == 200
