"""Sessions from plan to cancellation: what is recorded, what counts, what is refused."""

from datetime import date, timedelta

import pytest

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.core.signed_papers import SignedPaper
from langsen.registers.study.models import StudySession, StudyTotal
from langsen.registers.study.services import points, sessions
from langsen.registers.study.services.sessions import SessionFacts
from tests.factories import make_person, make_session, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2023, 5, 17)
FACTS = SessionFacts(kind="study_conference", title="Hội nghị học tập", held_on=DAY)


def conferences() -> int:
    """The cached number of conferences held, all units and quarters together."""
    return sum(StudyTotal.objects.filter(grain="Q").values_list("conferences", flat=True))


def test_a_planned_session_counts_only_once_it_is_held_and_not_when_cancelled() -> None:
    unit = make_unit("HB")
    by = make_user(Role.CELL_SECRETARY, unit)
    session = sessions.plan_session(unit, FACTS, by=by)
    assert conferences() == 0
    sessions.hold_session(session, by=by, present={"members": 20})
    assert conferences() == 1
    sessions.cancel_session(session, reason="Nhập nhầm", by=by)
    assert conferences() == 0
    restored = sessions.restore_session(session, by=by)
    assert (conferences(), restored.status, restored.cancel_reason) == (1, "held", "")
    assert [event.verb for event in history_of(session)] == [
        "session.restored",
        "session.cancelled",
        "session.held",
        "session.planned",
    ]


def test_moving_the_day_across_quarters_refreshes_both() -> None:
    unit = make_unit("HB")
    by = make_user(Role.CELL_SECRETARY, unit)
    session = sessions.record_session(unit, FACTS, by=by, present={"members": 20})
    sessions.change_session(
        session, SessionFacts(kind="study_conference", title="Hội nghị học tập", held_on=date(2023, 7, 1)), by=by
    )
    rows = StudyTotal.objects.filter(grain="Q").exclude(conferences=0)
    assert [(row.starts_on, row.conferences, row.attendances) for row in rows] == [(date(2023, 7, 1), 1, 20)]


def test_a_retry_of_a_finished_step_is_told_and_changes_nothing() -> None:
    unit = make_unit("HB")
    by = make_user(Role.CELL_SECRETARY, unit)
    session = sessions.record_session(unit, FACTS, by=by)
    with pytest.raises(Conflict):
        sessions.hold_session(session, by=by)
    with pytest.raises(Conflict):
        sessions.restore_session(session, by=by)
    sessions.cancel_session(session, reason="Hoãn", by=by)
    for again in (
        lambda: sessions.cancel_session(session, reason="Hoãn", by=by),
        lambda: sessions.change_session(session, FACTS, by=by),
        lambda: points.set_head_count(session.points.get(), {"members": 3}, by=by),
    ):
        with pytest.raises(Conflict):
            again()
    assert session.points.get().present == 0


def test_two_people_editing_the_second_is_told_and_nothing_is_overwritten() -> None:
    unit = make_unit("HB")
    by = make_user(Role.CELL_SECRETARY, unit)
    session = sessions.record_session(unit, FACTS, by=by)
    seen = StudySession.objects.get(pk=session.pk).changed_at
    first = SessionFacts(kind="study_conference", title="Người thứ nhất", held_on=DAY)
    second = SessionFacts(kind="study_conference", title="Người thứ hai", held_on=DAY)
    sessions.change_session(session, first, by=by, seen=seen)
    with pytest.raises(Conflict):
        sessions.change_session(session, second, by=by, seen=seen)
    session.refresh_from_db()
    assert session.title == "Người thứ nhất"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": today() + timedelta(days=1)}, "held_on"),
        ({"held_on": date(1944, 1, 1)}, "held_on"),
        ({"last_on": DAY - timedelta(days=1)}, "last_on"),
        ({"last_on": DAY + timedelta(days=60)}, "last_on"),
        ({"title": "x" * 301}, "title"),
        ({"title": "\x00 \u200b".replace("\u200b", "")}, "title"),
        ({"kind": "review_conference"}, "review_kind"),
        ({"review_kind": "final"}, "review_kind"),
        ({"mode": "by_pigeon"}, "mode"),
        ({"minutes": "x" * 20001}, "minutes"),
        ({"paper": SignedPaper("12-QĐ/ĐU", None, "")}, "signed_on"),
        ({"paper": SignedPaper("12-QĐ/ĐU", today() + timedelta(days=1), "Lò Văn An")}, "signed_on"),
    ],
)
def test_bad_facts_are_refused_at_their_field(change: dict[str, object], field: str) -> None:
    unit = make_unit("HB")
    facts = SessionFacts(**({"kind": "study_conference", "title": "Học tập", "held_on": DAY} | change))  # type: ignore[arg-type]
    with pytest.raises(BadInput) as caught:
        sessions.record_session(unit, facts, by=make_user(Role.CELL_SECRETARY, unit))
    assert field in caught.value.fields
    assert not StudySession.objects.exists()


