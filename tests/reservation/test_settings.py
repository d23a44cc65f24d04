"""Settings are complete and safe, or the service does not start."""

from __future__ import annotations

import pytest

from services.reservation.settings import REQUIRED, Settings
from shared.environment import SettingsError
from tests.reservation.site import environment


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_missing_is_named(tmp_path, name):
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**environment(tmp_path, "sqlite://"), name: ""})


def test_open_cookies_are_for_one_machine(tmp_path):
    env = environment(tmp_path, "sqlite://") | {"PUBLIC_URL_RESERVATION": "https://reservasjon.example.no"}
    with pytest.raises(SettingsError, match="COOKIE_SECURE"):
        Settings.from_env(env)


def test_everything_away_from_this_machine_speaks_https(tmp_path):
    env = environment(tmp_path, "sqlite://") | {"COOKIE_SECURE": "1", "DIGIPOST_URL": "http://post.example.no"}
    with pytest.raises(SettingsError, match="without https: DIGIPOST_URL"):
        Settings.from_env(env)
