"""A certificate for the gateway from an authority made for it alone."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIVES = timedelta(days=365)
_NEVER = (
    *("content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "encipher_only", "decipher_only"),
)
_Key = ec.EllipticCurvePrivateKey


def write_certificate(folder: Path, host: str) -> None:
    """Write suite.pem, suite.key and the authority's ca.pem; the authority's own key is forgotten."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name("SmerteReg suite")
    root = _builder(issuer, authority, issuer, authority, is_authority=True)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    names = x509.SubjectAlternativeName([_general_name(host)])
    leaf = _builder(_name(host), key, issuer, authority, is_authority=False).add_extension(names, critical=False)
    signed = {"ca.pem": root, "suite.pem": leaf.add_extension(usage, critical=False)}
    for name, builder in signed.items():
        (folder / name).write_bytes(builder.sign(authority, hashes.SHA256()).public_bytes(Encoding.PEM))
    (folder / "suite.key").touch(mode=0o600)
    (folder / "suite.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _builder(
    subject: x509.Name, key: _Key, issuer: x509.Name, signer: _Key, *, is_authority: bool
) -> x509.CertificateBuilder:
    now, length = datetime.now(UTC), 0 if is_authority else None
    signer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _LIVES)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=length), critical=True)
        .add_extension(_usage(is_authority=is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(signer_id, critical=False)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    signs_others = {"key_cert_sign": is_authority, "crl_sign": is_authority}
    return x509.KeyUsage(digital_signature=not is_authority, **signs_others, **dict.fromkeys(_NEVER, False))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