def test_a_unit_that_had_ended_names_its_days_and_its_home() -> None:
    root = make_unit("XA", "grassroots_committee", name="Đảng ủy xã Bản Mới")
    unit = make_unit("HB", "cell", parent=root, last_on=date(2023, 4, 30), name="Chi bộ Hoa Ban")
    with pytest.raises(BadInput) as caught:
        sessions.record_session(unit, FACTS, by=system_user())
    message = str(caught.value.message)
    assert "30/4/2023" in message
    assert "Đảng ủy xã Bản Mới" in message
    early = SessionFacts(kind="study_conference", title="Học tập", held_on=date(2019, 5, 1))
    with pytest.raises(BadInput, match="1/1/2020"):
        sessions.record_session(unit, early, by=system_user())


@pytest.mark.parametrize("number", [-1, 100_001, 2**40])
def test_numbers_that_cannot_be_are_refused(number: int) -> None:
    unit = make_unit("HB")
    with pytest.raises(BadInput) as caught:
        sessions.record_session(unit, FACTS, by=system_user(), present={"members": number})
    assert "present_members" in caught.value.fields
    assert not StudySession.objects.exists()


def test_remote_points_belong_to_online_sessions_and_a_unit_sits_once() -> None:
    unit, remote = make_unit("HB"), make_unit("BM")
    by = system_user()
    session = sessions.record_session(unit, FACTS, by=by)
    with pytest.raises(BadInput):
        points.add_point(session, remote, by=by)
    online = SessionFacts(kind="study_conference", title="Học tập", held_on=DAY, mode="online")
    sessions.change_session(session, online, by=by)
    point = points.add_point(session, remote, by=by, invited=40)
    for twice in (remote, unit):
        with pytest.raises(BadInput):
            points.add_point(session, twice, by=by)
    with pytest.raises(BadInput):
        sessions.change_session(session, FACTS, by=by)
    points.set_head_count(point, {"members": 5}, by=by)
    with pytest.raises(Conflict):
        points.remove_point(point, by=by)
    points.set_head_count(point, {}, by=by)
    points.remove_point(point, by=by)
    assert session.points.count() == 1


def test_the_unit_of_a_point_edits_its_own_point_only() -> None:
    unit, remote = make_unit("HB"), make_unit("BM")
    session = make_session(unit, mode="hybrid")
    point = points.add_point(session, remote, by=system_user())
    guest = make_user(Role.CELL_SECRETARY, remote)
    points.set_head_count(point, {"members": 7}, by=guest)
    main = session.points.get(is_main=True)
    with pytest.raises(NotAllowed):
        points.set_head_count(main, {"members": 7}, by=guest)
    with pytest.raises(NotAllowed):
        sessions.cancel_session(session, reason="Hoãn", by=guest)
    with pytest.raises(NotAllowed):
        points.remove_point(point, by=guest)


def test_entry_for_somebody_else_is_marked() -> None:
    commune = make_unit("XA", "grassroots_committee")
    cell = make_unit("HB", parent=commune)
    own = sessions.record_session(cell, FACTS, by=make_user(Role.CELL_DEPUTY, cell))
    other = sessions.record_session(cell, FACTS, by=make_user(Role.COMMUNE_OFFICER, commune))
    assert (own.entered_for_other, other.entered_for_other) == (False, True)


def test_more_members_than_the_roll_is_a_warning_that_stands_with_a_reason() -> None:
    unit = make_unit("HB")
    make_person(unit)
    by = make_user(Role.CELL_SECRETARY, unit)
    with pytest.raises(points.AboveRoll) as caught:
        sessions.record_session(unit, FACTS, by=by, present={"members": 2})
    assert "above_roll_reason" in caught.value.fields
    session = sessions.record_session(
        unit, FACTS, by=by, present={"members": 2, "public": 30}, above_roll_reason="Đảng viên chi bộ bạn cùng dự"
    )
    assert session.points.get().present == 32
    assert StudySession.objects.get(pk=session.pk).above_roll_reason == "Đảng viên chi bộ bạn cùng dự"
