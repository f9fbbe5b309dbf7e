"""How large an invented store is."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Shape:
    """Provinces > communes > grassroots committees > cells under one central unit, and the days sessions fall on.

    Every cell meets about 18 times a year: monthly meetings, a thematic one a quarter, study conferences, now and then
    a trip or self-study. `rolled` provinces keep a roster of `members` a cell and call the roll at conferences.
    """

    name: str
    provinces: int
    communes: int
    grassroots: int
    cells: int
    first: date
    last: date
    rolled: int
    members: int

    @property
    def units(self) -> int:
        return 1 + self.provinces + self.communes + self.grassroots + self.cells


# The sizes of the country since 1/7/2025 (34 provinces, 3,321 communes); 18/5/2021-17/5/2023 lies within the days.
NATION = Shape("nation", 34, 3_321, 12_000, 60_000, date(2021, 4, 1), date(2023, 6, 30), rolled=2, members=25)
# One province of 10,000 units with five years of records: what pages are measured on.
PROVINCE = Shape("province", 1, 100, 1_500, 8_398, date(2021, 1, 1), date(2025, 12, 31), rolled=1, members=12)
TINY = Shape("tiny", 2, 4, 6, 12, date(2021, 4, 1), date(2021, 12, 31), rolled=1, members=3)
SHAPES = {shape.name: shape for shape in (NATION, PROVINCE, TINY)}
