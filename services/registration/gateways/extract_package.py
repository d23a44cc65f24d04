"""An extract as it leaves: tables as CSV in a zip, encrypted with age to the recipient's public key."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import pyrage

from services.registration.usecases.ports import RecipientKeyWrong

# The moment of packing says nothing about the content; the same content gives the same archive.
_MOMENT = (1980, 1, 1, 0, 0, 0)


class AgePackage:
    """Packs and encrypts."""

    def pack(self, tables: Mapping[str, Iterable[Sequence[str]]], recipient_key: str) -> bytes:
        """The encrypted zip; raises RecipientKeyWrong. Only the holder of the private key can open it."""
        try:
            recipient = pyrage.x25519.Recipient.from_str(recipient_key)
        except pyrage.RecipientError:
            raise RecipientKeyWrong from None
        return bytes(pyrage.encrypt(_zip(tables), [recipient]))


def _zip(tables: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            entry = zipfile.ZipInfo(f"{name}.csv", _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _csv(rows))
    return content.getvalue()


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula is shown as text; a negative number is none."""
    is_number = cell.removeprefix("-").replace(".", "", 1).isdecimal()
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and not is_number else cell
