"""The figures of people against a count of each person in plain Python, in both readings, over a tree that changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import Period, months_of, today
from langsen.foundation.figures.catalogue import Together, figure_by_code, set_of
from langsen.foundation.figures.counting import count_sets, count_sets_by_month
from langsen.foundation.figures.drill import behind
from langsen.foundation.figures.engine import Asked, Value, figures_of, rows_by_month, rows_by_unit
from langsen.foundation.figures.enums import Reading, Scope
from langsen.foundation.figures.members import member_sql
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.models import Exemption, Membership, Person
from langsen.registers.programmes.models import Programme, Theme
from langsen.registers.study.models import Attendance, SessionPoint, StudySession
from langsen.registers.study.standing import FEW_UNITS, STANDING, THEME_IS
from tests.dated_tree import CODES, HOMES, exists, path, plant
from tests.examples import examples

CODES_OF_PEOPLE = ("study.participants", "study.participation_rate", "study.make_up_pending")
PEOPLE = 4
CLASSES = ["full_member", "civil_servant"]
days = st.dates(date(2023, 6, 1), date(2025, 10, 31))
stretches = st.tuples(days, st.none() | days).map(lambda two: (min(two), max(two)) if two[1] else two)  # type: ignore[type-var]


@dataclass(frozen=True)
class Member:
    person: int
    unit: str
    person_class: str
    during: tuple[date, date | None]


@dataclass(frozen=True)
class Obliging:
    unit: str
    kind: str
    during: tuple[date, date | None]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Study:
    unit: str
    day: date
    people: frozenset[int]
    themes: frozenset[int]
    kind: str
    status: str


@dataclass(frozen=True)
class World:
    members: tuple[Member, ...]
    exempt: tuple[tuple[int, tuple[date, date | None]], ...]
    themes: tuple[Obliging, ...]
    studies: tuple[Study, ...]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    person = st.integers(0, PEOPLE - 1)
    unit = st.sampled_from(CODES)
    members = st.builds(Member, person, unit, st.sampled_from(CLASSES), stretches)
    themes = draw(
        st.lists(
            st.builds(
                Obliging,
                st.sampled_from(["TW", "P1", "D1", "D2", "X2", "G1"]),
                st.sampled_from(["annual", "annual", "occasion"]),
                stretches,
                st.sets(st.sampled_from(CLASSES), min_size=1).map(tuple),
            ),
            max_size=3,
        )
    )
    on_themes = st.frozensets(st.integers(0, len(themes) - 1)) if themes else st.just(frozenset())
    kinds, states = st.sampled_from(["study_conference", "self_study"]), st.sampled_from(["held", "held", "cancelled"])
    studies = st.builds(Study, unit, days, st.frozensets(person), on_themes, kinds, states)
    return World(
        tuple(draw(st.lists(members, max_size=8, unique_by=lambda one: (one.person, one.unit)))),
        tuple(draw(st.lists(st.tuples(person, stretches), max_size=3))),
        tuple(themes),
        tuple(draw(st.lists(studies, max_size=6))),
    )


def _within(day: date, during: tuple[date, date | None]) -> bool:
    return during[0] <= day and (during[1] is None or day < during[1])


def _naive(world: World, top: str, period: Period, reading: Reading, theme: int | None) -> list[tuple[int, ...]]:
    """(who took part), (who studied, who is obliged), (who is pending): each person looked at one by one."""

    def counts(unit: str, day: date) -> bool:
        if reading == Reading.TODAY:
            return top in path(HOMES.get(unit, unit), today())
        return exists(unit, day) and top in path(unit, day)

    held = [study for study in world.studies if study.status == "held"]
    took_part, obliged, studied, pending = set(), set(), set(), set()
    for study in held:
        if study.kind == "study_conference" and study.day in period and counts(study.unit, study.day):
            took_part |= study.people if theme is None or theme in study.themes else set()
    last = period.last
    for member in world.members:
        if not _within(last, member.during) or not counts(member.unit, last) or not exists(member.unit, last):
            continue
        if any(person == member.person and _within(last, during) for person, during in world.exempt):
            continue
        for number, one in enumerate(world.themes):
            in_force = one.during[0] <= last and (one.during[1] is None or period.first < one.during[1])
            reaches = one.unit in path(member.unit, last) and member.person_class in one.classes
            if not in_force or not reaches or theme not in (None, number) or one.during[0] == one.during[1]:
                continue
            on = [study.day for study in held if number in study.themes and member.person in study.people]
            obliged.add(member.person)
            if any(day in period for day in on):
                studied.add(member.person)
            if one.kind == "annual" and _within(last, one.during) and not any(day <= last for day in on):
                pending.add(member.person)
    return [(len(took_part),), (len(studied), len(obliged)), (len(pending),)]


def _store(world: World, units: dict[str, OrgUnit]) -> list[Theme]:
    for model in (Attendance, StudySession, Exemption, Membership, Person, Theme):
        model.objects.all().delete()
    people = [Person.objects.create(full_name=f"Lò Văn {number}", folded="x", sort_key="x") for number in range(PEOPLE)]
    for member in world.members:
        Membership.objects.create(
            person=people[member.person],
            org_unit=units[member.unit],
            person_class=member.person_class,
            during=DateRange(*member.during),
        )
    for person, during in world.exempt:
        Exemption.objects.create(person=people[person], org_unit=units["TW"], reason="age", during=DateRange(*during))
    themes = [
        Theme.objects.create(
            code=f"cd-{number}", name_vi="x", name_en="x", programme=Programme.objects.get(code="kl-01"),
            org_unit=units[one.unit], kind=one.kind, during=DateRange(*one.during),
            obliged_classes=list(one.classes), source="thử",
        )
        for number, one in enumerate(world.themes)
    ]  # fmt: skip
    for study in world.studies:
        _hold(study, units[study.unit], people, themes)
    return themes


def _hold(study: Study, unit: OrgUnit, people: list[Person], themes: list[Theme]) -> None:
    session = StudySession.objects.create(
        org_unit=unit, kind=study.kind, title="x", folded="x", status=study.status, held_on=study.day,
        recorded_by=system_user(),
    )  # fmt: skip
    session.themes.set([themes[number] for number in study.themes])
    point = SessionPoint.objects.create(session=session, org_unit=unit, is_main=True)
    for number in study.people:
        Attendance.objects.create(
            session=session, point=point, org_unit=unit, person=people[number], attendance_class="members",
            studied_on=study.day, recorded_by=system_user(),
        )  # fmt: skip


def _counts(value: Value) -> tuple[int, ...]:
    if value.denominator is None:
        return (int(value.value or 0),)
    return (value.numerator or 0, value.denominator)


@pytest.fixture
def planted(db: None) -> Iterator[dict[str, OrgUnit]]:
    yield plant()


@pytest.mark.django_db
@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    world=worlds(),
    edges=st.tuples(days, days),
    top=st.sampled_from(["TW", "P1", "D1", "X2", "G1"]),
    reading=st.sampled_from(list(Reading)),
    chosen=st.none() | st.integers(0, 2),
)
def test_people_equal_an_independent_count(
    planted: dict[str, OrgUnit],
    world: World,
    edges: tuple[date, date],
    top: str,
    reading: Reading,
    chosen: int | None,
) -> None:
    if reading == Reading.TODAY and not exists(top, today()):
        reading = Reading.THEN
    themes = _store(world, planted)
    theme = chosen if chosen is not None and chosen < len(themes) else None
    asked = Asked(
        planted[top],
        Period(min(edges), max(edges)),
        reading,
        themes[theme].pk if theme is not None else None,
        figures=tuple(figure_by_code(code) for code in CODES_OF_PEOPLE),
    )
    values = figures_of(asked)
    assert [_counts(value) for value in values] == _naive(world, top, asked.period, reading, theme)
    _lists_add_up(asked, values)
    rows = rows_by_month(asked)
    expected = [_naive(world, top, month, reading, theme) for month in months_of(asked.period)]
    assert [[_counts(value) for value in row.values] for row in rows] == expected
    _both_ways_find_the_same(asked)


def _both_ways_find_the_same(asked: Asked) -> None:
    """The statement reads a small tree person by person; forced to read the themes whole, it must count the same."""
    member = member_sql(asked.reading, Scope.BELOW, by_unit=False)

    def counted(together: Together) -> list[list[dict[int, int]]]:
        sets = [
            set_of(together, column, theme_filter=THEME_IS, permission=Permission.PEOPLE_READ, describe=lambda _: {})
            for column in together.columns
        ]
        by_row = count_sets(sets, member, asked.parameters)
        by_month = count_sets_by_month(sets, member, "", asked.parameters)
        return [[by_row[one], by_month[one]] for one in sets]

    assert counted(STANDING) == counted(_WHOLE)


_WHOLE = Together(
    STANDING.columns,
    *(
        sql.replace(f"> {FEW_UNITS}", "> -1").replace(f"<= {FEW_UNITS}", "<= -1")
        for sql in (STANDING.sql, STANDING.by_month)
    ),
)


def _lists_add_up(asked: Asked, values: tuple[Value, ...]) -> None:
    for value in values:
        for part, count in zip(("numerator", "denominator"), _counts(value), strict=False):
            assert behind(asked, value.figure, part=part).total == count
    for row in rows_by_unit(asked):
        for value in row.values:
            assert behind(asked, value.figure, row=row.unit).total == _counts(value)[0]


def test_more_than_five_years_by_month_are_put_together(planted: dict[str, OrgUnit]) -> None:
    member = Member(0, "G1", "full_member", (date(2022, 1, 1), None))
    theme = Obliging("TW", "annual", (date(2020, 1, 1), None), ("full_member",))
    first, last = (Study("G1", day, frozenset({0}), frozenset({0}), "self_study", "held") for day in _EDGES)
    world = World((member,), (), (theme,), (first, last))
    _store(world, planted)
    asked = Asked(
        planted["TW"],
        Period(date(2019, 12, 15), date(2025, 10, 10)),
        figures=tuple(figure_by_code(code) for code in CODES_OF_PEOPLE),
    )
    rows = rows_by_month(asked)
    expected = [_naive(world, "TW", month, Reading.THEN, None) for month in months_of(asked.period)]
    assert [[_counts(value) for value in row.values] for row in rows] == expected
    assert len(rows) == 71


_EDGES = (date(2022, 3, 3), date(2025, 10, 1))
