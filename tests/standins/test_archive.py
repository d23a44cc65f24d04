"""The archive takes packages that are whole, gives each a number once, and says what is wrong with others."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

N5 = "http://www.arkivverket.no/standarder/noark5/arkivmelding"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
MESSAGE_ID = "3f0a5b0e-8b62-4b7e-9f5e-3a4b0f4e1c11"
PDF = b"%PDF-1.7 letter"
SHIELD = "<skjerming><tilgangsrestriksjon>UO</tilgangsrestriksjon><skjermingshjemmel>Offl. § 13</skjermingshjemmel></skjerming>"


def document(**changes):
    values = {"file": "brev.pdf", "sum": hashlib.sha256(PDF).hexdigest(), "algorithm": "SHA-256", "size": len(PDF)}
    values |= {"role": "Hoveddokument", "format": "PDF/A", **changes}
    return f"""<dokumentbeskrivelse><dokumenttype>Brev</dokumenttype><dokumentstatus>Dokumentet er ferdigstilt
      </dokumentstatus><tittel>Svar</tittel><tilknyttetRegistreringSom>{values["role"]}</tilknyttetRegistreringSom>
      <dokumentnummer>1</dokumentnummer><dokumentobjekt><versjonsnummer>1</versjonsnummer>
      <variantformat>Arkivformat</variantformat><format>{values["format"]}</format>
      <referanseDokumentfil>{values["file"]}</referanseDokumentfil><sjekksum>{values["sum"]}</sjekksum>
      <sjekksumAlgoritme>{values["algorithm"]}</sjekksumAlgoritme><filstoerrelse>{values["size"]}</filstoerrelse>
      </dokumentobjekt></dokumentbeskrivelse>"""


def melding(**changes):
    values = {"id": MESSAGE_ID, "count": "1", "title": "Reservasjon 2026/17", "entry": "Svar på henvendelse"}
    values |= {
        "folder": "saksmappe",
        "kind": "journalpost",
        "shield": "",
        "documents": document(),
        "party": "Registrert",
    }
    values |= {"at": "2026-11-21T12:00:00+01:00", "system": "smertereg", "extra": "", **changes}
    return f"""<arkivmelding xmlns="{N5}" xmlns:xsi="{XSI}"><system>{values["system"]}</system>
      <meldingId>{values["id"]}</meldingId><tidspunkt>{values["at"]}</tidspunkt>
      <antallFiler>{values["count"]}</antallFiler><mappe xsi:type="{values["folder"]}"><tittel>{values["title"]}</tittel>
      <opprettetDato>2026-11-01T08:00:00+01:00</opprettetDato><opprettetAv>reservation</opprettetAv>
      <registrering xsi:type="{values["kind"]}"><tittel>{values["entry"]}</tittel>{values["shield"]}
      <journalposttype>Utgående dokument</journalposttype><journalstatus>Ekspedert</journalstatus>
      <journaldato>2026-11-21</journaldato><korrespondansepart><korrespondanseparttype>Mottaker
      </korrespondanseparttype><korrespondansepartNavn>{values["party"]}</korrespondansepartNavn>{values["extra"]}
      </korrespondansepart>{values["documents"]}</registrering></mappe></arkivmelding>""".encode()


def package(text, files=None):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in {"arkivmelding.xml": text, **(files or {"brev.pdf": PDF})}.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


def post(world, body, kind="application/zip"):
    return world.http.post("/archive/arkivmelding", data=body, content_type=kind, auth=world.basic("reservation"))


def test_a_package_is_numbered_and_the_receipt_can_be_asked_again(world):
    answer = post(world, package(melding()))

    assert answer.status_code == 200, answer.text
    assert (answer.json["receiptType"], answer.json["relatedToMessageId"]) == ("OK", MESSAGE_ID)
    assert answer.json["saksmappe"] | {"saksaar": 2026, "sakssekvensnummer": 1} == answer.json["saksmappe"]
    assert answer.json["journalposter"][0]["journalsekvensnummer"] == 1
    again = world.http.get(f"/archive/arkivmelding/{MESSAGE_ID}", auth=world.basic("reservation"))
    assert again.json == answer.json
    assert world.http.get("/archive/arkivmelding/other", auth=world.basic("reservation")).status_code == 404


def test_the_same_package_again_gets_the_same_number(world):
    first, again = (post(world, package(melding())) for _ in range(2))
    assert first.json == again.json
    assert post(world, package(melding(title="Annet"))).status_code == 409
    other = post(world, package(melding(id=MESSAGE_ID.replace("3f", "4f"))))
    assert other.json["saksmappe"]["sakssekvensnummer"] == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "17"}, "meldingId"),
        ({"system": ""}, "system"),
        ({"at": "i dag"}, "tidspunkt"),
        ({"count": "2"}, "files"),
        ({"folder": "mappe"}, "mappe"),
        ({"title": ""}, "tittel"),
        ({"kind": "arkivnotat"}, "journalpost"),
        ({"entry": ""}, "tittel"),
        ({"party": ""}, "korrespondansepartNavn"),
        ({"documents": ""}, "dokumentbeskrivelse"),
        ({"documents": document() + document()}, "dokumentbeskrivelse"),
        ({"documents": document(role="Vedlegg")}, "dokumentbeskrivelse"),
        ({"documents": document(file="annen.pdf")}, "files"),
        ({"documents": document(sum="0" * 64)}, "sjekksum"),
        ({"documents": document(algorithm="MD5")}, "sjekksum"),
        ({"documents": document(size=3)}, "filstoerrelse"),
        ({"title": "Reservasjon 17855749815"}, "foedselsnummer"),
        ({"entry": "Svar til 17855749815"}, "foedselsnummer"),
        ({"shield": "<skjerming><tilgangsrestriksjon>UO</tilgangsrestriksjon></skjerming>"}, "skjermingshjemmel"),
    ],
)
def test_packages_with_a_fault_get_a_receipt_that_says_so(world, changes, code):
    answer = post(world, package(melding(**changes)))
    assert answer.status_code == 400
    assert (answer.json["receiptType"], answer.json["messages"][0]["code"]) == ("ERROR", code)


def test_the_number_may_stand_where_the_standard_has_a_place_for_it(world):
    in_its_field = melding(extra="<foedselsnummer>17855749815</foedselsnummer>")
    behind_a_shield = melding(id=MESSAGE_ID.replace("3f", "4f"), shield=SHIELD, entry="Svar til 17855749815")
    assert post(world, package(in_its_field)).status_code == 200
    assert post(world, package(behind_a_shield)).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"no zip", "zip"),
        (package(melding(), {"brev.pdf": b"no pdf at all.."}), "sjekksum"),
        (package(melding(), {"a/brev.pdf": PDF}), "files"),
        (package(melding(), {"brev.pdf": PDF, "extra.pdf": PDF}), "files"),
        (package(b"<a/>"), "namespace"),
        (package(b"<a"), "xml"),
        (package(b'<!DOCTYPE a [<!ENTITY b "c">]>' + melding()), "xml"),
    ],
)
def test_bodies_that_are_no_package_are_refused(world, body, code):
    answer = post(world, body)
    assert (answer.status_code, answer.json["messages"][0]["code"]) == (400, code)


def test_the_archive_wants_a_name_a_secret_and_a_zip_file(world):
    assert world.http.post("/archive/arkivmelding", data=package(melding())).status_code == 401
    assert post(world, package(melding()), "text/xml").status_code == 415


def test_the_archive_fails_as_often_as_it_is_told_to(world):
    assert world.http.post("/faults", json={"standin": "archive", "kind": "503", "times": 2}).status_code == 204
    statuses = [post(world, package(melding())).status_code for _ in range(3)]
    assert statuses == [503, 503, 200]
