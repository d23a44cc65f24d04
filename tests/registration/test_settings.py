"""Settings are complete and safe, or the service does not start."""

from __future__ import annotations

import pytest

from services.registration.settings import Settings
from shared.environment import SettingsError
from tests.registration.site import environment

URL = "sqlite:///health.sqlite"


def test_what_is_missing_is_named(tmp_path):
    env = {**environment(tmp_path, URL), "POPULATION_URL": "", "KEYS_DIR": ""}

    with pytest.raises(SettingsError, match="POPULATION_URL, KEYS_DIR"):
        Settings.from_env(env)


@pytest.mark.req("GEN-04")
def test_persons_and_health_data_are_never_in_one_database(tmp_path):
    with pytest.raises(SettingsError, match="two databases"):
        Settings.from_env({**environment(tmp_path, URL), "REGISTRATION_PERSONS_DATABASE_URL": URL})


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"IDENTITY_ISSUER": "https://id.example.no"}, "COOKIE_SECURE"),
        ({"IDENTITY_ISSUER": "https://id.example.no", "COOKIE_SECURE": "1", "CLOCK_FILE": "clock"}, "CLOCK_FILE"),
        ({"PUBLIC_URL_EPROM": "http://eprom.example.no", "COOKIE_SECURE": "1"}, "without https: PUBLIC_URL_EPROM"),
    ],
)
@pytest.mark.req("OPS-02")
def test_settings_of_one_machine_are_refused_elsewhere(tmp_path, change, text):
    with pytest.raises(SettingsError, match=text):
        Settings.from_env({**environment(tmp_path, URL), **change})


@pytest.mark.req("REG-01")
def test_synthetic_persons_are_taken_only_where_it_is_said(tmp_path):
    env = environment(tmp_path, URL)

    assert Settings.from_env(env).accept_synthetic
    assert not Settings.from_env({k: v for k, v in env.items() if k != "ACCEPT_SYNTHETIC"}).accept_synthetic
