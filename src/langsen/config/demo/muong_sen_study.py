"""Two and a half years of study in invented Mường Sen, counted back from the day of loading.

Cells meet every month; themes are taken up from January to March, thematic meetings fall in April and August. Some
are late: one commune has recorded nothing for seven months, another for three, two cells for a year.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from langsen.config.demo import spread
from langsen.config.demo.muong_sen_units import COMMUNES, DISTRICTS
from langsen.config.demo.rosters import Roster, attendance_class
from langsen.config.demo.worlds import TWO_TIERS
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.enums import OFFICIAL_CLASSES, PARTY_MEMBER_CLASSES, AttendanceClass
from langsen.foundation.people.models import Person
from langsen.registers.programmes.models import Theme
from langsen.registers.study.bulk import NewPoint, NewSession
from langsen.registers.study.enums import Mode, ReviewKind, SessionKind, SessionStatus

MONTHS = 30
IDLE_MONTHS = {"MSE-XBM": 7, "MSE-XTM": 3, "MSE-PDC-A2": 12, "MSE-XKH-CS": 12}
_TOPICS = (
    "học tập và làm theo Bác về tinh thần trách nhiệm",
    "thực hành tiết kiệm, chống lãng phí",
    "nêu gương của cán bộ, đảng viên",
    "gần dân, nghe dân, giúp dân",
    "xây dựng bản làng đoàn kết, sạch đẹp",
    "chuyển đổi số trong sinh hoạt chi bộ",
)


@dataclass
class Calendar:
    """What everybody in Mường Sen did, as far as it was recorded by `today`."""

    random: Random
    today: date
    units: dict[str, OrgUnit]
    rosters: dict[int, Roster]
    themes: dict[int, Theme]  # by year
    rows: list[NewSession] = field(default_factory=list)

    @property
    def first(self) -> date:
        return _month_back(self.today, MONTHS)

    def months(self) -> Iterator[tuple[int, int]]:
        for back in range(MONTHS, -1, -1):
            day = _month_back(self.today, back)
            yield day.year, day.month

    def day(self, year: int, month: int, first: int, last: int) -> date:
        return spread.working_day(self.random, year, month, first, last)

    def is_recorded(self, unit: OrgUnit, day: date) -> bool:
        """Say whether the unit existed, the day has come, and the unit had not yet stopped recording."""
        idle = next((months for code, months in IDLE_MONTHS.items() if _is_below(unit.code, code)), 0)
        stopped = _month_back(self.today, idle) if idle else None
        return day <= self.today and unit.exists_on(day) and (stopped is None or day < stopped)

    def obliged(self, unit: OrgUnit, day: date) -> list[tuple[Person, str]]:
        """Members and officials on the cell's roster on `day`, with the class they are counted in."""
        classes = {*PARTY_MEMBER_CLASSES, *OFFICIAL_CLASSES}
        return self._of(unit, day, classes)

    def members(self, unit: OrgUnit, day: date) -> list[tuple[Person, str]]:
        return self._of(unit, day, set(PARTY_MEMBER_CLASSES))

    def _of(self, unit: OrgUnit, day: date, classes: Collection[str]) -> list[tuple[Person, str]]:
        return [
            (person, attendance_class(row.person_class))
            for person, row in self.rosters.get(unit.pk, ())
            if row.from_on <= day and row.person_class in classes
        ]

    def some(self, people: list[tuple[Person, str]], share: float) -> list[tuple[Person, str]]:
        return [entry for entry in people if self.random.random() < share]

    def add(
        self,
        unit: OrgUnit,
        kind: str,
        title: str,
        day: date,
        *,
        present: Mapping[str, int] | None = None,
        roll: Sequence[tuple[Person, str]] = (),
        make_up: Sequence[tuple[Person, str, date]] = (),
        remote: Sequence[NewPoint] = (),
        themes: Sequence[Theme] = (),
        mode: str = Mode.IN_PERSON,
        review_kind: str = "",
        has_study_item: bool = False,
    ) -> None:
        """Note a session that was held; `present`, `roll` and `make_up` belong to its main point."""
        main = NewPoint(org_unit=unit, is_main=True, present=present or {}, roll=roll, make_up=make_up)
        self.rows.append(
            NewSession(
                org_unit=unit,
                kind=kind,
                title=title,
                held_on=day,
                points=[main, *remote],
                themes=themes,
                mode=mode,
                review_kind=review_kind,
                has_study_item=has_study_item,
            )
        )


