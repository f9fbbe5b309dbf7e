"""The real districts and communes of Lào Cai and Yên Bái, from the official lists before and after 1/7/2025.

The old list is of 30/6/2025 and is not carried back: their committees begin that day, whatever the articles tell of
earlier years. The file and its source: `data/lao-cai-2025.tsv`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from langsen.config.demo.worlds import TWO_TIERS
from langsen.config.vietnam.names import commune_committee, district_committee
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.reorganisation.bulk import NewUnit

LISTED_ON = TWO_TIERS - ONE_DAY
PROVINCES = {"10": "LCI", "15": "YBA"}
# What the articles name has its unit already: the two cities by official code, and one ward.
DISTRICTS = {"080": "LCA", "133": "NLO"}
_NAMED = {**DISTRICTS, "04282": "NLO-PTR"}


@dataclass(frozen=True)
class Place:
    """A line of the file: `level` district | old | new; `above` and `heirs` are official codes. `unit` is our code."""

    level: str
    code: str
    name: str
    above: str
    heirs: tuple[str, ...]
    unit: str

    @property
    def committee(self) -> str:
        return district_committee(self.name) if self.level == "district" else commune_committee(self.name)


@cache
def _all() -> tuple[Place, ...]:
    text = files("langsen.config.demo").joinpath("data/lao-cai-2025.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[2:]]
    province = {code: PROVINCES[above] for level, code, _name, above, _heirs in rows if level == "district"}
    found = []
    for level, code, name, above, heirs in rows:
        prefix = "LCI2" if level == "new" else province[code if level == "district" else above]
        unit = f"{prefix}-{code}" if level == "new" else _NAMED.get(code, f"{prefix}-{code}")
        found.append(Place(level, code, name, above, tuple(heirs.split()), unit))
    return tuple(found)


def places(level: str) -> list[Place]:
    """Return the places of one level in the order of their official codes."""
    return sorted((place for place in _all() if place.level == level), key=lambda place: place.code)


def committees_of(province: str) -> Iterator[NewUnit]:
    """Give the committees of the old districts and communes of a province (its unit's code) that no article names."""
    districts = {place.code: place.unit for place in places("district") if PROVINCES[place.above] == province}
    for place in places("district"):
        if place.code in districts and place.unit not in _NAMED.values():
            yield NewUnit(place.unit, place.committee, "district", province, LISTED_ON, is_published=True)
    for place in places("old"):
        if place.above in districts and place.unit not in _NAMED.values():
            above = districts[place.above]
            yield NewUnit(place.unit, place.committee, "grassroots_committee", above, LISTED_ON, is_published=True)
