"""Outputs from Excel: recorded once, doubles shown and decided, bad rows with their reason, nothing half done."""

from typing import Any

import pytest

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import NotAllowed
from langsen.foundation.core.models import ImportRow, ImportRun
from langsen.foundation.core.sheets import runs
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.communications.models import Output
from langsen.registers.communications.services import cancel_output
from tests import sheets
from tests.factories import make_unit, make_user
from tests.sheets import counts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
HEAD = ["Đơn vị", "Loại hình", "Tên sản phẩm", "Ngày đăng", "Kênh", "Đường dẫn"]
GOOD = [
    ["Chi bộ Nà Hoa", "Tin bài", "Gương sáng Nà Hoa", "19/5/2023", "Cổng thông tin", "https://vi-du.vn/1"],
    ["C2", "pa nô", "Học tập và làm theo Bác", "20/5/2023", "", ""],
    ["", "Chuyên mục", "=1+1", "21/5/2023", "Đài xã", ""],
]


@pytest.fixture
def party() -> OrgUnit:
    unit = make_unit("DB", "grassroots_committee")
    make_unit("C1", parent=unit, name="Chi bộ Nà Hoa")
    make_unit("C2", parent=unit)
    return unit


def sent(unit: OrgUnit, *rows: list[Any], user: Any = None) -> ImportRun:
    return sheets.sent("outputs", unit, HEAD, *rows, user=user)


def test_good_rows_go_in_once(party: OrgUnit) -> None:
    run = sent(party, *GOOD)
    assert counts(run) == {"new": 3}
    assert not Output.objects.exists()
    runs.apply(run)
    found = Output.objects.order_by("published_on").values_list("org_unit__code", "kind", "title", "link")
    assert list(found) == [
        ("C1", "article", "Gương sáng Nà Hoa", "https://vi-du.vn/1"),
        ("C2", "panel", "Học tập và làm theo Bác", ""),
        ("DB", "column", "=1+1", ""),
    ]
    assert counts(sent(party, *GOOD)) == {"unchanged": 3}


def test_the_same_title_on_another_channel_is_asked_about(party: OrgUnit) -> None:
    runs.apply(sent(party, GOOD[0]))
    other = [*GOOD[0][:4], "Đài truyền thanh xã", ""]
    run = sent(party, other)
    assert counts(run) == {"doubtful": 1}
    row = ImportRow.objects.get(run=run)
    runs.choose(run, {row.number: "new"})
    run.refresh_from_db()
    assert counts(run) == {"new": 1}
    runs.apply(run)
    assert Output.objects.count() == 2
    run = sent(party, [*other[:4], "Fanpage xã", ""])
    runs.choose(run, {ImportRow.objects.get(run=run).number: str(Output.objects.first().pk)})
    run.refresh_from_db()
    assert counts(run) == {"unchanged": 1}


def test_twice_in_the_file_and_a_cancelled_one_are_refused(party: OrgUnit) -> None:
    run = sent(party, GOOD[0], GOOD[0])
    assert counts(run) == {"new": 1, "rejected": 1}
    runs.apply(run)
    cancel_output(Output.objects.get(), reason="Nhầm", by=system_user())
    assert counts(sent(party, GOOD[0])) == {"rejected": 1}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({0: "Chi bộ không có"}, "Chi bộ không có"),
        ({1: "vở kịch"}, "vở kịch"),
        ({1: ""}, "kind"),
        ({2: "x" * 301}, "300"),
        ({3: "31/2/2023"}, "31/2/2023"),
        ({3: "1/1/2019"}, "1/1/2020"),
        ({3: "1/1/2199"}, "1/1/2199"),
        ({5: "javascript:alert(1)"}, "http"),
    ],
)
def test_a_bad_row_says_why_and_the_good_ones_go_in(party: OrgUnit, change: dict[int, Any], word: str) -> None:
    run = sent(party, [change.get(index, value) for index, value in enumerate(GOOD[0])], GOOD[1])
    assert counts(run) == {"new": 1, "rejected": 1}
    reasons = ImportRow.objects.get(run=run, state="rejected").reasons
    assert reasons
    assert word in str(reasons) or word == "kind"
    runs.apply(run)
    assert Output.objects.get().org_unit.code == "C2"


def test_only_who_records_there_may_import(party: OrgUnit) -> None:
    with pytest.raises(NotAllowed):
        sent(party, *GOOD, user=make_user(Role.VIEWER, party))