def sessions(calendar: Calendar) -> list[NewSession]:
    """Return every session of the calendar, in the order of their days."""
    cells = [unit for unit in calendar.units.values() if unit.kind.is_cell]
    for number, cell in enumerate(cells):
        for year, month in calendar.months():
            _regular_meeting(calendar, cell, year, month, with_roll=number % 12 == 5)
            _thematic_meeting(calendar, cell, year, month)
            _theme_conference(calendar, cell, year, month, number)
    offices = [unit for unit in calendar.units.values() if unit.kind.code in _OFFICES]
    for office in offices:
        for year, month in calendar.months():
            _office_month(calendar, office, year, month)
    _province(calendar)
    return sorted(calendar.rows, key=lambda row: (row.held_on, row.org_unit.pk))


_OFFICES = ("commune", "agencies", "district", "grassroots_committee")


def _regular_meeting(calendar: Calendar, cell: OrgUnit, year: int, month: int, *, with_roll: bool) -> None:
    day = calendar.day(year, month, 1, 9)
    members = calendar.members(cell, day)
    if not members or not calendar.is_recorded(cell, day) or calendar.random.random() < 0.06:
        return
    there = calendar.some(members, 0.9) or members[:1]
    is_recent = day >= _month_back(calendar.today, 12)
    calendar.add(
        cell,
        SessionKind.REGULAR_MEETING,
        f"Sinh hoạt chi bộ thường kỳ tháng {month}/{year}",
        day,
        has_study_item=calendar.random.random() < 0.78,
        present={"members": len(there)},
        roll=there if with_roll and is_recent else (),
    )


def _thematic_meeting(calendar: Calendar, cell: OrgUnit, year: int, month: int) -> None:
    likely = {4: 0.86, 8: 0.82, 11: 0.3, 2: 0.12, 6: 0.1}.get(month, 0)
    day = calendar.day(year, month, 10, 26)
    members = calendar.members(cell, day)
    if not members or not calendar.is_recorded(cell, day) or calendar.random.random() >= likely:
        return
    present = {"members": max(1, round(len(members) * calendar.random.uniform(0.78, 1)))}
    if calendar.random.random() < 0.3:
        present["union_members"] = calendar.random.randint(2, 9)
    title = f"Sinh hoạt chuyên đề: {calendar.random.choice(_TOPICS)}"
    calendar.add(cell, SessionKind.THEMATIC_MEETING, title, day, present=present)


def _theme_conference(calendar: Calendar, cell: OrgUnit, year: int, month: int, number: int) -> None:
    """Each cell studies the year's theme once, in February or March, with a roll; some make up for it later."""
    if month != (2 if number % 3 == 0 else 3) or year not in calendar.themes:
        return
    day = calendar.day(year, month, 8, 27)
    people = calendar.obliged(cell, day)
    if not people or not calendar.is_recorded(cell, day):
        return
    diligence = 0.72 if cell.code.startswith("MSE-XBM") else calendar.random.uniform(0.86, 1)
    there = calendar.some(people, diligence) or people[:1]
    named = {person.pk for person, _name in there}
    later = [
        (person, name, made_up)
        for person, name in people
        if person.pk not in named and calendar.random.random() < 0.6
        for made_up in [day + timedelta(days=calendar.random.randint(9, 75))]
        if made_up <= calendar.today
    ]
    calendar.add(
        cell,
        SessionKind.STUDY_CONFERENCE,
        f"Học tập, quán triệt chuyên đề năm {year}",
        day,
        roll=there,
        make_up=later,
        themes=[calendar.themes[year]],
    )


@dataclass(frozen=True)
class Habit:
    """What an office holds, how likely in which month, between which days of it."""

    kind: str
    title: str
    usual: float
    in_month: Mapping[int, float]
    first: int
    last: int
    review_kind: str = ""


_HABITS = (
    Habit(SessionKind.FLAG_SALUTE, "Chào cờ, kể chuyện về Bác", 0.72, {}, 1, 7),
    Habit(SessionKind.STUDY_CONFERENCE, "Hội nghị học tập", 0.12, {1: 0.5, 3: 0.5, 5: 0.55, 9: 0.4, 11: 0.4}, 8, 27),
    Habit(SessionKind.HISTORIC_TRIP, "Về nguồn, dâng hương tại khu di tích", 0.01, {5: 0.25, 7: 0.3, 9: 0.12}, 10, 27),
    Habit(SessionKind.SELF_STUDY, "Tự học, viết bài thu hoạch", 0.02, {8: 0.3}, 5, 25),
    Habit(
        SessionKind.REVIEW_CONFERENCE,
        "Sơ kết việc học tập và làm theo Bác",
        0.0,
        {6: 0.45, 12: 0.35},
        14,
        27,
        ReviewKind.INTERIM,
    ),
)
# Districts are larger than communes, communes than a single organisation.
_SIZES = {"district": 3.0, "agencies": 1.6, "commune": 1.4}


