"""`langsen orgs` as a person at the machine uses it."""

import contextlib
import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from langsen.config.cli import cli, orgs, orgs_changing
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import children_on, home_of
from tests.factories import make_tree

pytestmark = pytest.mark.django_db
PAPER = ["--from", "1/7/2025", "--decision", "12-QĐ/TU", "--decided-on", "2025-06-20"]


@pytest.fixture(autouse=True)
def tree(monkeypatch) -> dict[str, OrgUnit]:
    for module in (orgs, orgs_changing):
        monkeypatch.setattr(module, "database_running", contextlib.nullcontext)
    return make_tree(TW=("central", None), T1=("province", "TW"), G1=("grassroots_committee", "T1"), C1=("cell", "G1"))


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(cli, ["orgs", *words], catch_exceptions=False)
    assert result.exit_code == code, result.output + result.stderr
    return result.stdout


def test_list_and_show() -> None:
    answer = json.loads(run("list", "--unit", "T1", "--json"))
    assert [(row["code"], row["parent"], row["depth"]) for row in answer["units"]] == [
        ("T1", None, 0),
        ("G1", "T1", 1),
        ("C1", "G1", 2),
    ]
    assert json.loads(run("list", "--on", "31/12/2019", "--json"))["units"] == []
    assert "C1" in run("list")
    facts = json.loads(run("show", "c1", "--json"))
    assert (facts["code"], facts["home"], facts["superiors"]) == ("C1", "C1", ["G1 (2020-01-01 – )"])


def test_exit_codes() -> None:
    run("show", "KHONG", code=3)
    run("list", "--unit", "KHONG", code=3)
    run("list", "--unit", "C1", "--on", "2019-01-01", code=3)
    run("list", "--on", "31/2/2025", code=2)
    run("move", "C1", code=2)
    run("split", "G1", "--into", "X=Y", "--child", "C1", *PAPER, code=2)
    run("merge", "C1", "--into", "NEW", *PAPER, code=3)
    run("rename", "C1", "Tên", "--from", "2025-07-01", code=1)  # no decision
    run("dissolve", "G1", *PAPER, code=1)  # a unit stands below


def test_operations() -> None:
    run("establish", "C2", "Chi bộ Hai", "--kind", "cell", "--parent", "G1", *PAPER)
    run("rename", "C2", "Chi bộ Hai mới", *PAPER)
    run("establish", "G2", "Đảng ủy Hai", "--kind", "grassroots_committee", "--parent", "T1", *PAPER)
    run("move", "C2", "--to", "G2", "--from", "1/8/2025", *PAPER[2:])
    run("merge", "C1", "C2", "--into", "C3", "--name", "Chi bộ Ba", "--from", "1/9/2025", *PAPER[2:])
    assert home_of(OrgUnit.objects.get(code="C2")).code == "C3"
    run("split", "G1", "--into", "G3=Đảng ủy Ba", "--into", "G2", "--child", "C3=G3", "--from", "1/10/2025", *PAPER[2:])
    assert [unit.code for unit in children_on(OrgUnit.objects.get(code="G3"), date(2025, 10, 1))] == ["C3"]
    assert run("dissolve", "C3", "--from", "1/11/2025", *PAPER[2:]).strip() == "C3 -> G3"


def workbook(path: Path, *rows: tuple[object, ...]) -> str:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    head = ("Mã", "Tên đơn vị", "Loại", "Mã cấp trên", "Từ ngày", "Đến ngày")
    for number, row in enumerate([head, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return str(path)


def test_import_is_a_dry_run_until_told(tmp_path) -> None:
    file = workbook(
        tmp_path / "don-vi.xlsx",
        ("X2", "Chi bộ 2", "Chi bộ trực thuộc đảng ủy cơ sở", "X1", "1/1/2021"),
        ("X1", "Đảng ủy X", "grassroots_committee", "T1", "2021-01-01", "30/6/2030"),
        ("X3", "=1+1", "cell", "G1", "1/1/2021"),
    )
    out = run("import", file, code=1)  # X2 outlives X1
    assert "D2" in out
    assert OrgUnit.objects.count() == 4
    file = workbook(
        tmp_path / "tot.xlsx",
        ("X2", "Chi bộ 2", "Chi bộ trực thuộc đảng ủy cơ sở", "X1", "1/1/2021"),
        ("X1", "Đảng ủy X", "grassroots_committee", "T1", "2021-01-01"),
    )
    run("import", file)
    assert OrgUnit.objects.count() == 4
    run("import", file, "--apply")
    assert OrgUnit.objects.get(code="X2").kind.code == "cell"
    run("import", file, "--apply", code=1)
    assert OrgUnit.objects.count() == 6


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (("", "Tên", "cell", "G1", "1/1/2021"), "A2"),
        (("X1", "", "cell", "G1", "1/1/2021"), "B2"),
        (("X1", "đ" * 10_000, "cell", "G1", "1/1/2021"), "B2"),
        (("X1", "Tên", "thiên hà", "G1", "1/1/2021"), "C2"),
        (("X1", "Tên", "cell", "KHONG", "1/1/2021"), "D2"),
        (("X1", "Tên", "cell", "G1", "31/2/2021"), "E2"),
        (("X1", "Tên", "cell", "G1", "1/1/2021", "1/1/2020"), "F2"),
        (("mã có dấu", "Tên", "cell", "G1", "1/1/2021"), "A2"),
    ],
)
def test_import_names_the_wrong_cell(tmp_path, row: tuple[object, ...], cell: str) -> None:
    out = run("import", workbook(tmp_path / "sai.xlsx", row), "--apply", code=1)
    assert out.startswith(f"{cell}: ")
    assert OrgUnit.objects.count() == 4


def test_import_of_something_else(tmp_path) -> None:
    other = tmp_path / "khac.xlsx"
    other.write_bytes(b"day khong phai Excel")
    run("import", str(other), code=1)
    run("import", str(tmp_path / "khong-co.xlsx"), code=2)
