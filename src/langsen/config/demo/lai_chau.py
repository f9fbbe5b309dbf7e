"""Lai Châu as published on 17/5/2023 (S1): 8,198 study conferences, 431,346 attendances, 98.7 % who took part.

Only sums are published; how they lie over units, days and classes is chosen here, so units are called by number.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from langsen.config.demo import spread
from langsen.config.demo.rosters import (
    LAI_CHAU,
    MEMBERS_AND_OFFICIALS,
    Roster,
    attendance_class,
    by_unit,
    published_roster,
)
from langsen.config.demo.worlds import KNOWN_FROM, TWO_TIERS, TWO_TIERS_DECISION, Stage
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.bulk import enrol_people
from langsen.foundation.people.models import Person
from langsen.foundation.reorganisation.bulk import NewUnit, establish_units
from langsen.foundation.reorganisation.services import split_unit
from langsen.registers.programmes.models import Theme
from langsen.registers.study.bulk import NewPoint, NewSession, record_sessions
from langsen.registers.study.enums import Mode, ReviewKind, SessionKind

FIRST, LAST = date(2021, 5, 18), date(2023, 5, 17)
CONFERENCES, ATTENDANCES = 8198, 431_346
OBLIGED, STUDIED = 31_615, 31_204
DISTRICTS, GRASSROOTS, COMMUNES = 8, 236, 38


_CLASSES = ("members", "officials", "union_members", "public", "other")
_TITLES = (
    "Học tập, quán triệt Kết luận số 01-KL/TW của Bộ Chính trị",
    "Học tập chuyên đề toàn khóa về ý chí tự lực, tự cường",
    "Quán triệt chuyên đề toàn khóa 2021–2025",
    "Hội nghị học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    "Học tập chuyên đề, liên hệ với nhiệm vụ của đơn vị",
    "Nghiên cứu, học tập về nêu gương của cán bộ, đảng viên",
    "Học tập, trao đổi việc làm theo Bác trong quý",
)


@dataclass
class Body:
    """A unit that organises study, with its people and how large its meetings are."""

    unit: OrgUnit
    weight: float
    roster: Roster = ()


@dataclass(frozen=True)
class Meeting:
    """One conference before its head count is known."""

    body: Body
    day: date
    roll: list[tuple[Person, str]] = field(default_factory=list)
    make_up: list[tuple[Person, str, date]] = field(default_factory=list)


def load(stage: Stage) -> None:
    random = spread.seeded("lai-chau")
    stage.say("LCH: units")
    plan = _units(random)
    units = establish_units(plan, by=stage.by)
    stage.say("LCH: people")
    bodies = _with_rosters(random, plan, units, stage)
    stage.say("LCH: sessions")
    meetings = _meetings(random, bodies)
    rows = _sessions(random, meetings, stage.term_theme)
    rows.append(_review_conference(units))
    record_sessions(rows, by=stage.by, progress=stage.counting("LCH"))
    stage.say("LCH: 1/7/2025")
    _divide_districts(random, plan, units, stage)


def _units(random: Random) -> list[NewUnit]:
    rows = [NewUnit("LCH", "Tỉnh ủy Lai Châu", "province", "TW", KNOWN_FROM, is_published=True)]
    sizes = spread.shares(GRASSROOTS, spread.uneven(random, DISTRICTS, 0.25), 16)
    number = 0
    for place, size in enumerate(sizes, start=1):
        district = f"LCH-{place}"
        name = f"Đảng bộ huyện, thành phố số {place}"
        rows.append(NewUnit(district, name, "district", "LCH", KNOWN_FROM, is_published=True))
        for _ in range(size):
            number += 1
            rows += _grassroots(random, district, number)
    return rows


def _grassroots(random: Random, district: str, number: int) -> list[NewUnit]:
    code = f"{district}-{number:03d}"
    if random.random() < 0.42:
        return [NewUnit(code, f"Chi bộ cơ sở số {number}", "grassroots_cell", district, KNOWN_FROM, is_published=True)]
    name = f"Đảng bộ cơ sở số {number}"
    rows = [NewUnit(code, name, "grassroots_committee", district, KNOWN_FROM, is_published=True)]
    if random.random() < 0.3:
        rows += [
            NewUnit(f"{code}-{cell}", f"Chi bộ số {cell}, {name}", "cell", code, KNOWN_FROM, is_published=True)
            for cell in range(1, random.randint(4, 9) + 1)
        ]
    return rows


def _with_rosters(random: Random, plan: list[NewUnit], units: dict[str, OrgUnit], stage: Stage) -> list[Body]:
    """People stand at the lowest units: cells, and committees without cells of their own."""
    parents = {row.parent for row in plan}
    lowest = [row for row in plan if row.code not in parents]
    factor = {"grassroots_committee": 3.0, "grassroots_cell": 1.0, "cell": 0.9}
    weights = spread.uneven(random, len(lowest), 0.55)
    sizes = spread.shares(OBLIGED, [weight * factor[row.kind] for weight, row in zip(weights, lowest, strict=True)], 11)
    rows = [
        person
        for row, size in zip(lowest, sizes, strict=True)
        for person in published_roster(
            random, units[row.code], size, classes=MEMBERS_AND_OFFICIALS, known_on=LAST, shares=LAI_CHAU
        )
    ]
    rosters = by_unit(rows, enrol_people(rows, by=stage.by))
    above = {"province": 420.0, "district": 210.0, "grassroots_committee": 140.0}
    bodies = []
    for row in plan:
        roster = rosters.get(units[row.code].pk, ())
        bodies.append(Body(units[row.code], float(len(roster)) or above[row.kind], roster))
    return bodies


def _meetings(random: Random, bodies: list[Body]) -> list[Meeting]:
    """Share the conferences out over bodies and days; one of each body that has people is held with a roll."""
    days = spread.all_days(FIRST, LAST)
    pull = [1.6 if body.unit.kind.level <= 3 else 0.8 for body in bodies]
    weights = [uneven * more for uneven, more in zip(spread.uneven(random, len(bodies), 0.35), pull, strict=True)]
    counts = spread.shares(CONFERENCES, weights, 4)
    with_people = [body for body in bodies if body.roster]
    missing = dict(
        zip(
            (body.unit.pk for body in with_people),
            spread.shares(OBLIGED - STUDIED, [len(body.roster) * random.uniform(0.2, 2) for body in with_people]),
            strict=True,
        )
    )
    meetings = []
    for body, count in zip(bodies, counts, strict=True):
        held = spread.pick_days(random, days, count)
        early = [day for day in held if day <= date(2023, 3, 15)]
        with_roll = random.choice(early) if body.roster and early else None
        if body.roster and with_roll is None:
            with_roll = held[0] = date(2022, 3, 15)
        for day in held:
            if day == with_roll:
                meetings.append(_with_roll(random, body, day, missing[body.unit.pk]))
            else:
                meetings.append(Meeting(body, day))
    return meetings


def _with_roll(random: Random, body: Body, day: date, missing: int) -> Meeting:
    """All but `missing` of the roster studied: most on the day, newcomers and a few others later."""
    people = random.sample(body.roster, len(body.roster))[missing:]
    meeting = Meeting(body, day)
    for person, row in sorted(people, key=lambda pair: pair[0].pk):
        name = attendance_class(row.person_class)
        if row.from_on > day or random.random() < 0.03:
            earliest = max(row.from_on, day) + timedelta(days=1)
            later = min(earliest + timedelta(days=random.randint(3, 60)), LAST)
            meeting.make_up.append((person, name, later))
        else:
            meeting.roll.append((person, name))
    return meeting


def _sessions(random: Random, meetings: list[Meeting], theme: Theme) -> list[NewSession]:
    noise = spread.uneven(random, len(meetings), 0.4)
    # A conference with a roll has exactly its roll; the others share the rest.
    least = [len(meeting.roll) or 5 + int(meeting.body.weight * 0.2) for meeting in meetings]
    weights = [
        0.0 if meeting.roll else more * meeting.body.weight for more, meeting in zip(noise, meetings, strict=True)
    ]
    heads = spread.shares(ATTENDANCES, weights, least)
    rows = []
    for meeting, present in zip(meetings, heads, strict=True):
        on_theme = bool(meeting.roll) or random.random() < 0.45
        point = NewPoint(
            org_unit=meeting.body.unit,
            is_main=True,
            present=_by_class(random, meeting, present),
            roll=meeting.roll,
            make_up=meeting.make_up,
        )
        rows.append(
            NewSession(
                org_unit=meeting.body.unit,
                kind=SessionKind.STUDY_CONFERENCE,
                title=random.choice(_TITLES[:3] if on_theme else _TITLES[3:]),
                held_on=meeting.day,
                points=[point],
                themes=[theme] if on_theme else [],
            )
        )
    return rows


def _by_class(random: Random, meeting: Meeting, present: int) -> dict[str, int]:
    on_roll = dict.fromkeys(_CLASSES, 0)
    for _person, name in meeting.roll:
        on_roll[name] += 1
    # Cells meet among members; committees call officials, unions and residents too.
    base = (80, 10, 6, 4, 0.3) if meeting.body.unit.kind.is_cell else (56, 21, 14, 8, 1)
    weights = [share * random.uniform(0.6, 1.4) for share in base]
    return dict(zip(_CLASSES, spread.shares(present, weights, [on_roll[name] for name in _CLASSES]), strict=True))


def _review_conference(units: dict[str, OrgUnit]) -> NewSession:
    """The conference of 17/5/2023: hybrid, eight remote points; how many sat there was not published."""
    return NewSession(
        org_unit=units["LCH"],
        kind=SessionKind.REVIEW_CONFERENCE,
        title="Hội nghị sơ kết 2 năm thực hiện Kết luận số 01-KL/TW của Bộ Chính trị",
        held_on=LAST,
        mode=Mode.HYBRID,
        review_kind=ReviewKind.INTERIM,
        points=[
            NewPoint(org_unit=units["LCH"], is_main=True),
            *(NewPoint(org_unit=units[f"LCH-{place}"]) for place in range(1, DISTRICTS + 1)),
        ],
        minutes="Số liệu công bố: hội nghị trực tiếp kết hợp trực tuyến tới 8 điểm cầu; số người dự không được nêu.",
    )


def _divide_districts(random: Random, plan: list[NewUnit], units: dict[str, OrgUnit], stage: Stage) -> None:
    """On 1/7/2025 each district is divided among commune committees; grassroots units go on below these."""
    counts = spread.shares(COMMUNES, spread.uneven(random, DISTRICTS, 0.2), 3)
    number = 0
    for place, count in enumerate(counts, start=1):
        district = units[f"LCH-{place}"]
        communes = []
        for _ in range(count):
            number += 1
            name = f"Đảng ủy xã, phường số {number}"
            communes.append(NewUnit(f"LCH-X{number:02d}", name, "commune", "LCH", TWO_TIERS, is_published=True))
        below = [row.code for row in plan if row.parent == district.code]
        split_unit(
            district,
            successors=communes,
            children={code: communes[order * count // len(below)].code for order, code in enumerate(below)},
            effective_on=TWO_TIERS,
            decision=TWO_TIERS_DECISION,
            by=stage.by,
        )
