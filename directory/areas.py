"""London's boroughs by their ONS codes, and which area a few words name."""

from __future__ import annotations

import re
from functools import cache

BOROUGHS: dict[str, str] = {
    "E09000001": "City of London",
    "E09000002": "Barking and Dagenham",
    "E09000003": "Barnet",
    "E09000004": "Bexley",
    "E09000005": "Brent",
    "E09000006": "Bromley",
    "E09000007": "Camden",
    "E09000008": "Croydon",
    "E09000009": "Ealing",
    "E09000010": "Enfield",
    "E09000011": "Greenwich",
    "E09000012": "Hackney",
    "E09000013": "Hammersmith and Fulham",
    "E09000014": "Haringey",
    "E09000015": "Harrow",
    "E09000016": "Havering",
    "E09000017": "Hillingdon",
    "E09000018": "Hounslow",
    "E09000019": "Islington",
    "E09000020": "Kensington and Chelsea",
    "E09000021": "Kingston upon Thames",
    "E09000022": "Lambeth",
    "E09000023": "Lewisham",
    "E09000024": "Merton",
    "E09000025": "Newham",
    "E09000026": "Redbridge",
    "E09000027": "Richmond upon Thames",
    "E09000028": "Southwark",
    "E09000029": "Sutton",
    "E09000030": "Tower Hamlets",
    "E09000031": "Waltham Forest",
    "E09000032": "Wandsworth",
    "E09000033": "Westminster",
}

LONDON = "E12000007"
WIDE: dict[str, str] = {
    LONDON: "London",
    "E92000001": "England",
    "K03000001": "Great Britain",
    "K02000001": "United Kingdom",
}
"""Areas that take in every borough."""

_OTHER_NAMES = {
    "greater london": LONDON,
    "all london": LONDON,
    "all of london": LONDON,
    "pan-london": LONDON,
    "uk": "K02000001",
    "gb": "K03000001",
}
_CODE = re.compile(r"(?<![A-Z0-9])[EKW][0-9]{8}(?![0-9])")


def plain_name(words: str) -> str:
    """A borough's name without what people add to it or write differently."""
    name = " ".join(words.lower().replace("&", " and ").split()).strip(" .")
    return re.sub(r"^(?:the )?(?:(?:london|royal) borough of )+", "", name)


@cache
def _codes() -> dict[str, str]:
    named = {plain_name(name): code for code, name in (BOROUGHS | WIDE).items()}
    return named | _OTHER_NAMES


def code_of(words: str) -> str:
    """The code that a few words name: a code among them, or an area's name; "" for neither."""
    if found := _CODE.search(words.upper()):
        return found[0]
    return _codes().get(plain_name(words), "")


def name_pattern(code: str) -> str:
    """A pattern for PostgreSQL that finds a borough's name, in either spelling, in a text."""
    name = re.escape(BOROUGHS[code]).replace(r"\ and\ ", " (?:and|&) ").replace(r"\ ", " ")
    return rf"\m{name}\M"
