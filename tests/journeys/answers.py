"""What people type and choose in the journeys, and what the pages then say, at a screen and by plain HTTP alike."""

from __future__ import annotations

# A new user's place: every list depends on those before it.
PLACE = {
    "position": "Sykepleier",
    "region": "Helse Vest RHF",
    "organisation": "Haukeland universitetssjukehus",
    "clinic": "Kirurgisk klinikk",
    "department": "Akuttsmerteteamet",
    "registry": "Nasjonalt kvalitetsregister for smertebehandling",
    "applied_organisation": "Haukeland universitetssjukehus",
}
OWN_PASSWORD = "Skogen-er-8-mil-vid"

STARTED_ON, LISTED_FROM = "20.11.2026", "2026-11-20"
TO_BEGUN, TO_REST = (
    {"referral_date": "19.11.2026", "supervision": 1},
    {"norwegian_speaking": 1, "cognitively_impaired": 0},
)
INCLUDED = TO_BEGUN | TO_REST
IS_INCLUDED = "3: tilsett, inklusjonskriterier oppfylt"
VISIT = {"registered_date": "20.11.2026", "can_state_nrs": 1}
PAIN = {"strongest_at_rest": 6, "weakest_at_rest": 2, "strongest_in_motion": 8, "weakest_in_motion": 4}
FOUND = {**PAIN, "acceptable_pain": 0, "function_level": 3}
CLOSED, NEW, BEGUN, DONE = "Ikke aktuelt", "Ny", "Under utfylling", "Ferdigstilt"
SENT, ANSWERED = "Bestilt eller sendt", "Besvart"
CLINICIANS = ("TO", "B1.1", "B1.2", "B2.1", "B2.2")
NOT_ANSWERED, REASON = "Ikke besvart", "Ikke besvart ePROMS"
ASKED = "I hvilken grad sov du dårlig"

RESEARCH_FORMS, PERIOD = ("to", "b22"), ("01.01.2023", "31.12.2025")
RESEARCH = {
    "title": "Smerte ved tilsyn",
    "leader": "Marius Datalund",
    "institution": "Universitetet i Tromsø",
    "purpose": "Hvor mange tilsyn pasientene får, og hvem som gjør dem.",
    "rec_number": "2026/4711",
    "ends_on": "31.12.2030",
    "from_on": PERIOD[0],
    "to_on": PERIOD[1],
    "members": "Stein Tallaksen",
}
STEPS = [
    "Utkast opprettet (søker)",
    "Søknad sendt (søker)",
    "Lagt fram for fagrådet (sekretariat)",
    "Stemme avgitt (fagråd)",
    "Stemme avgitt (fagråd)",
    "Søknad godkjent (daglig leder)",
    "Datauttrekk bestilt (sekretariat)",
    "Datauttrekk laget (systemet)",
    "Utlevering godkjent av én person (sekretariat)",
    "Utlevering godkjent av én person (daglig leder)",
    "Fil lastet ned (søker)",
]
