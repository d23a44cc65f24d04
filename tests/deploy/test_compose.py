"""The compose file says what the code needs: processes, settings each service accepts, no default passwords."""

from __future__ import annotations

import re
import ssl
from importlib import import_module

import pytest
import yaml

from deploy.compose.settings import settings_for, write
from deploy.embedded.environment import SERVICES
from deploy.processes import ROOT

VARIABLE = re.compile(r"\$\{(\w+)(:\?)?\}")
HOST = "registry.example.no"


def compose(settings):
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return yaml.safe_load(VARIABLE.sub(lambda found: settings[found[1]], text))["services"]


@pytest.fixture
def services():
    return compose(settings_for(HOST, is_demo=False))


@pytest.mark.req("OPS-02")
def test_every_variable_must_be_set_and_none_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    named = {found[1] for found in VARIABLE.finditer(text)}
    assert named == set(settings_for(HOST, is_demo=False))
    assert all(found[2] for found in VARIABLE.finditer(text))
    assert ":-" not in text


@pytest.mark.req("OPS-02")
def test_each_service_has_a_web_and_a_worker_process(services):
    for name in SERVICES:
        assert services[name]["command"][-1] == f"services.{name}.wsgi:from_environment()"
        assert services[f"{name}-worker"]["command"][-1] == f"services.{name}.worker"
        assert services[f"{name}-worker"]["environment"] == services[name]["environment"]
    assert {"databases", "broker", "gateway", "prometheus", "grafana", "standins"} <= set(services)


@pytest.mark.req("OPS-02")
@pytest.mark.parametrize("name", SERVICES)
def test_each_service_accepts_its_settings_and_knows_no_other_database(services, name):
    given = {key: str(value) for key, value in services[name]["environment"].items()}
    import_module(f"services.{name}.settings").Settings.from_env(given)
    urls = [value for key, value in given.items() if key.endswith("_DATABASE_URL")]
    assert len(urls) == (2 if name == "registration" else 1)
    assert f"amqp://{name}:" in given["BUS_URL"]


@pytest.mark.req("OPS-02")
def test_passwords_are_made_anew_and_written_once(tmp_path):
    assert not set(passwords()) & set(passwords())
    write(tmp_path, HOST, is_demo=True)
    before = (tmp_path / "settings.env").read_text()
    with pytest.raises(FileExistsError):
        write(tmp_path, HOST, is_demo=True)
    assert (tmp_path / "settings.env").read_text() == before
    assert (tmp_path / "settings.env").stat().st_mode & 0o077 == 0


def passwords():
    return [value for name, value in settings_for(HOST, is_demo=True).items() if name.endswith("_PASSWORD")]


@pytest.mark.req("OPS-02")
def test_the_certificate_is_one_that_a_strict_client_takes(tmp_path):
    write(tmp_path, HOST, is_demo=True)
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=tmp_path / "tls/ca.pem")
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    server.load_cert_chain(tmp_path / "tls/suite.pem", tmp_path / "tls/suite.key")
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        client.wrap_bio(to_client, to_server, server_hostname=HOST),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(4):
        for side in sides:
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert sides[0].version() == "TLSv1.3"


def test_every_file_the_compose_file_brings_in_exists(services):
    mounts = [v for service in services.values() for v in service.get("volumes", []) if isinstance(v, str)]
    sources = {mount.split(":")[0] for mount in mounts if mount.startswith("./")}
    assert not [s for s in sources if not s.startswith("./var/") and not (ROOT / s).exists()]
