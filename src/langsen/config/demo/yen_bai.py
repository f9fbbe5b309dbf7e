"""Nghĩa Lộ (Yên Bái) as published on 28/8/2017 (S4): 41 grassroots organisations, 2,289 Party members in 2016."""

from datetime import date
from random import Random

from langsen.config.demo import spread
from langsen.config.demo.lao_cai_units import committees_of
from langsen.config.demo.rosters import MEMBERS, NGHIA_LO, published_roster
from langsen.config.demo.worlds import KNOWN_FROM, Stage
from langsen.foundation.people.bulk import enrol_people
from langsen.foundation.reorganisation.bulk import NewUnit, establish_units

GRASSROOTS, PARTY_MEMBERS = 41, 2289
COUNTED_ON, ARTICLE_ON = date(2016, 12, 31), date(2017, 8, 28)


def load(stage: Stage) -> None:
    random = spread.seeded("yen-bai")
    stage.say("YBA: units, people")
    units = establish_units(_units(random), by=stage.by)
    grassroots = [unit for code, unit in units.items() if code.startswith("NLO-")]
    sizes = spread.shares(PARTY_MEMBERS, spread.uneven(random, GRASSROOTS, 0.6), 9)
    enrol_people(
        [
            person
            for unit, size in zip(grassroots, sizes, strict=True)
            for person in published_roster(
                random, unit, size, classes=MEMBERS, known_on=COUNTED_ON, last_on=ARTICLE_ON, shares=NGHIA_LO
            )
        ],
        by=stage.by,
    )


def _units(random: Random) -> list[NewUnit]:
    rows = [
        NewUnit("YBA", "Tỉnh ủy Yên Bái", "province", "TW", KNOWN_FROM, is_published=True),
        NewUnit("NLO", "Thị ủy Nghĩa Lộ", "district", "YBA", KNOWN_FROM, is_published=True),
        # The one grassroots organisation the article names.
        NewUnit("NLO-PTR", "Đảng bộ phường Pú Trạng", "grassroots_committee", "NLO", KNOWN_FROM, is_published=True),
    ]
    for number in range(1, GRASSROOTS):
        is_cell = random.random() < 0.45
        name = f"{'Chi bộ' if is_cell else 'Đảng bộ'} cơ sở số {number}"
        kind = "grassroots_cell" if is_cell else "grassroots_committee"
        rows.append(NewUnit(f"NLO-{number:02d}", name, kind, "NLO", KNOWN_FROM, is_published=True))
    return [*rows, *committees_of("YBA")]
