"""Who is obliged, who has studied, who still has to: rows 3, 4, 9 and 13, counted as distinct people and units."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import Period, year
from langsen.foundation.figures.catalogue import Ratio, all_figures, figure_by_code
from langsen.foundation.figures.drill import behind
from langsen.foundation.figures.engine import Asked, Value, figures_of
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.bulk import NewPerson, enrol_people
from langsen.foundation.people.models import Exemption, Membership, Person
from langsen.registers.programmes.models import Programme, Theme
from langsen.registers.study.bulk import NewPoint, NewSession, record_sessions
from langsen.registers.study.models import Attendance, StudySession
from langsen.registers.study.queries import participation
from tests.examples import examples
from tests.factories import make_tree

DAY = date(2023, 3, 3)
YEAR = year(2023)


@pytest.fixture
def cells(db) -> dict[str, OrgUnit]:
    return make_tree(
        TW=("central", None),
        T1=("province", "TW"),
        G1=("grassroots_committee", "T1"),
        C1=("cell", "G1"),
        C2=("cell", "G1"),
    )


def make_theme(
    unit: OrgUnit, code: str = "cd-2023", kind: str = "annual", classes: tuple[str, ...] = ("full_member",)
) -> Theme:
    return Theme.objects.create(
        code=code,
        name_vi=code,
        name_en=code,
        programme=Programme.objects.get(code="kl-01"),
        org_unit=unit,
        kind=kind,
        during=DateRange(date(2023, 1, 1), date(2024, 1, 1)),
        obliged_classes=list(classes),
        source="thử",
    )


def make_people(unit: OrgUnit, count: int, person_class: str = "full_member") -> list[Person]:
    rows = [NewPerson(f"Lò Văn {unit.code} {number}", unit, person_class, date(2021, 1, 1)) for number in range(count)]
    return enrol_people(rows, by=system_user())


def hold(
    unit: OrgUnit, people: list[Person], *, theme: Theme | None = None, day: date = DAY, kind: str = "study_conference"
) -> StudySession:
    point = NewPoint(unit, {"members": len(people)}, is_main=True, roll=[(person, "members") for person in people])
    row = NewSession(unit, kind, "Học chuyên đề", day, [point], themes=[theme] if theme else [])
    return record_sessions([row], by=system_user())[0]


def value(unit: OrgUnit, code: str, period: Period = YEAR, theme: Theme | None = None) -> Value:
    asked = Asked(unit, period, Reading.THEN, theme.pk if theme else None, figures=(figure_by_code(code),))
    return figures_of(asked)[0]


def test_people_are_counted_once_however_often_they_study(cells) -> None:
    people = make_people(cells["C1"], 3)
    theme = make_theme(cells["T1"])
    hold(cells["C1"], people, theme=theme)
    hold(cells["C1"], people[:2], theme=theme, day=date(2023, 5, 5))
    assert value(cells["T1"], "study.attendances").value == 5
    assert value(cells["T1"], "study.participants").value == 3


def test_the_rate_has_its_base_and_make_up_study_fills_it(cells) -> None:
    people = make_people(cells["C1"], 4) + make_people(cells["C2"], 1)
    make_people(cells["C2"], 2, "civil_servant")  # not of a class the theme obliges
    theme = make_theme(cells["T1"])
    session = hold(cells["C1"], people[:3], theme=theme)
    rate = value(cells["T1"], "study.participation_rate")
    assert (rate.numerator, rate.denominator, rate.value) == (3, 5, 0.6)
    assert value(cells["T1"], "study.make_up_pending").value == 2
    point = session.points.get()
    for person in people[3:]:
        Attendance.objects.create(
            session=session,
            point=point,
            org_unit=point.org_unit,
            person=person,
            attendance_class="members",
            source="make_up",
            studied_on=date(2023, 6, 1),
            recorded_by=system_user(),
        )
    assert value(cells["T1"], "study.participation_rate").value == 1
    assert value(cells["T1"], "study.make_up_pending").value == 0
    assert value(cells["T1"], "study.attendances").value == 3  # make-up study counts people, not attendances
    assert value(cells["T1"], "study.make_up_pending", Period(YEAR.first, date(2023, 5, 31))).value == 2


def test_exempt_people_leave_the_base_while_they_are_exempt(cells) -> None:
    people = make_people(cells["C1"], 2)
    make_theme(cells["T1"])
    Exemption.objects.create(
        person=people[0], org_unit=cells["C1"], reason="age", during=DateRange(date(2023, 6, 1), date(2024, 1, 1))
    )
    assert value(cells["T1"], "study.participation_rate", Period(YEAR.first, date(2023, 5, 31))).denominator == 2
    assert value(cells["T1"], "study.participation_rate").denominator == 1


def test_a_theme_obliges_only_below_its_issuer_and_only_in_its_days(cells) -> None:
    make_people(cells["C1"], 2)
    make_people(cells["C2"], 3)
    make_theme(cells["C2"])
    assert value(cells["T1"], "study.participation_rate").denominator == 3
    assert value(cells["T1"], "study.participation_rate", year(2024)).denominator == 0
    assert value(cells["T1"], "study.participation_rate", year(2024)).value is None


def test_only_study_of_that_theme_counts_for_it(cells) -> None:
    people = make_people(cells["C1"], 2)
    first, second = make_theme(cells["T1"], "a"), make_theme(cells["T1"], "b")
    hold(cells["C1"], people, theme=first)
    assert value(cells["T1"], "study.participation_rate", theme=first).value == 1
    assert value(cells["T1"], "study.participation_rate", theme=second).value == 0
    assert value(cells["T1"], "study.sessions", theme=second).value == 0
    # Without a theme chosen: studied one of two, so nobody counts as not having studied at all, but both wait for b.
    assert value(cells["T1"], "study.participation_rate").value == 1
    assert value(cells["T1"], "study.make_up_pending").value == 2


def test_a_person_of_two_units_counts_once_above_both(cells) -> None:
    person = make_people(cells["C1"], 1)[0]
    Membership.objects.create(
        person=person, org_unit=cells["C2"], person_class="full_member", during=DateRange(date(2021, 1, 1), None)
    )
    make_theme(cells["T1"])
    assert value(cells["T1"], "study.participation_rate").denominator == 1
    assert value(cells["C1"], "study.participation_rate").denominator == 1
    assert value(cells["C2"], "study.participation_rate").denominator == 1


def test_cells_with_a_thematic_meeting(cells) -> None:
    hold(cells["C1"], [], kind="thematic_meeting")
    hold(cells["G1"], [], kind="thematic_meeting")  # a grassroots committee is no cell
    rate = value(cells["T1"], "study.cells_thematic_rate")
    assert (rate.numerator, rate.denominator) == (1, 2)
    assert value(cells["T1"], "study.thematic_meetings").value == 2


def test_a_cancelled_session_counts_nowhere(cells) -> None:
    people = make_people(cells["C1"], 2)
    theme = make_theme(cells["T1"])
    session = hold(cells["C1"], people, theme=theme)
    StudySession.objects.filter(pk=session.pk).update(status="cancelled")
    assert value(cells["T1"], "study.participants").value == 0
    assert value(cells["T1"], "study.participation_rate").numerator == 0
    assert value(cells["T1"], "study.make_up_pending").value == 2


@pytest.mark.django_db
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    attended=st.lists(st.tuples(st.integers(0, 5), st.dates(date(2022, 6, 1), date(2024, 6, 1))), max_size=12),
    exempt=st.sets(st.integers(0, 5), max_size=3),
    last=st.dates(date(2023, 1, 1), date(2023, 12, 31)),
)
def test_a_numerator_is_a_subset_of_its_base(cells, attended, exempt, last) -> None:
    for model in (Attendance, StudySession, Exemption, Membership, Person, Theme):
        model.objects.all().delete()
    people = make_people(cells["C1"], 3) + make_people(cells["C2"], 3)
    theme = make_theme(cells["T1"])
    for number, day in attended:
        hold(cells["C1" if number < 3 else "C2"], [people[number]], theme=theme, day=day, kind="thematic_meeting")
    for number in exempt:
        Exemption.objects.create(
            person=people[number], org_unit=cells["C1"], reason="health", during=DateRange(date(2023, 2, 1), None)
        )
    asked = Asked(cells["T1"], Period(date(2023, 1, 1), last))
    for figure in all_figures():
        if isinstance(figure.count, Ratio):
            base = {line.label for line, _ in behind(asked, figure, part="denominator").lines}
            part = {line.label for line, _ in behind(asked, figure).lines}
            assert part <= base


def test_how_far_a_theme_has_come_is_the_same_person_by_person_and_read_whole(cells, monkeypatch) -> None:
    people = make_people(cells["C1"], 4) + make_people(cells["C2"], 1)
    theme = make_theme(cells["T1"])
    hold(cells["C1"], people[:3], theme=theme)
    one_by_one = [participation.participation_in(cells["T1"], theme, DAY)]
    one_by_one += participation.participation_below(cells["G1"], theme, DAY)
    assert [(row.obliged, row.studied) for row in one_by_one] == [(5, 3), (4, 3), (1, 0)]
    monkeypatch.setattr(participation, "FEW_UNITS", 0)
    whole = [participation.participation_in(cells["T1"], theme, DAY)]
    whole += participation.participation_below(cells["G1"], theme, DAY)
    assert whole == one_by_one
