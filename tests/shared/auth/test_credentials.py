"""A service's own proofs: read from guarded files only."""

from __future__ import annotations

import json

import pytest
from joserfc.jwk import OctKey

from shared.auth.assertion import read_private_key
from shared.auth.credentials import SECRETS_FILE, CredentialsError, client_key, client_secret, web_secret
from shared.testing.oidc import new_key


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / SECRETS_FILE, json.dumps({"eprom": "e" * 43, "release": ""}))
    write(tmp_path / "eprom_client.pem", new_key("RS256").as_pem(private=True).decode())
    return tmp_path


def write(path, text, mode=0o600):
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


@pytest.mark.req("IDN-09")
def test_a_service_finds_its_own(folder):
    assert client_secret(folder, "eprom") == "e" * 43
    assert read_private_key(client_key(folder, "eprom")).key_type == "RSA"
    assert len(web_secret(folder, "eprom")) == 64
    assert client_secret(folder, "eprom") not in web_secret(folder, "eprom")


@pytest.mark.parametrize("read", [client_secret, web_secret, client_key])
def test_a_service_without_any_does_not_start(folder, read):
    for service in ("release", "reservation"):
        with pytest.raises(CredentialsError):
            read(folder, service)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o777])
def test_secrets_that_others_may_read_are_refused(folder, mode):
    for name in (SECRETS_FILE, "eprom_client.pem"):
        (folder / name).chmod(mode)

    for read in (client_secret, client_key):
        with pytest.raises(CredentialsError):
            read(folder, "eprom")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_key_is_the_same_as_pem_and_as_jwk(algorithm):
    key = new_key(algorithm)
    from_pem = read_private_key(key.as_pem(private=True).decode())

    assert from_pem.kid == read_private_key(key.as_dict(private=True)).kid == key.thumbprint()


def test_a_public_or_symmetric_key_proves_nothing():
    for key in (new_key().as_dict(private=False), OctKey.generate_key(256).as_dict()):
        with pytest.raises(TypeError):
            read_private_key(key)
