"""An archive package: a ZIP file with arkivmelding.xml (Noark 5) and its documents, checked piece by piece."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET  # documents with a DOCTYPE are refused before they are read

from deploy.standins.refusals import Refused
from deploy.standins.wording import national_number_in

NAMESPACE = "http://www.arkivverket.no/standarder/noark5/arkivmelding"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_MESSAGE_FILE = "arkivmelding.xml"
_MOST_BYTES, _MOST_FILES = 100_000_000, 200
_FOLDER = ("tittel", "opprettetDato", "opprettetAv")
_ENTRY = ("tittel", "journalposttype", "journalstatus", "journaldato")
_PARTY = ("korrespondanseparttype", "korrespondansepartNavn")
_DOCUMENT = ("tittel", "dokumenttype", "dokumentstatus", "tilknyttetRegistreringSom", "dokumentnummer")
_OBJECT = (
    "versjonsnummer",
    "variantformat",
    "format",
    "referanseDokumentfil",
    "sjekksum",
    "sjekksumAlgoritme",
    "filstoerrelse",
)
_SHIELD = ("tilgangsrestriksjon", "skjermingshjemmel")


@dataclass(frozen=True)
class Package:
    """What a package without faults holds; a title for each journal entry."""

    message_id: str
    system: str
    folder: str
    entries: tuple[str, ...]


def read_package(body: bytes) -> Package:
    """Return what is in the package; raises Refused with the first fault."""
    files = _unpacked(body)
    root = _parsed(files.pop(_MESSAGE_FILE, None))
    values = _values(root, ("system", "meldingId", "tidspunkt", "antallFiler"))
    _check_moment(values["tidspunkt"])
    folder = _folder(root)
    entries = [node for node in folder if _local(node) in ("registrering", "basisregistrering")]
    if not entries:
        raise _fault("journalpost", "the folder holds no registrering")
    named = [name for entry in entries for name in _check_entry(entry, files)]
    if sorted(named) != sorted(files) or values["antallFiler"] != str(len(files)):
        raise _fault("files", "each file must be named once, and antallFiler must be their number")
    _check_numbers(folder)
    return Package(
        message_id=_message_id(values["meldingId"]),
        system=values["system"],
        folder=_values(folder, _FOLDER)["tittel"],
        entries=tuple(_values(entry, _ENTRY)["tittel"] for entry in entries),
    )


def _unpacked(body: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            listed = archive.infolist()
            if len(listed) > _MOST_FILES or sum(entry.file_size for entry in listed) > _MOST_BYTES:
                raise _fault("size", "the package is too large")
            if len({entry.filename for entry in listed}) != len(listed) or any("/" in e.filename for e in listed):
                raise _fault("files", "files lie beside each other and have different names")
            return {entry.filename: archive.read(entry) for entry in listed}
    except zipfile.BadZipFile as error:
        raise _fault("zip", "the body is no ZIP file") from error


def _parsed(text: bytes | None) -> ET.Element:
    if text is None:
        raise _fault("arkivmelding", f"{_MESSAGE_FILE} is missing")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise _fault("xml", "a DOCTYPE is not taken")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no DOCTYPE, so no entities
    except ET.ParseError as error:
        raise _fault("xml", "arkivmelding.xml cannot be read") from error
    if root.tag != f"{{{NAMESPACE}}}arkivmelding":
        raise _fault("namespace", f"the root must be arkivmelding of {NAMESPACE}")
    return root


def _folder(root: ET.Element) -> ET.Element:
    folders = root.findall(f"{{{NAMESPACE}}}mappe")
    if len(folders) != 1 or folders[0].get(_TYPE, "").rpartition(":")[2] != "saksmappe":
        raise _fault("mappe", "one mappe of xsi:type saksmappe is wanted")
    return folders[0]


def _check_entry(entry: ET.Element, files: dict[str, bytes]) -> list[str]:
    if entry.get(_TYPE, "").rpartition(":")[2] != "journalpost":
        raise _fault("journalpost", "registrering must be of xsi:type journalpost")
    _values(entry, _ENTRY)
    parties = entry.findall(f"{{{NAMESPACE}}}korrespondansepart")
    if not parties:
        raise _fault("korrespondansepart", "an entry needs a korrespondansepart")
    for party in parties:
        _values(party, _PARTY)
    for shield in entry.findall(f"{{{NAMESPACE}}}skjerming"):
        _values(shield, _SHIELD)
    documents = entry.findall(f"{{{NAMESPACE}}}dokumentbeskrivelse")
    roles = [_values(document, _DOCUMENT)["tilknyttetRegistreringSom"] for document in documents]
    if roles.count("Hoveddokument") != 1:
        raise _fault("dokumentbeskrivelse", "an entry needs one Hoveddokument")
    return [name for document in documents for name in _check_document(document, files)]


def _check_document(document: ET.Element, files: dict[str, bytes]) -> list[str]:
    objects = document.findall(f"{{{NAMESPACE}}}dokumentobjekt")
    if not objects:
        raise _fault("dokumentobjekt", "a document needs a dokumentobjekt")
    return [_check_file(_values(item, _OBJECT), files) for item in objects]


def _check_file(values: dict[str, str], files: dict[str, bytes]) -> str:
    name = values["referanseDokumentfil"]
    content = files.get(name)
    if content is None:
        raise _fault("files", "a document's file is not in the package")
    if values["sjekksumAlgoritme"] not in ("SHA-256", "SHA256"):
        raise _fault("sjekksum", "sjekksumAlgoritme must be SHA-256")
    if values["sjekksum"].lower() != hashlib.sha256(content).hexdigest():
        raise _fault("sjekksum", "a checksum does not fit its file")
    if values["filstoerrelse"] != str(len(content)) or not content:
        raise _fault("filstoerrelse", "a file's size is wrong")
    if values["format"].upper().startswith(("PDF", "FMT/95", "RA-PDF")) and not content.startswith(b"%PDF-"):
        raise _fault("format", "a file is no PDF")
    return name


def _check_numbers(folder: ET.Element) -> None:
    if any(national_number_in(text) for text in _open_texts(folder)):
        raise _fault("foedselsnummer", "a national number stands in an open field")


def _open_texts(element: ET.Element) -> Iterator[str]:
    """Texts that anybody may read: not behind a shield, and not in the standard's own field for the number."""
    if _local(element) == "foedselsnummer" or element.find(f"{{{NAMESPACE}}}skjerming") is not None:
        return
    yield element.text or ""
    for child in element:
        yield from _open_texts(child)


def _values(element: ET.Element, names: tuple[str, ...]) -> dict[str, str]:
    found = {name: (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip() for name in names}
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise _fault(missing[0], f"{_local(element)} needs {', '.join(missing)}")
    return found


def _message_id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise _fault("meldingId", "meldingId must be a UUID") from error


def _check_moment(text: str) -> None:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise _fault("tidspunkt", "tidspunkt must be a moment") from error


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _fault(code: str, reason: str) -> Refused:
    return Refused(400, code, reason)
