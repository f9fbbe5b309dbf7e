"""Rolls, confirmation by code and make-up study: every person once, whoever is exempt left out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.people.models import Exemption, Membership
from langsen.registers.study.models import Attendance, Excuse, SessionPoint, StudySession
from langsen.registers.study.queries.desk import held_about
from langsen.registers.study.queries.participation import participation_in, pending_make_up
from langsen.registers.study.queries.roster import roster_of
from langsen.registers.study.services import attendance, points
from tests.factories import FIRST_DAY, make_person, make_session, make_theme, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2023, 5, 17)


def named(session: StudySession) -> set[str]:
    return set(session.attendances.values_list("person__full_name", flat=True))


def fresh(point: SessionPoint) -> SessionPoint:
    return SessionPoint.objects.get(pk=point.pk)


def test_everybody_but_the_absent_and_the_exempt_is_present() -> None:
    unit = make_unit("HB")
    an, binh, cuong = (make_person(unit, name) for name in ("Lò Văn An", "Vàng A Bình", "Trần Thị Cúc"))
    make_person(unit, "Cư dân Một", "public")
    Exemption.objects.create(person=cuong, org_unit=unit, reason="age", during=DateRange(FIRST_DAY, None))
    session = make_session(unit, kind="thematic_meeting", points=[])
    point = session.points.get()
    assert [(row.full_name, bool(row.exempt)) for row in roster_of(point)] == [
        ("Lò Văn An", False),
        ("Vàng A Bình", False),
        ("Trần Thị Cúc", True),
    ]
    points.set_roll(point, absent={binh.pk}, extra={"public": 4}, by=system_user())
    assert named(session) == {"Lò Văn An"}
    assert (fresh(point).present_members, fresh(point).present_public) == (1, 4)
    points.set_roll(point, absent={an.pk}, came={cuong.pk}, by=system_user())
    assert named(session) == {"Vàng A Bình", "Trần Thị Cúc"}
    assert (fresh(point).present_members, fresh(point).present_public) == (2, 0)


def test_a_person_of_several_classes_counts_in_the_first_listed() -> None:
    unit = make_unit("HB")
    other = make_unit("HC")
    person = make_person(unit, "Lò Văn An", "civil_servant")
    Membership.objects.create(
        person=person, org_unit=other, person_class="full_member", during=DateRange(FIRST_DAY, None)
    )
    session = make_session(unit, points=[])
    points.set_roll(session.points.get(), absent=(), by=system_user())
    assert session.attendances.get().attendance_class == "members"


def test_the_main_point_leaves_out_those_who_sit_at_a_remote_point() -> None:
    party = make_unit("DB", "grassroots_committee")
    near, far = make_unit("C1", parent=party), make_unit("C2", parent=party)
    make_person(near, "Lò Văn An")
    make_person(far, "Vàng A Bình")
    session = make_session(party, mode="hybrid", points=[])
    point = points.add_point(session, far, by=system_user())
    main = session.points.get(is_main=True)
    assert [row.full_name for row in roster_of(main)] == ["Lò Văn An"]
    assert [row.full_name for row in roster_of(point)] == ["Vàng A Bình"]


def test_a_roll_without_roster_asks_for_numbers() -> None:
    session = make_session(make_unit("HB"), points=[])
    with pytest.raises(BadInput):
        points.set_roll(session.points.get(), absent=(), by=system_user())


def test_confirming_twice_or_at_two_points_counts_once() -> None:
    unit, remote = make_unit("HB"), make_unit("BM")
    user = make_user(Role.MEMBER, unit)
    make_person(unit, "Lò Văn An", user=user)
    session = make_session(unit, held_on=today(), mode="hybrid", points=[])
    first = attendance.open_check_in(session.points.get(), by=system_user())
    second = attendance.open_check_in(points.add_point(session, remote, by=system_user()), by=system_user())
    typed = f" {str(first.check_in_code).lower()[:4]}-{str(first.check_in_code).lower()[4:]} "
    once = attendance.confirm_presence(typed, by=user)
    assert attendance.confirm_presence(str(first.check_in_code), by=user) == once
    assert attendance.confirm_presence(str(second.check_in_code), by=user) == once
    assert (fresh(first).present_members, fresh(second).present) == (1, 0)
    assert Attendance.objects.count() == 1


def test_a_head_count_already_holds_whoever_confirms() -> None:
    unit = make_unit("HB")
    users = [make_user(Role.MEMBER, unit) for _ in range(2)]
    for user in users:
        make_person(unit, user=user)
    session = make_session(unit, held_on=today(), points=[])
    point = attendance.open_check_in(session.points.get(), by=system_user())
    points.set_head_count(point, {"members": 1}, by=system_user())
    for user, expected in zip(users, (1, 2), strict=True):
        attendance.confirm_presence(str(point.check_in_code), by=user)
        assert fresh(point).present_members == expected


def test_a_code_works_for_people_on_the_day_only() -> None:
    unit = make_unit("HB")
    session = make_session(unit, held_on=today() - timedelta(days=1), points=[])
    point = attendance.open_check_in(session.points.get(), by=system_user())
    with pytest.raises(BadInput):
        attendance.confirm_presence(str(point.check_in_code), by=make_user(Role.MEMBER, unit))
    StudySession.objects.filter(pk=session.pk).update(held_on=today())
    with pytest.raises(NotAllowed):
        attendance.confirm_presence(str(point.check_in_code), by=make_user(Role.MEMBER, unit))
    with pytest.raises(NotFound):
        attendance.confirm_presence("AAAA2222", by=make_user(Role.MEMBER, unit))


def test_make_up_until_nobody_is_left() -> None:
    unit = make_unit("HB")
    theme = make_theme(unit)
    by = make_user(Role.CELL_SECRETARY, unit)
    sat, late, exempt = (make_person(unit) for _ in range(3))
    make_person(unit, person_class="civil_servant")  # not obliged by this theme
    Exemption.objects.create(person=exempt, org_unit=unit, reason="health", during=DateRange(FIRST_DAY, None))
    session = make_session(unit, themes=[theme], points=[])
    points.set_roll(session.points.get(), absent={late.pk}, by=by)
    row = participation_in(unit, theme, today())
    assert (row.obliged, row.studied, row.pending) == (2, 1, 1)
    assert [m.person for m in pending_make_up(by, unit, theme, today())] == [late]
    assert attendance.record_make_up(session, [late.pk], DAY + timedelta(days=5), by=by) == 1
    assert attendance.record_make_up(session, [late.pk], DAY + timedelta(days=5), by=by) == 0
    assert participation_in(unit, theme, today()).pending == 0
    assert session.points.get().present_members == 1  # make-up adds a person, not an attendance
    attendance.withdraw_attendance(Attendance.objects.get(person=late), by=by)
    assert participation_in(unit, theme, today()).pending == 1
    with pytest.raises(Conflict):
        attendance.withdraw_attendance(Attendance.objects.get(person=sat), by=by)


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), today() + timedelta(days=1)])
def test_make_up_days_that_cannot_be(day: date) -> None:
    unit = make_unit("HB")
    session = make_session(unit)
    with pytest.raises(BadInput):
        attendance.record_make_up(session, [make_person(unit).pk], day, by=system_user())


def test_a_cell_records_make_up_of_its_own_people_for_a_conference_above() -> None:
    party = make_unit("DB", "grassroots_committee")
    mine, other = make_unit("C1", parent=party), make_unit("C2", parent=party)
    session = make_session(party)
    by = make_user(Role.CELL_SECRETARY, mine)
    assert attendance.record_make_up(session, [make_person(mine).pk], DAY, by=by) == 1
    with pytest.raises(NotAllowed):
        attendance.record_make_up(session, [make_person(other).pk], DAY, by=by)


def test_who_is_ticked_at_a_cell_meeting_is_recorded_whatever_the_class(client) -> None:
    unit = make_unit("NH")
    an, binh = make_person(unit, "Lò Văn An"), make_person(unit, "Vàng A Bình", "union_member")
    client.force_login(make_user(Role.CELL_DEPUTY, unit))
    page = client.get("/hoi-nghi/ghi-nhan/")
    assert [(row.full_name, tick) for row, tick in page.context["roll"]] == [
        ("Lò Văn An", True),
        ("Vàng A Bình", False),
    ]
    sent = {
        "kind": "regular_meeting",
        "held_on": f"{today():%d/%m/%Y}",
        "title": "Sinh hoạt tháng này",
        "listed": f"{an.pk},{binh.pk}",
        "present": [an.pk, binh.pk],
    }
    assert client.post("/hoi-nghi/ghi-nhan/", sent).status_code == 302
    session = StudySession.objects.get()
    assert named(session) == {"Lò Văn An", "Vàng A Bình"}
    point = session.points.get()
    assert (point.present_members, point.present_union_members, point.present) == (1, 1, 2)


@pytest.fixture
def earlier(client) -> dict[str, Any]:
    """A cell one of whose two members left yesterday while another came today, and what a phone sends of yesterday."""
    unit = make_unit("NK")
    yesterday = today() - timedelta(days=1)
    an, left, came = (make_person(unit, name) for name in ("Lò Văn An", "Vàng A Bình", "Trần Thị Cúc"))
    Membership.objects.filter(person=left).update(during=DateRange(FIRST_DAY, today()))  # the last day was yesterday
    Membership.objects.filter(person=came).update(during=DateRange(today(), None))
    client.force_login(make_user(Role.CELL_DEPUTY, unit))
    return {
        "kind": "regular_meeting",
        "held_on": f"{yesterday:%d/%m/%Y}",
        "listed_on": f"{today():%Y-%m-%d}",
        "title": "Hôm qua",
        "listed": f"{an.pk},{came.pk}",
        "present": [came.pk],
    }


def test_ticks_of_another_days_list_are_not_recorded_but_shown_on_the_right_one(client, earlier) -> None:
    refused = client.post("/hoi-nghi/ghi-nhan/", earlier)
    assert refused.status_code == 422
    assert not StudySession.objects.exists()
    assert [(row.full_name, tick) for row, tick in refused.context["roll"]] == [
        ("Lò Văn An", False),  # the tick taken away stays away
        ("Vàng A Bình", True),
    ]
    again = {
        "listed": refused.context["listed"],
        "present": [row.person_id for row, tick in refused.context["roll"] if tick],
    }
    assert client.post("/hoi-nghi/ghi-nhan/", earlier | again).status_code == 302
    assert named(StudySession.objects.get()) == {"Vàng A Bình"}


def test_the_button_brings_the_list_of_the_day_and_says_nothing_of_what_is_not_written_yet(client, earlier) -> None:
    page = client.post("/hoi-nghi/ghi-nhan/", earlier | {"relist": "1", "title": ""})
    assert page.status_code == 200
    assert {row.full_name for row, _tick in page.context["roll"]} == {"Lò Văn An", "Vàng A Bình"}
    assert not page.context["form"].errors
    assert page.context["form"]["held_on"].value() == earlier["held_on"]
    assert not StudySession.objects.exists()


@pytest.mark.parametrize("day", ["31/2/2026", "", "hôm kia", "1/1/0000"])
def test_a_day_that_is_none_keeps_the_list_as_it_was(client, earlier, day: str) -> None:
    page = client.post("/hoi-nghi/ghi-nhan/", earlier | {"relist": "1", "held_on": day})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["held_on"]
    assert {row.full_name for row, _tick in page.context["roll"]} == {"Lò Văn An", "Trần Thị Cúc"}


def test_a_day_before_the_unit_existed_asks_for_the_number_and_is_refused(client, earlier) -> None:
    page = client.post("/hoi-nghi/ghi-nhan/", earlier | {"relist": "1", "held_on": "1/1/1950"})
    assert page.context["roll"] == []
    assert client.post("/hoi-nghi/ghi-nhan/", earlier | {"held_on": "1/1/1950"}).status_code == 422
    assert not StudySession.objects.exists()


def excused(session: StudySession) -> set[str]:
    return set(Excuse.objects.filter(point__session=session).values_list("person__full_name", flat=True))


def test_absence_with_leave_is_kept_of_the_absent_only_and_goes_when_they_came() -> None:
    unit = make_unit("NP")
    an, binh, cuc = (make_person(unit, name) for name in ("Lò Văn An", "Vàng A Bình", "Trần Thị Cúc"))
    session = make_session(unit, kind="regular_meeting", points=[])
    point = session.points.get()
    chosen = {an.pk, binh.pk}
    points.set_roll(point, absent={binh.pk, cuc.pk}, came={an.pk}, excused=chosen, by=system_user())
    assert (named(session), excused(session)) == ({"Lò Văn An"}, {"Vàng A Bình"})
    attendance.record_make_up(session, [binh.pk], today(), by=system_user())
    points.set_roll(point, absent={binh.pk, cuc.pk}, came={an.pk}, excused=chosen, by=system_user())
    assert excused(session) == {"Vàng A Bình"}
    points.set_roll(point, absent={cuc.pk}, came={an.pk, binh.pk}, excused=chosen, by=system_user())
    assert (named(session), excused(session)) == ({"Lò Văn An", "Vàng A Bình"}, set())


def test_whoever_had_leave_and_came_after_all_confirms_it(client) -> None:
    unit = make_unit("NQ")
    user = make_user(Role.MEMBER, unit)
    person = make_person(unit, "Vàng A Bình", user=user)
    make_person(unit, "Lò Văn An")
    session = make_session(unit, today(), kind="regular_meeting", points=[])
    point = attendance.open_check_in(session.points.get(), by=system_user())
    points.set_roll(point, absent={person.pk}, excused={person.pk}, by=system_user())
    assert excused(session) == {"Vàng A Bình"}
    attendance.confirm_presence(point.check_in_code, by=user)
    assert excused(session) == set()


def test_the_phone_form_says_who_had_leave_and_the_meeting_shows_it_to_those_who_read_the_roster(client) -> None:
    unit = make_unit("NR")
    an, binh, cuc = (make_person(unit, name) for name in ("Lò Văn An", "Vàng A Bình", "Trần Thị Cúc"))
    client.force_login(make_user(Role.CELL_DEPUTY, unit))
    sent = {
        "kind": "regular_meeting",
        "held_on": f"{today():%d/%m/%Y}",
        "title": "Sinh hoạt",
        "listed": f"{an.pk},{binh.pk},{cuc.pk}",
        "present": [an.pk],
        "excused": [an.pk, binh.pk, 999999],
    }
    assert client.post("/hoi-nghi/ghi-nhan/", sent).status_code == 302
    session = StudySession.objects.get()
    assert excused(session) == {"Vàng A Bình"}
    shown = client.get(session.get_absolute_url()).content.decode()
    assert "Vắng có phép" in shown
    assert "Vàng A Bình" in shown
    roll = client.get(f"/diem-cau/{session.points.get().pk}/danh-sach/")
    assert roll.context["roll_excused"] == {binh.pk}
    client.force_login(make_user(Role.VIEWER, unit))
    assert "Vàng A Bình" not in client.get(session.get_absolute_url()).content.decode()
    (held,) = held_about(binh)
    assert (held.title, held.text) == ("Sinh hoạt", "Vắng có phép")
