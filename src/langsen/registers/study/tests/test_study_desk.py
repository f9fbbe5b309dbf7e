"""What the register offers the house: work waiting, what is held about a person, following the tree, scope."""

from datetime import date, timedelta

import pytest

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.services import merge_units
from langsen.registers.kit.queries import THEN
from langsen.registers.study.bulk import NewPoint
from langsen.registers.study.models import StudySession
from langsen.registers.study.queries.desk import held_about, open_cases, todos_for
from langsen.registers.study.queries.sessions import Filters, session_for, sessions_for
from langsen.registers.study.services import points, sessions
from langsen.registers.study.services.sessions import SessionFacts
from tests.factories import make_person, make_session, make_theme, make_unit, make_user

pytestmark = pytest.mark.django_db


def plan(unit: OrgUnit, day: date, mode: str = "in_person") -> StudySession:
    facts = SessionFacts(kind="thematic_meeting", title="Sinh hoạt chuyên đề", held_on=day, mode=mode)
    return sessions.plan_session(unit, facts, by=system_user())


def merge(units: list[OrgUnit], into: OrgUnit, day: date) -> None:
    decision = Decision("7-QĐ/ĐU", day - timedelta(days=9))
    merge_units(units, successor=into, effective_on=day, decision=decision, by=system_user())


def test_the_desk_asks_to_confirm_to_count_and_to_make_up() -> None:
    cell = make_unit("C1")
    user = make_user(Role.CELL_SECRETARY, cell)
    make_person(cell)
    make_theme(cell, from_on=today() - timedelta(days=30))
    plan(cell, today())
    plan(cell, today() + timedelta(days=9))
    make_session(cell, today() - timedelta(days=2), points=[])
    make_session(cell, today() - timedelta(days=300), points=[])
    found = todos_for(user)
    assert [todo.due_on for todo in found] == [today() - timedelta(days=2), today(), None]
    assert todos_for(make_user(Role.VIEWER, cell)) == []


def test_published_units_are_asked_for_nothing() -> None:
    unit = make_unit("LCH", "province", is_published=True)
    make_person(unit)
    make_theme(unit, from_on=today() - timedelta(days=30))
    make_session(unit, today() - timedelta(days=2), points=[])
    assert todos_for(make_user(Role.PROVINCE_OFFICER, unit)) == []


def test_what_is_held_about_a_person_names_held_sessions_only() -> None:
    cell = make_unit("C1")
    person = make_person(cell)
    point = [NewPoint(cell, roll=[(person, "members")], is_main=True)]
    kept = make_session(cell, points=point)
    sessions.cancel_session(make_session(cell, points=point), reason="Hoãn", by=system_user())
    assert [(row.href, row.on) for row in held_about(person)] == [(kept.get_absolute_url(), date(2023, 5, 17))]


def test_planned_sessions_follow_their_unit_to_its_heir_and_held_ones_stay() -> None:
    party = make_unit("DB", "grassroots_committee")
    old, heir = make_unit("C1", parent=party), make_unit("C2", parent=party)
    day = today() + timedelta(days=5)
    ahead, before = plan(old, day + timedelta(days=1)), plan(old, day - timedelta(days=1))
    held = make_session(old)
    online = plan(party, day, "online")
    points.add_points(online, [old, heir], by=system_user())
    assert {case.href for case in open_cases([old.pk], day)} == {ahead.get_absolute_url()}
    merge([old], heir, day)
    units = {s.pk: s.org_unit for s in StudySession.objects.select_related("org_unit")}
    assert (units[ahead.pk], units[before.pk], units[held.pk]) == (heir, old, old)
    assert ahead.points.get().org_unit == heir
    assert [point.org_unit for point in online.points.filter(is_main=False)] == [heir]


def test_heirs_see_the_records_of_their_predecessors_and_both_readings_find_them() -> None:
    party = make_unit("DB", "grassroots_committee")
    old, heir = make_unit("C1", parent=party), make_unit("C2", parent=party)
    session = make_session(old)
    merge([old], heir, today() - timedelta(days=1))
    user = make_user(Role.CELL_SECRETARY, heir)
    old.refresh_from_db()
    assert session_for(user, session.pk) == session
    assert list(sessions_for(user, Filters(unit=heir))) == [session]
    assert list(sessions_for(user, Filters(unit=heir, tree=THEN))) == []
    assert list(sessions_for(user, Filters(unit=old))) == [session]


def test_a_unit_sees_the_sessions_it_sat_at_and_no_others() -> None:
    party = make_unit("DB", "grassroots_committee")
    cell, other = make_unit("C1", parent=party), make_unit("C2", parent=party)
    shared = make_session(party, mode="hybrid", points=[NewPoint(cell, {"members": 3})])
    make_session(party)
    make_session(other)
    user = make_user(Role.CELL_SECRETARY, cell)
    assert list(sessions_for(user)) == [shared]
    assert list(sessions_for(user, Filters(text="HOI NGHI hoc tap"))) == [shared]
    assert list(sessions_for(user, Filters(text="hội chợ"))) == []
