"""Lạng Sơn as published on 18/1/2024 (S3): one online study conference of 2023, seen from its 61 points.

The province hosts it; points and people are those of the committee of provincial agencies. 2,701 took part on the
day, and in the end everybody had studied; 3,150 is the base chosen here.
"""

from datetime import date, timedelta
from random import Random

from langsen.config.demo import spread
from langsen.config.demo.rosters import (
    LANG_SON,
    MEMBERS_AND_OFFICIALS,
    Roster,
    attendance_class,
    by_unit,
    published_roster,
)
from langsen.config.demo.worlds import KNOWN_FROM, OBLIGED_CLASSES, Stage
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.bulk import NewPerson, enrol_people
from langsen.foundation.reorganisation.bulk import Decision, NewUnit, establish_units
from langsen.foundation.reorganisation.services import split_unit
from langsen.registers.programmes.models import Programme, Theme, ThemeKind
from langsen.registers.programmes.services import add_theme
from langsen.registers.study.bulk import NewPoint, NewSession, record_sessions
from langsen.registers.study.enums import Mode, SessionKind

POINTS, ON_THE_DAY, OBLIGED = 61, 2701, 3150
HELD_ON = date(2023, 3, 23)  # chosen: the article names the year only
YEAR_END = date(2023, 12, 31)
ANNUAL_THEME = "lang-son-2023"
AGENCIES_END = date(2025, 2, 1)  # chosen: "early 2025", unverified


def load(stage: Stage) -> None:
    random = spread.seeded("lang-son")
    stage.say("LSO: units")
    units = establish_units(_units(random), by=stage.by)
    theme = _annual_theme(units["LSO"], stage)
    stage.say("LSO: people")
    points = [unit for code, unit in units.items() if code.startswith("CCQ-")]
    sizes = spread.shares(OBLIGED, spread.uneven(random, POINTS, 0.6), 12)
    rows = [
        person
        for unit, size in zip(points, sizes, strict=True)
        for person in published_roster(
            random, unit, size, classes=MEMBERS_AND_OFFICIALS, known_on=YEAR_END, shares=LANG_SON
        )
    ]
    rosters = by_unit(rows, enrol_people(rows, by=stage.by))
    stage.say("LSO: sessions")
    conference = NewSession(
        org_unit=units["LSO"],
        kind=SessionKind.STUDY_CONFERENCE,
        title="Hội nghị trực tuyến học tập chuyên đề toàn khóa và chuyên đề năm 2023",
        held_on=HELD_ON,
        mode=Mode.ONLINE,
        themes=[stage.term_theme, theme],
        points=[NewPoint(org_unit=units["LSO"], is_main=True), *_points(random, points, rosters)],
        minutes="Số liệu công bố của Đảng ủy Các cơ quan tỉnh: 61 điểm cầu, 2.701 lượt người; số người dự tại điểm "
        "chủ trì không được nêu.",
    )
    record_sessions([conference], by=stage.by)
    _end_of_the_committee(random, units, stage)


def _units(random: Random) -> list[NewUnit]:
    rows = [
        NewUnit("LSO", "Tỉnh ủy Lạng Sơn", "province", "TW", KNOWN_FROM, is_published=True),
        NewUnit("CCQ", "Đảng ủy Các cơ quan tỉnh", "agencies", "LSO", KNOWN_FROM, is_published=True),
    ]
    for number in range(1, POINTS + 1):
        is_cell = random.random() < 0.45
        name = f"{'Chi bộ' if is_cell else 'Đảng bộ'} cơ sở số {number}"
        kind = "grassroots_cell" if is_cell else "grassroots_committee"
        rows.append(NewUnit(f"CCQ-{number:02d}", name, kind, "CCQ", KNOWN_FROM, is_published=True))
    return rows


def _annual_theme(province: OrgUnit, stage: Stage) -> Theme:
    return add_theme(
        programme=Programme.objects.get(code="kl-01"),
        org_unit=province,
        kind=ThemeKind.ANNUAL,
        code=ANNUAL_THEME,
        name_vi="Chuyên đề năm 2023: tự giác, sáng tạo và nêu gương",
        name_en="Theme of 2023: self-awareness, initiative and setting an example",
        from_on=date(2023, 1, 1),
        last_on=YEAR_END,
        obliged_classes=OBLIGED_CLASSES,
        source="Bài viết ngày 18/1/2024 về Đảng bộ Các cơ quan tỉnh; câu chữ của chuyên đề chưa kiểm chứng",
        by=stage.by,
    )


def _points(random: Random, units: list[OrgUnit], rosters: dict[int, Roster]) -> list[NewPoint]:
    """Everybody studied: 2,701 at the points on the day, the rest later. Newcomers could not sit there yet."""
    late = {unit.pk: [pair for pair in rosters[unit.pk] if pair[1].from_on >= HELD_ON] for unit in units}
    there = [len(rosters[unit.pk]) - len(late[unit.pk]) for unit in units]
    absent = spread.shares(sum(there) - ON_THE_DAY, [count * random.uniform(0.3, 1.7) for count in there])
    points = []
    for unit, missing in zip(units, absent, strict=True):
        present = [pair for pair in rosters[unit.pk] if pair[1].from_on < HELD_ON]
        random.shuffle(present)
        later = [*late[unit.pk], *present[:missing]]
        points.append(
            NewPoint(
                org_unit=unit,
                invited=len(present),
                roll=[
                    (person, attendance_class(row.person_class))
                    for person, row in sorted(present[missing:], key=lambda pair: pair[0].pk)
                ],
                make_up=[(person, attendance_class(row.person_class), _later(random, row)) for person, row in later],
            )
        )
    return points


def _later(random: Random, row: NewPerson) -> date:
    earliest = max(HELD_ON, row.from_on) + timedelta(days=1)
    return min(earliest + timedelta(days=random.randint(6, 120)), YEAR_END)


def _end_of_the_committee(random: Random, units: dict[str, OrgUnit], stage: Stage) -> None:
    """Two committees took over the organisations of this one; which took which is chosen here."""
    successors = [
        NewUnit("CCQ-D", "Đảng ủy các cơ quan Đảng tỉnh", "agencies", "LSO", AGENCIES_END, is_published=True),
        NewUnit("CCQ-U", "Đảng ủy Ủy ban nhân dân tỉnh", "agencies", "LSO", AGENCIES_END, is_published=True),
    ]
    split_unit(
        units["CCQ"],
        successors=successors,
        children={code: successors[random.random() < 0.7].code for code in units if code.startswith("CCQ-")},
        effective_on=AGENCIES_END,
        decision=Decision(
            number="(số văn bản chưa kiểm chứng)",
            decided_on=AGENCIES_END,
            note="Kết thúc hoạt động đầu năm 2025; ngày và cách chia là do bản trình diễn chọn.",
        ),
        by=stage.by,
    )
