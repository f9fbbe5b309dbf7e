"""Figures against an independent count in plain Python, in both readings, over a tree that changes in mid-month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import Period, today
from langsen.foundation.figures.additive import sums
from langsen.foundation.figures.cache import check, rebuild, refresh
from langsen.foundation.figures.catalogue import Additive, all_figures, figure_by_code
from langsen.foundation.figures.drill import behind
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_month, rows_by_unit
from langsen.foundation.figures.enums import Reading, Scope
from langsen.foundation.figures.members import member_sql
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.study.figures import STUDY
from langsen.registers.study.models import SessionPoint, StudySession, StudyTotal
from tests.dated_tree import CODES, FIRST, HOMES, exists, path, plant
from tests.examples import examples

KINDS = ["study_conference", "thematic_meeting", "review_conference", "historic_trip", "regular_meeting"]


@dataclass(frozen=True)
class Fact:
    unit: str
    day: date
    kind: str
    mode: str
    present: int
    remote: tuple[tuple[str, int], ...]
    status: str


def _record(fact: Fact, units: dict[str, OrgUnit]) -> None:
    session = StudySession.objects.create(
        org_unit=units[fact.unit],
        kind=fact.kind,
        title="x",
        folded="x",
        status=fact.status,
        mode=fact.mode,
        held_on=fact.day,
        has_study_item=True,
        recorded_by=system_user(),
    )
    SessionPoint.objects.create(session=session, org_unit=units[fact.unit], is_main=True, present_members=fact.present)
    for code, present in fact.remote:
        SessionPoint.objects.create(session=session, org_unit=units[code], present_public=present)


def _naive(facts: list[Fact], period: Period, counts: object) -> tuple[int, int]:
    """(study conferences, their attendances) counted one by one; `counts(unit, day)` says whether a unit belongs."""
    conferences = attendances = 0
    for fact in facts:
        if fact.status != "held" or fact.kind != "study_conference" or fact.day not in period:
            continue
        conferences += bool(counts(fact.unit, fact.day))  # type: ignore[operator]
        attendances += fact.present if counts(fact.unit, fact.day) else 0  # type: ignore[operator]
        attendances += sum(present for code, present in fact.remote if counts(code, fact.day))  # type: ignore[operator]
    return conferences, attendances


days = st.dates(FIRST, date(2025, 12, 31))


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    day = draw(days)
    unit = draw(st.sampled_from([code for code in CODES if exists(code, day)]))
    mode = draw(st.sampled_from(["in_person", "online", "hybrid"]))
    others = [code for code in CODES if code != unit and exists(code, day)]
    remote = draw(st.lists(st.sampled_from(others), unique=True, max_size=3)) if mode != "in_person" else []
    return Fact(
        unit,
        day,
        draw(st.sampled_from(KINDS)),
        mode,
        draw(st.integers(0, 300)),
        tuple((code, draw(st.integers(0, 50))) for code in remote),
        draw(st.sampled_from(["held", "held", "held", "cancelled"])),
    )


def _number(values: object, code: str) -> int:
    return next(value.value for value in values if value.figure.code == code)  # type: ignore[attr-defined]


@pytest.mark.django_db
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    many=st.lists(facts(), min_size=1, max_size=25),
    edges=st.tuples(days, days),
    top=st.sampled_from(["TW", "P1", "D1", "D2", "X2", "G1"]),
)
def test_figures_equal_an_independent_count(
    planted: dict[str, OrgUnit], many: list[Fact], edges: tuple[date, date], top: str
) -> None:
    StudySession.objects.all().delete()
    StudyTotal.objects.all().delete()
    for fact in many:
        _record(fact, planted)
    refresh(
        STUDY, {(point.org_unit_id, point.session.held_on) for point in SessionPoint.objects.select_related("session")}
    )
    assert check(STUDY).different == ()
    period = Period(min(edges), max(edges))
    unit = planted[top]

    asked = Asked(unit, period, Reading.THEN)
    then = figures_of(asked)
    expected = _naive(many, period, lambda code, day: top in path(code, day))
    assert (_number(then, "study.sessions"), _number(then, "study.attendances")) == expected
    _rows_and_lists_add_up(asked, expected)

    if exists(top, today()):
        asked = Asked(unit, period, Reading.TODAY)
        now = figures_of(asked)
        expected = _naive(many, period, lambda code, day: top in path(HOMES.get(code, code), today()))
        assert (_number(now, "study.sessions"), _number(now, "study.attendances")) == expected
        _rows_and_lists_add_up(asked, expected)


def _rows_and_lists_add_up(asked: Asked, expected: tuple[int, int]) -> None:
    for rows in (rows_by_unit(asked), rows_by_month(asked)):
        for code, total in zip(("study.sessions", "study.attendances"), expected, strict=True):
            assert sum(_number(row.values, code) for row in rows) == total
    for code, total in zip(("study.sessions", "study.attendances"), expected, strict=True):
        found = behind(asked, figure_by_code(code), limit=1000)
        assert found.total == total == sum(amount for _, amount in found.lines)
        assert found.count == len(found.lines)
    additive = [figure for figure in all_figures() if isinstance(figure.count, Additive)]
    values = figures_of(asked)
    for figure in additive:
        parts = [_number(values, part.code) for part in additive if part.parent == figure.code]
        assert not parts or sum(parts) == _number(values, figure.code)


@pytest.fixture
def planted(db: None) -> Iterator[dict[str, OrgUnit]]:
    yield plant()


def test_a_divided_unit_is_a_line_of_its_own_today(planted: dict[str, OrgUnit]) -> None:
    day = date(2023, 3, 3)
    for code in ("D1", "G3", "P2", "D2", "P1"):
        _record(Fact(code, day, "study_conference", "in_person", 1, (), "held"), planted)
    rebuild(STUDY)
    rows = {row.key: row for row in rows_by_unit(Asked(planted["P1"], Period(day, day), Reading.TODAY))}
    counted = {key: _number(row.values, "study.sessions") for key, row in rows.items()}
    # P2 merged into P1 counts as P1's own; G3, dissolved inside D1, joins D1's line; D2 went whole to X2.
    assert counted == {"P1": 2, "D1": 2, "X1": 0, "X2": 1, "B1": 0}
    assert [key for key, row in rows.items() if row.divided] == ["D1"]


def test_own_figures_count_the_unit_and_its_boards_only(planted: dict[str, OrgUnit]) -> None:
    day = date(2023, 3, 3)
    for code in ("P1", "B1", "D1", "G1"):
        _record(Fact(code, day, "review_conference", "in_person", 1, (), "held"), planted)
    rebuild(STUDY)
    for reading in Reading:
        values = figures_of(Asked(planted["P1"], Period(day, day), reading))
        assert _number(values, "study.review_conferences") == 2
        assert _number(values, "study.sessions") == 0


def test_the_cache_gives_what_the_records_give(planted: dict[str, OrgUnit]) -> None:
    for number in range(60):
        day = FIRST + timedelta(days=number * 23)
        code = next(one for one in ("G1", "G2", "D2", "P1") if exists(one, day))
        _record(Fact(code, day, "study_conference", "in_person", number, (), "held"), planted)
    rebuild(STUDY)
    asked = Asked(planted["TW"], Period(date(2022, 2, 10), date(2025, 11, 20)))
    member = member_sql(Reading.THEN, Scope.BELOW, by_unit=True)
    assert sums(STUDY, member, asked.parameters) == sums(STUDY, member, asked.parameters, from_records=True)


def test_check_finds_one_changed_digit(planted: dict[str, OrgUnit]) -> None:
    _record(Fact("G1", date(2023, 3, 3), "study_conference", "in_person", 5, (), "held"), planted)
    rebuild(STUDY)
    assert check(STUDY).compared == 2  # its quarter and its month
    StudyTotal.objects.filter(grain="M").update(attendances=6)
    found = check(STUDY)
    assert found.different == ((planted["G1"].pk, "M", date(2023, 3, 1)),)
