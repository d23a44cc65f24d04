"""Eprom's settings: read once from the environment, complete or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shared.environment import Environment, ServiceSettings

REQUIRED = (
    "EPROM_DATABASE_URL",
    "BUS_URL",
    "KEYS_DIR",
    "IDENTITY_ISSUER",
    "IDPORTEN_ISSUER",
    "PUBLIC_URL_EPROM",
    "PUBLIC_URL_REGISTRATION",
    "MASKINPORTEN_ISSUER",
    "HELSEID_ISSUER",
    "KRR_URL",
    "HELSENORGE_URL",
    "DIGIPOST_URL",
    "SMS_URL",
    "SMTP_HOST",
    "SMTP_PORT",
)
OPTIONAL = ("NATIONAL_EPROM_URL",)


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Where messages go out, and who says how a person can be reached."""

    maskinporten_issuer: str
    helseid_issuer: str
    krr_url: str
    helsenorge_url: str
    digipost_url: str
    digipost_id: str
    sms_url: str
    sms_sender: str
    national_url: str
    smtp_host: str
    smtp_port: int
    smtp_starttls: bool
    mail_sender: str
    sender_name: str
    sender_number: str
    return_name: str  # stands on envelopes: nothing of health, department or registry
    return_line: str
    return_postcode: str
    return_city: str


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """Everything eprom is told from outside."""

    public_url: str
    registration_url: str
    identity_issuer: str
    idporten_issuer: str
    outside: Outside

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the environment; raises SettingsError."""
        given = Environment(env, (*REQUIRED, *(name for name in OPTIONAL if env.get(name))))
        return cls(
            **given.common("eprom"),
            public_url=given.address("PUBLIC_URL_EPROM"),
            registration_url=given.address("PUBLIC_URL_REGISTRATION"),
            identity_issuer=given.address("IDENTITY_ISSUER"),
            idporten_issuer=given.address("IDPORTEN_ISSUER"),
            outside=_outside(given),
        )


def _outside(given: Environment) -> Outside:
    return Outside(
        maskinporten_issuer=given.address("MASKINPORTEN_ISSUER"),
        helseid_issuer=given.address("HELSEID_ISSUER"),
        krr_url=given.address("KRR_URL"),
        helsenorge_url=given.address("HELSENORGE_URL"),
        digipost_url=given.address("DIGIPOST_URL"),
        digipost_id=given.text("EPROM_DIGIPOST_ID", "4002"),
        sms_url=given.address("SMS_URL"),
        sms_sender=given.text("EPROM_SMS_SENDER", "Helse"),
        national_url=given.address("NATIONAL_EPROM_URL"),
        smtp_host=given.text("SMTP_HOST"),
        smtp_port=given.number("SMTP_PORT"),
        smtp_starttls=given.is_on("SMTP_STARTTLS"),
        mail_sender=given.text("EPROM_MAIL_SENDER", "ikke-svar@skjema.example.no"),
        sender_name=given.text("EPROM_SENDER_NAME", "Helse Bergen HF"),
        sender_number=given.text("EPROM_SENDER_NUMBER", "983974724"),
        return_name=given.text("EPROM_RETURN_NAME", "Postmottak"),
        return_line=given.text("EPROM_RETURN_LINE", "Eksempelveien 2"),
        return_postcode=given.text("EPROM_RETURN_POSTCODE", "0000"),
        return_city=given.text("EPROM_RETURN_CITY", "Eksempel"),
    )