def _office_month(calendar: Calendar, office: OrgUnit, year: int, month: int) -> None:
    """What a committee's office held in one month."""
    chance = calendar.random.random
    for habit in _HABITS:
        day = calendar.day(year, month, habit.first, habit.last)
        if chance() >= habit.in_month.get(month, habit.usual) or not calendar.is_recorded(office, day):
            continue
        is_conference = habit.kind == SessionKind.STUDY_CONFERENCE
        on_theme = is_conference and year in calendar.themes and chance() < 0.5
        calendar.add(
            office,
            habit.kind,
            f"{habit.title}: {calendar.random.choice(_TOPICS)}" if is_conference else habit.title,
            day,
            present=_heads(calendar.random, _SIZES.get(office.kind.code, 1.0)),
            themes=[calendar.themes[year]] if on_theme else [],
            review_kind=habit.review_kind,
        )


def _heads(random: Random, size: float) -> dict[str, int]:
    total = round(random.lognormvariate(3.5, 0.4) * size)
    weights = [share * random.uniform(0.5, 1.5) for share in (60, 20, 12, 7, 1)]
    return dict(zip(AttendanceClass.values, spread.shares(total, weights), strict=True))


def _province(calendar: Calendar) -> None:
    """The province's own: one online study conference a year, and the commendation around 19 May."""
    for year, theme in calendar.themes.items():
        _province_wide(
            calendar,
            SessionKind.STUDY_CONFERENCE,
            f"Hội nghị trực tuyến toàn tỉnh học tập chuyên đề năm {year}",
            calendar.day(year, 1, 15, 27),
            themes=[theme],
            mode=Mode.ONLINE,
        )
        _province_wide(
            calendar,
            SessionKind.REVIEW_CONFERENCE,
            f"Biểu dương điển hình học tập và làm theo Bác năm {year}",
            calendar.day(year, 5, 14, 18),
            mode=Mode.HYBRID,
            review_kind=ReviewKind.HONOUR,
        )


def _province_wide(
    calendar: Calendar,
    kind: str,
    title: str,
    day: date,
    *,
    mode: str,
    themes: Sequence[Theme] = (),
    review_kind: str = "",
) -> None:
    if not calendar.first <= day <= calendar.today:
        return
    remote = [
        NewPoint(org_unit=unit, present=_heads(calendar.random, 1.5), invited=calendar.random.randint(60, 120))
        for unit in _points_on(calendar, day)
    ]
    calendar.add(
        calendar.units["MSE"],
        kind,
        title,
        day,
        present=_heads(calendar.random, 1.5),
        remote=remote,
        themes=themes,
        mode=mode,
        review_kind=review_kind,
    )


def _points_on(calendar: Calendar, day: date) -> list[OrgUnit]:
    codes = [commune.code for commune in COMMUNES] if day >= TWO_TIERS else list(DISTRICTS)
    return [calendar.units[code] for code in [*codes, "MSE-CQD", "MSE-UBT"]]


def unfinished(calendar: Calendar) -> list[NewSession]:
    """Sessions still ahead, planned ones whose day has passed without word, and cancelled ones."""
    cells = [unit for unit in calendar.units.values() if unit.kind.is_cell and unit.exists_on(calendar.today)]
    chosen = calendar.random.sample(cells, 30)
    rows = []
    for place, cell in enumerate(chosen):
        if place < 14:
            day = calendar.today + timedelta(days=2 + place * 2)
            status, reason = SessionStatus.PLANNED, ""
        elif place < 22:
            day = calendar.today - timedelta(days=3 + (place - 14) * 3)
            status, reason = SessionStatus.PLANNED, ""
        else:
            day = calendar.today - timedelta(days=12 + (place - 22) * 19)
            status = SessionStatus.CANCELLED
            reason = calendar.random.choice(("Mưa lũ, đường vào bản bị chia cắt", "Trùng lịch họp của cấp trên"))
        day -= ONE_DAY if day.weekday() == 6 else timedelta()
        kind = calendar.random.choice((SessionKind.THEMATIC_MEETING, SessionKind.STUDY_CONFERENCE))
        title = f"{'Sinh hoạt chuyên đề' if kind == SessionKind.THEMATIC_MEETING else 'Học tập chuyên đề'}: "
        title += calendar.random.choice(_TOPICS)
        rows.append(NewSession(org_unit=cell, kind=kind, title=title, held_on=day, status=status, cancel_reason=reason))
    return rows


def _is_below(code: str, above: str) -> bool:
    return code == above or code.startswith(f"{above}-")


def _month_back(day: date, months: int) -> date:
    """Return the first day of the month so many months before."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
