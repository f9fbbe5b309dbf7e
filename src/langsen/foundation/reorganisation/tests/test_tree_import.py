"""Units from Excel on pages: looked at first, nothing half imported, wrong rows fetched with their reasons."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from langsen.foundation.access.enums import Role
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.models import ImportRun
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import tree_version
from tests.factories import make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
HEAD = ["Mã", "Tên đơn vị", "Loại hình", "Mã cấp trên", "Từ ngày", "Đến ngày"]
GOOD = [
    ["HB-1", "Đảng bộ phường Hoa Ban", "Đảng bộ cơ sở", "", "1/7/2025", ""],
    ["HB-2", "Chi bộ bản Lụa", "Chi bộ trực thuộc đảng ủy cơ sở", "HB-1", "1/7/2025", ""],
]


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    return make_tree(
        TW=("central", None), T1=("province", "TW"), T2=("province", "TW"), G1=("grassroots_committee", "T1")
    )


@pytest.fixture
def officer(tree: dict[str, OrgUnit]) -> Client:
    client = Client()
    client.force_login(make_user(Role.ORGANISATION_OFFICER, tree["T1"]))
    return client


def workbook(rows: list[list[str]]) -> SimpleUploadedFile:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEAD, *rows]):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("don-vi.xlsx", content.getvalue())


def sent(client: Client, unit: OrgUnit, *rows: list[str]) -> ImportRun:
    answer = client.post("/to-chuc/nhap/", {"unit": unit.pk, "file": workbook(list(rows))})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return ImportRun.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def apply(client: Client, run: ImportRun) -> None:
    assert client.post(f"/to-chuc/nhap/{run.pk}/", {"action": "apply"}).status_code == 302


def test_a_list_is_looked_at_then_established_below_the_unit(officer: Client, tree: dict[str, OrgUnit]) -> None:
    before = tree_version()
    run = sent(officer, tree["T1"], *GOOD)
    page = officer.get(f"/to-chuc/nhap/{run.pk}/").content.decode()
    assert "Chi bộ bản Lụa" in page
    assert (tree_version(), OrgUnit.objects.filter(code__startswith="HB").count()) == (before, 0)
    apply(officer, run)
    cell = OrgUnit.objects.get(code="HB-2")
    assert [row.ancestor.code for row in cell.above.order_by("depth")] == ["HB-2", "HB-1", "T1", "TW"]
    assert AuditEvent.objects.filter(verb="org_units.imported", unit_id=tree["T1"].pk).count() == 1
    again = sent(officer, tree["T1"], *GOOD)
    assert again.counts["unchanged"] == 2
    apply(officer, again)
    assert OrgUnit.objects.filter(code__startswith="HB").count() == 2


def test_wrong_rows_and_what_would_stand_below_them_stay_out_with_cell_and_reason(
    officer: Client, tree: dict[str, OrgUnit]
) -> None:
    run = sent(
        officer,
        tree["T1"],
        *GOOD,
        ["G1", "Mã đã có", "Đảng bộ cơ sở", "", "1/7/2025", ""],
        ["K-1", "Loại lạ", "Câu lạc bộ", "", "1/7/2025", ""],
        ["K-2", "Dưới dòng sai", "Chi bộ trực thuộc đảng ủy cơ sở", "K-1", "1/7/2025", ""],
        ["K-3", "Ngoài phạm vi", "Đảng bộ cơ sở", "T2", "1/7/2025", ""],
        ["K-4", "Trước cấp trên", "Đảng bộ cơ sở", "G1", "1/7/2015", ""],
        ["K-5", "Ngày lạ", "Đảng bộ cơ sở", "", "31/2/2025", ""],
        ["K-6", "Vòng", "Đảng bộ cơ sở", "K-7", "1/7/2025", ""],
        ["K-7", "Vòng", "Đảng bộ cơ sở", "K-6", "1/7/2025", ""],
    )
    assert (run.counts["new"], run.counts["rejected"]) == (2, 8)
    reasons = {row.cells[0]: row.reasons[0] for row in run.rows.filter(state="rejected")}
    assert [reasons[code][0] for code in ("G1", "K-1", "K-2", "K-3", "K-4", "K-5")] == [
        "A4", "C5", "D6", "D7", "D8", "E9"
    ]  # fmt: skip
    assert all(words for _cell, words in reasons.values())
    apply(officer, run)
    assert set(OrgUnit.objects.exclude(code__in=tree).values_list("code", flat=True)) == {"HB-1", "HB-2"}
    rejected = officer.get(f"/to-chuc/nhap/{run.pk}/can-sua.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(rejected.content)).get_sheet_by_index(0).to_python()
    assert "Câu lạc bộ" in str(rows)
    assert "HB-1" not in str(rows)


def test_the_template_and_our_own_list_of_a_day_can_be_sent_back(officer: Client, tree: dict[str, OrgUnit]) -> None:
    assert officer.get("/to-chuc/nhap/mau.xlsx").status_code == 200
    exported = officer.get("/to-chuc/excel/?o=G1&ngay=1/7/2025").content
    answer = officer.post("/to-chuc/nhap/", {"unit": tree["T1"].pk, "file": SimpleUploadedFile("a.xlsx", exported)})
    assert answer.status_code == 302
    assert ImportRun.objects.latest("id").counts["unchanged"] == 1


def test_only_who_may_change_the_organisation_imports(officer: Client, tree: dict[str, OrgUnit]) -> None:
    viewer = Client()
    viewer.force_login(make_user(Role.VIEWER, tree["T1"]))
    assert viewer.get("/to-chuc/nhap/").status_code == 403
    assert "/to-chuc/nhap/" not in viewer.get("/to-chuc/").content.decode()
    assert "/to-chuc/nhap/" in officer.get("/to-chuc/").content.decode()
    wrong = officer.post("/to-chuc/nhap/", {"unit": tree["T2"].pk, "file": workbook(GOOD)})
    assert wrong.status_code == 422
    broken = {"unit": tree["T1"].pk, "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 khong phai excel")}
    assert officer.post("/to-chuc/nhap/", broken).status_code in {302, 422}
    assert not OrgUnit.objects.filter(code__startswith="HB").exists()
