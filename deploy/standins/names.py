"""Building blocks for invented people: common given names, made-up family names and streets, real municipalities."""

from __future__ import annotations

from typing import NamedTuple


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _words(
    "Anna Astrid Aud Berit Bjørg Borghild Brita Elin Ellen Eva Frida Gerd Grete Gro Gunvor Hanne Hedda Hege Heidi "
    "Hilde Ida Inger Ingrid Johanne Jorunn Kari Karin Kristin Laila Lena Lise Liv Magnhild Maren Marit Marte Mona Nina "
    "Oda Oddny Ragnhild Randi Reidun Rita Ruth Sara Sigrid Silje Siv Solveig Synnøve Thea Tone Torill Tove Turid Unni "
    "Vigdis Vilde Wenche Åse Åshild"
)
MEN = _words(
    "Aksel Anders Arne Asbjørn Atle Bjarne Bjørn Dag Edvard Egil Einar Eirik Erling Espen Even Finn Frode Geir Gunnar "
    "Halvor Hans Harald Helge Henrik Håkon Ivar Jan Jens Jonas Jørgen Kjell Knut Kåre Lars Leif Magne Magnus Martin "
    "Morten Nils Odd Olav Ole Oskar Per Pål Reidar Roar Rolf Rune Sander Sigurd Stian Svein Terje Thomas Tor Torstein "
    "Trond Ulrik Vidar Viktor Øyvind Åge"
)
SAMI = ("Áile", "Biret", "Elle", "Máret", "Ánte", "Mihkkal", "Niillas", "Piera")
FAMILY_BEGIN = _words(
    "Granitt Ospe Lyng Myr Hassel Rogne Fure Bjørke Tyri Marka Vårli Sommer Høst Vinter Nordlys Havre Kvern Skjær "
    "Tange Ulve Orre Rype Gauk Trane Hegre"
)
FAMILY_END = _words("heimen mostad vikstad lunden dalvoll nesset tveiten strøm haugseth sletten bakkås bergmo elvrum")
STREETS = _words(
    "Granittveien Månelia Regnbuegata Trollheimsveien Nisselyveien Eventyrbakken Fjøsnisseveien Huldrestien "
    "Tyttebærlia Sagnveien Runesteinen Nøkketjernveien Draugen Kardemommegata Elvekanten Solsnuvegen"
)


class Place(NamedTuple):
    """A municipality with one of its postal codes."""

    municipality_number: str
    municipality: str
    county_number: str
    county: str
    postal_code: str
    city: str


PLACES = (
    Place("4601", "Bergen", "46", "Vestland", "5003", "Bergen"),
    Place("4647", "Sunnfjord", "46", "Vestland", "6800", "Førde"),
    Place("5001", "Trondheim", "50", "Trøndelag", "7010", "Trondheim"),
    Place("5037", "Levanger", "50", "Trøndelag", "7600", "Levanger"),
    Place("0301", "Oslo", "03", "Oslo", "0150", "Oslo"),
    Place("3222", "Lørenskog", "32", "Akershus", "1470", "Lørenskog"),
    Place("3301", "Drammen", "33", "Buskerud", "3015", "Drammen"),
    Place("4204", "Kristiansand", "42", "Agder", "4610", "Kristiansand S"),
    Place("1103", "Stavanger", "11", "Rogaland", "4006", "Stavanger"),
    Place("1106", "Haugesund", "11", "Rogaland", "5528", "Haugesund"),
    Place("1508", "Ålesund", "15", "Møre og Romsdal", "6002", "Ålesund"),
    Place("1804", "Bodø", "18", "Nordland", "8006", "Bodø"),
    Place("5501", "Tromsø", "55", "Troms", "9008", "Tromsø"),
    Place("5601", "Alta", "56", "Finnmark", "9510", "Alta"),
    Place("5610", "Kárášjohka - Karasjok", "56", "Finnmark", "9730", "Karasjok"),
    Place("3403", "Hamar", "34", "Innlandet", "2317", "Hamar"),
    Place("4003", "Skien", "40", "Telemark", "3724", "Skien"),
    Place("3905", "Tønsberg", "39", "Vestfold", "3110", "Tønsberg"),
    Place("3105", "Sarpsborg", "31", "Østfold", "1706", "Sarpsborg"),
)
