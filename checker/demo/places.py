"""Real cities, streets and time zones, and names that are usual there; nobody in particular is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """Its region in the demo network, its IANA time zone, and usual names, blanks between them."""

    region: str
    zone: str
    given: str
    family: str


COUNTRIES: Mapping[str, Country] = {
    "fi": Country(
        "north",
        "Europe/Helsinki",
        "Aino Päivi Satu Jyrki Ville Tiina Jarkko Mervi Hanna Juha Riikka Åsa",
        "Korhonen Mäkelä Heikkinen Järvinen Lehtonen Kinnunen Hämäläinen Pöyhönen Rantala Väisänen",
    ),
    "de": Country(
        "west",
        "Europe/Berlin",
        "Jürgen Sabine Björn Käthe Ulrike Stefan Birgit Jörg Anke Matthias Silke Heiko",
        "Weiß Köhler Schäfer Krüger Böhm Lange Hübner Vogt Seidel Jäger Großmann Möller",
    ),
    "gb": Country(
        "west",
        "Europe/London",
        "Hannah Graham Megan Owen Zoë Alun Gareth Chloë Ruth Joyce",
        "Hughes Bennett Fletcher Pritchard Marsh Whittle Hobbs Lowe Ashworth Tindall",
    ),
    "ie": Country(
        "west",
        "Europe/Dublin",
        "Siobhán Fergus Niamh Eoin Gráinne Brendan Aoife Pádraig",
        "O’Brien Doyle Nolan Tierney Brennan Daly Quinlan",
    ),
    "pl": Country(
        "east",
        "Europe/Warsaw",
        "Agnieszka Małgorzata Łukasz Paweł Katarzyna Grażyna Zbigniew Michał Joanna Bożena Tomasz",
        "Nowak Wójcik Woźniak Mazur Krawczyk Zając Wróbel Stępień Leśniak Bąk Kołodziej Ćwik Żak",
    ),
    "ro": Country(
        "east",
        "Europe/Bucharest",
        "Ștefan Ioana Mihai Cătălina Andrei Răzvan Mădălina Costin Anca Dănuț Simona Lavinia",
        "Ionescu Țurcanu Dumitrescu Stănescu Munteanu Lăzărescu Rusu Ciobanu Vâlcu Bălan Hîncu",
    ),
}

PLACES: Sequence[tuple[str, str]] = (
    ("fi", "Helsinki Kallio"),
    ("de", "Köln Ehrenfeld"),
    ("pl", "Kraków Kazimierz"),
    ("fi", "Tampere Hämeenkatu"),
    ("gb", "Leeds Headingley"),
    ("ro", "București Floreasca"),
    ("fi", "Turku Kauppatori"),
    ("de", "München Schwabing"),
    ("pl", "Łódź Piotrkowska"),
    ("fi", "Jyväskylä Kauppakatu"),
    ("ie", "Dublin Rathmines"),
    ("ro", "Iași Copou"),
    ("fi", "Oulu Rotuaari"),
    ("de", "Hamburg Eimsbüttel"),
    ("pl", "Gdańsk Wrzeszcz"),
    ("fi", "Espoo Tapiola"),
    ("gb", "Bristol Clifton"),
    ("ro", "Cluj-Napoca Mărăști"),
    ("fi", "Lahti Aleksanterinkatu"),
    ("de", "Nürnberg Gostenhof"),
    ("pl", "Poznań Jeżyce"),
    ("fi", "Kuopio Puijonkatu"),
    ("gb", "Cardiff Canton"),
    ("ro", "Timișoara Iosefin"),
)
"""Country and name, in the order branches are opened; the three regions take turns."""

REGIONS = ("north", "west", "east")
