"""The invented store of `make bench` in small: its shape, and that both sides of the measurements say the same."""

from datetime import date

import pytest
from django.db.models import Count

from bench import hand
from bench.rollup import same_numbers
from bench.table import Table
from bench.world import roster, sessions, tree
from bench.world.shape import NATION, PROVINCE, TINY
from langsen.foundation.core.periods import Period
from langsen.foundation.figures.cache import check, rebuild
from langsen.foundation.figures.catalogue import figure_by_code
from langsen.foundation.figures.engine import Asked, figures_of
from langsen.foundation.orgs.models import OrgClosure, OrgHome, OrgUnit
from langsen.foundation.orgs.queries import unit_by_code
from langsen.foundation.people.models import Membership
from langsen.registers.study.figures import STUDY
from langsen.registers.study.models import Attendance, SessionPoint, StudySession

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> None:
    tree.plant(TINY)
    roster.enrol(TINY)
    sessions.fill(TINY)
    rebuild(STUDY)


def test_the_sizes_are_those_of_the_country() -> None:
    assert (NATION.provinces, NATION.communes, NATION.cells) == (34, 3_321, 60_000)
    assert PROVINCE.units == 10_000


@pytest.mark.usefixtures("store")
def test_every_unit_and_habit_is_there() -> None:
    assert OrgUnit.objects.count() == TINY.units == OrgHome.objects.count()
    assert OrgClosure.objects.filter(ancestor__code="TW", during__endswith=None).count() == TINY.units
    kinds = set(StudySession.objects.values_list("kind", flat=True))
    assert {"regular_meeting", "thematic_meeting", "study_conference", "historic_trip"} <= kinds
    without_main = StudySession.objects.exclude(points__is_main=True)
    assert not without_main.exists()
    assert SessionPoint.objects.filter(is_main=False, session__mode="hybrid").exists()
    order = list(StudySession.objects.order_by("id").values_list("held_on", flat=True))
    assert order == sorted(order)
    assert order[0] >= TINY.first and order[-1] <= TINY.last


@pytest.mark.usefixtures("store")
def test_rolls_name_members_of_the_unit_and_give_the_numbers() -> None:
    assert Attendance.objects.exists()
    for row in Attendance.objects.all():
        assert Membership.objects.filter(person=row.person_id, org_unit=row.org_unit_id).exists()
    counted = Attendance.objects.values("point").annotate(people=Count("id")).values_list("point", "people")
    for point, people in counted:
        assert SessionPoint.objects.get(pk=point).present_members == people


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "period", [Period(date(2021, 7, 1), date(2021, 9, 30)), Period(date(2021, 5, 18), date(2021, 11, 17))]
)
def test_the_program_and_the_queries_by_hand_say_the_same(period: Period) -> None:
    assert check(STUDY).different == ()
    same_numbers(period)
    asked = Asked(unit_by_code("T1"), period, figures=(figure_by_code("study.participants"),))
    for sql in hand.COUNTS.values():
        assert hand.rows(sql, asked.parameters)[0][0] == figures_of(asked)[0].value


def test_a_limit_that_is_not_kept_is_said() -> None:
    table = Table()
    table.hold("slow", 0.5, most=0.3, against="the other")
    table.hold("well", 0.8, least=0.75, against="the other")
    assert [row.kept for row in table.rows] == [False, True]
    assert "**no**" in table.text()
