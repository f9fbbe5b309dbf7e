"""A year's sessions from Excel: recognised, never doubled, nothing half done; and out again."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import NotAllowed
from langsen.foundation.core.models import ImportRow, ImportRun
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.study.models import SessionPoint, StudySession
from tests import sheets
from tests.factories import make_session, make_unit, make_user
from tests.sheets import counts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
HEAD = ["Chi bộ", "Hình thức", "Nội dung", "Ngày", "Cách tổ chức", "Đảng viên", "Nhân dân"]
GOOD = [
    ["Chi bộ Nà Hoa", "Sinh hoạt chuyên đề", "Học tập chuyên đề", "17/5/2023", "Trực tiếp", 12, ""],
    ["C2", "hội nghị", "Quán triệt nghị quyết", "1/6/2023", "", "1.200", 30],
    ["", "Sinh hoạt chi bộ", "=1+1", "2/6/2023", "", "", ""],
]


@pytest.fixture
def party() -> OrgUnit:
    unit = make_unit("DB", "grassroots_committee")
    make_unit("C1", parent=unit, name="Chi bộ Nà Hoa")
    make_unit("C2", parent=unit)
    return unit


def sent(unit: OrgUnit, *rows: list[Any], user: Any = None) -> ImportRun:
    return sheets.sent("sessions", unit, HEAD, *rows, user=user)


def test_good_rows_are_recorded_once_and_again_only_what_changed(party: OrgUnit) -> None:
    run = sent(party, *GOOD)
    assert counts(run) == {"new": 3}
    assert not StudySession.objects.exists()
    runs.apply(run)
    found = StudySession.objects.order_by("held_on").values_list("org_unit__code", "kind", "title", "status")
    assert list(found) == [
        ("C1", "thematic_meeting", "Học tập chuyên đề", "held"),
        ("C2", "study_conference", "Quán triệt nghị quyết", "held"),
        ("DB", "regular_meeting", "=1+1", "held"),
    ]
    assert SessionPoint.objects.get(org_unit__code="C2").present == 1230
    again = sent(party, [*GOOD[0][:5], 13, ""], *GOOD[1:])
    assert counts(again) == {"changed": 1, "unchanged": 2}
    runs.apply(again)
    assert StudySession.objects.count() == 3
    assert SessionPoint.objects.get(org_unit__code="C1").present_members == 13


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({3: "31/2/2023"}, "31/2/2023"),
        ({3: "1/1/2019"}, "1/1/2020"),
        ({0: "Chi bộ không có"}, "Chi bộ không có"),
        ({1: "họp chợ"}, "họp chợ"),
        ({2: ""}, "trống"),
        ({2: "x" * 301}, "300"),
        ({4: "qua bồ câu"}, "trực tuyến"),
        ({5: "-3"}, ""),
        ({5: 100_001}, "100.000"),
        ({3: day_text(today() + timedelta(days=10))}, ""),
    ],
)
def test_a_bad_row_says_why_and_the_good_ones_go_in(party: OrgUnit, change: dict[int, Any], word: str) -> None:
    bad = [change.get(index, value) for index, value in enumerate(GOOD[0])]
    run = sent(party, bad, GOOD[1])
    assert counts(run) == {"new": 1, "rejected": 1}
    reasons = str(ImportRow.objects.get(run=run, state="rejected").reasons)
    assert word in reasons
    runs.apply(run)
    assert StudySession.objects.get().org_unit.code == "C2"


def test_the_same_row_twice_and_a_cancelled_session_are_refused(party: OrgUnit) -> None:
    from langsen.registers.study.services.sessions import cancel_session

    run = sent(party, GOOD[0], GOOD[0])
    assert counts(run) == {"new": 1, "rejected": 1}
    runs.apply(run)
    cancel_session(StudySession.objects.get(), reason="Hoãn", by=system_user())
    assert counts(sent(party, GOOD[0])) == {"rejected": 1}


def test_only_who_records_there_may_import(party: OrgUnit) -> None:
    with pytest.raises(NotAllowed):
        sent(party, *GOOD, user=make_user(Role.VIEWER, party))


def test_what_goes_out_is_what_the_list_shows_and_runs_nothing(client: Client, party: OrgUnit) -> None:
    make_session(party, title="@SUM(A1)")
    client.force_login(make_user(Role.GRASSROOTS_SECRETARY, party))
    response = client.get(reverse("study:sessions_excel") + "?q=sum")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert next(row for row in rows if "@SUM(A1)" in row)[-2:] == [30, 0]  # present, files
