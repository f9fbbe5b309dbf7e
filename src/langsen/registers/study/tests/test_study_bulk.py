"""Recording many sessions at once."""

from datetime import date, timedelta

import pytest

from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.periods import today
from langsen.registers.study.bulk import NewPoint, NewSession, record_sessions
from langsen.registers.study.enums import CountedBy
from langsen.registers.study.models import Attendance, SessionPoint, StudySession
from tests.factories import make_person, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2023, 5, 17)


def test_records_sessions_points_rolls_and_make_up_in_order() -> None:
    unit, remote = make_unit("HB-1"), make_unit("HB-2")
    sat, late = make_person(unit), make_person(unit)
    first, second = record_sessions(
        [
            NewSession(unit, "study_conference", "Học tập  chuyên đề", DAY, [NewPoint(unit, {"members": 30}, True)]),
            NewSession(
                unit,
                "study_conference",
                "Hội nghị trực tuyến",
                DAY,
                [
                    NewPoint(unit, {"members": 3}, True, roll=[(sat, "members")]),
                    NewPoint(remote, {"public": 20}, invited=25),
                ],
                mode="hybrid",
                make_up=[(late, "members", DAY + timedelta(days=3))],
            ),
        ],
        by=system_user(),
    )
    assert [first.title, second.folded] == ["Học tập chuyên đề", "hoi nghi truc tuyen"]
    points = SessionPoint.objects.filter(session=second).order_by("-is_main")
    assert [(p.org_unit, p.present, p.counted_by) for p in points] == [
        (unit, 3, CountedBy.ROLL),
        (remote, 20, CountedBy.HEADS),
    ]
    assert set(Attendance.objects.values_list("person", "source")) == {(sat.pk, "roll"), (late.pk, "make_up")}
    assert AuditEvent.objects.filter(verb="session.recorded").count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"held_on": date(2019, 12, 31)}, "1/1/2020"),
        ({"held_on": today() + timedelta(days=1)}, "2"),
        ({"kind": "picnic"}, "kind"),
        ({"title": "  "}, "empty"),
        ({"last_on": DAY - timedelta(days=1)}, "last day"),
    ],
)
def test_one_bad_row_leaves_nothing(change: dict[str, object], words: str) -> None:
    unit = make_unit("HB-1")
    good = NewSession(unit, "study_conference", "Học tập", DAY)
    facts = {"kind": "study_conference", "title": "Học tập", "held_on": DAY} | change
    with pytest.raises(BadInput):
        record_sessions([good, NewSession(unit, **facts)], by=system_user())  # type: ignore[arg-type]
    assert not StudySession.objects.exists()


def test_refuses_units_out_of_reach() -> None:
    mine, other = make_unit("HB-1"), make_unit("HB-2")
    officer = make_user("cell_secretary", mine)
    with pytest.raises(NotAllowed):
        record_sessions([NewSession(other, "thematic_meeting", "Sinh hoạt", DAY)], by=officer)
