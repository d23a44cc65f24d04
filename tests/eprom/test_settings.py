"""Settings are complete and safe, or the service does not start."""

from __future__ import annotations

import pytest

from services.eprom.settings import REQUIRED, Settings
from shared.environment import SettingsError


def environment(**changes):
    """A complete environment of a suite on one machine."""
    values = dict.fromkeys(REQUIRED, "http://localhost:8009/x")
    values |= {"KEYS_DIR": "keys", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": "2525", "COOKIE_SECURE": "0"}
    return {**values, "EPROM_DATABASE_URL": "sqlite:///eprom.sqlite", "BUS_URL": "sqlitebus:///bus.sqlite", **changes}


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_missing_is_named(name):
    with pytest.raises(SettingsError, match=name):
        Settings.from_env(environment(**{name: ""}))


def test_addresses_are_kept_without_a_slash_at_the_end():
    settings = Settings.from_env(environment(KRR_URL="http://localhost:8009/krr/"))

    assert settings.outside.krr_url == "http://localhost:8009/krr"


def test_open_cookies_are_for_one_machine():
    with pytest.raises(SettingsError, match="COOKIE_SECURE"):
        Settings.from_env(environment(PUBLIC_URL_EPROM="https://skjema.example.no"))


def test_everything_away_from_this_machine_speaks_https():
    with pytest.raises(SettingsError, match="without https: KRR_URL"):
        Settings.from_env(environment(KRR_URL="http://krr.example.no", COOKIE_SECURE="1"))


def test_the_national_eprom_is_not_needed_and_speaks_https_where_it_is_used():
    assert not Settings.from_env(environment()).outside.national_url
    with pytest.raises(SettingsError, match="without https: NATIONAL_EPROM_URL"):
        Settings.from_env(environment(NATIONAL_EPROM_URL="http://eprom.example.no", COOKIE_SECURE="1"))
