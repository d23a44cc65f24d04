"""Release's part of the demo: applications for data in several states, through release's own use cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyrage import x25519

from deploy.demo.users import NORPAIN, SMERTEREG, user_with
from deploy.standins.app import create_app as standins
from deploy.standins.idporten.tokens import pairwise
from deploy.standins.parts import parts as standin_parts
from deploy.standins.settings import StandinSettings
from services.release.app import Parts, build
from services.release.domain.application import Choice
from services.release.domain.research import tidy
from services.release.settings import Settings
from services.release.usecases.apply import start_application, submit
from services.release.usecases.decide import decide, start_voting, vote
from shared.auth.principal import Kind, Principal
from shared.scheduling.clock import today

_LEADER = "Hanne Forskerud"
_KEY_FILE = "demo_recipient_key.txt"
_PURPOSES = {
    "Smerte og angst ved innleggelse": "Sammenhengen mellom smerte og angst hos innlagte pasienter.",
    "Opioidbruk fire uker etter utskrivelse": "Hvor mange som bruker opioider fire uker etter at behandlingen er over.",
    "Regionale forskjeller i behandling": "Om behandlingen er lik mellom regionene, og hva forskjellene kommer av.",
    "Pasientenes egne mål": "Hvilke mål pasientene setter, og om de nås.",
}
_FORMS = {SMERTEREG: ["to", "b22", "pasreg"], NORPAIN: ["referral", "closing", "baseline"]}
_CLINICS = "Ett år etter smerteklinikken"
_CLINICS_PURPOSE = "Hvordan pasientene har det ett år etter at behandlingen er over."


def load_release(env: Mapping[str, str]) -> None:
    """One application that is being written, one received, one before the council, one approved; one for NorPain."""
    settings, applicant = Settings.from_env(env), _applicant(env)
    parts, key = build(settings), x25519.Identity.generate()
    (settings.keys_dir / _KEY_FILE).write_text(f"{key}\n", encoding="utf-8")
    recipient = str(key.to_public())
    contents = [_content(number, title, parts, recipient) for number, title in enumerate(_PURPOSES, 1)]
    draft, received, voted, approved = (_start(content, applicant, parts) for content in contents)
    del draft
    for application in (received, voted, approved):
        submit(application, by=applicant, **_given(parts, "catalog", "recipient_keys", "uow"))
    for application in (voted, approved):
        start_voting(application, by=user_with("SECRETARIAT"), uow=parts.means.uow)
    vote(approved, by=user_with("COUNCIL"), choice=Choice.YES, comment="Nyttig og godt beskrevet.", uow=parts.means.uow)
    decide(approved, by=user_with("MANAGER"), reason="", uow=parts.means.uow)
    _ask_norpain(applicant, parts, recipient)


def _ask_norpain(applicant: Principal, parts: Parts, recipient: str) -> None:
    """One application that NorPain's council has before it."""
    content = _content(len(_PURPOSES) + 1, _CLINICS, parts, recipient, NORPAIN)
    application = _start(content, applicant, parts, NORPAIN)
    submit(application, by=applicant, **_given(parts, "catalog", "recipient_keys", "uow"))
    start_voting(application, by=user_with("SECRETARIAT", NORPAIN), uow=parts.means.uow)


def _start(content: Mapping[str, Any], by: Principal, parts: Parts, registry: str = SMERTEREG) -> str:
    return start_application(registry, content, by=by, **_given(parts, "catalog", "uow"))


def _given(parts: Parts, *names: str) -> dict[str, Any]:
    return {name: getattr(parts.means, name) for name in names}


def _content(number: int, title: str, parts: Parts, recipient: str, registry: str = SMERTEREG) -> dict[str, Any]:
    day = today(parts.means.clock)
    fields = {
        "title": title,
        "leader": _LEADER,
        "institution": "Universitetet i Bergen",
        "purpose": _PURPOSES.get(title, _CLINICS_PURPOSE),
        "legal_basis": "public_interest",
        "rec_number": f"{day.year}/{100000 + number}",
        "from_on": (day - timedelta(days=4 * 365)).isoformat(),
        "to_on": (day - timedelta(days=30)).isoformat(),
        "ends_on": (day + timedelta(days=3 * 365)).isoformat(),
        "recipient_key": recipient,
        "members": "Marius Datalund",
    }
    return tidy(fields, _FORMS[registry], is_commercial=False)


def _applicant(env: Mapping[str, str]) -> Principal:
    """The demo's applicant as ID-porten names her to release."""
    outside = standins(StandinSettings.from_env(env))
    with outside.app_context():
        leader = next(person for person in standin_parts().people.all() if person.name == _LEADER)
        return Principal(kind=Kind.APPLICANT, subject=pairwise("release", leader.number), name=leader.name)
