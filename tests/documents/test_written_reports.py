"""Reports of the demonstration as Word files: opened by LibreOffice, their numbers read back, their look checked."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.demo_store import langsen, run_langsen
from tests.documents.office import converted, needs_office, pages_of

pytestmark = [pytest.mark.documents, pytest.mark.slow]
CASES = {
    "LCH party": ("LCH", "two-year", "2021-05-18", "2023-05-17", "party"),
    "LCH state": ("LCH", "two-year", "2021-05-18", "2023-05-17", "state"),
    "MSE commune party": ("MSE-XBM", "half-year", "2026-01-01", "2026-06-30", "party"),
    "MSE commune state": ("MSE-XBM", "half-year", "2026-01-01", "2026-06-30", "state"),
    "MSE cell party": ("MSE-XBM-A1", "year", "2025-01-01", "2025-12-31", "party"),
}


@dataclass(frozen=True)
class Written:
    bound: dict[str, dict]
    pages: list[str]
    docx: Path
    xlsx: Path

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.pages))


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES)
def written(request, demo_url, tmp_path_factory) -> Written:
    needs_office()
    unit, template, first, last, layout = request.param
    folder = tmp_path_factory.mktemp(unit)
    docx, xlsx = folder / "bao-cao.docx", folder / "phu-luc.xlsx"
    printed = langsen(
        "report", "render", "--unit", unit, "--template", template, "--from", first, "--to", last, "--layout", layout,
        "--out", str(docx), "--appendix", str(xlsx), url=demo_url,
    )  # fmt: skip
    bound = {row["code"]: row for row in json.loads(printed)["bound"]}
    return Written(bound, pages_of(converted(docx, "pdf")), docx, xlsx)


def test_every_bound_number_is_read_back(written) -> None:
    missing = [code for code, row in written.bound.items() if not _stands_in(row["printed"], written.text)]
    assert written.bound and missing == []


def test_a_number_that_is_not_there_would_be_missed(written) -> None:
    assert not _stands_in("987.654", written.text)


def _stands_in(printed: str, text: str) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(printed)}(?![\d%]|[.,]\d)", text) is not None


def test_the_parts_stand_in_their_order(written, request) -> None:
    is_state = "state" in request.node.callspec.id
    head = ["CỘNG HÒA XÃ HỘI", "Độc lập", "Số:"] if is_state else ["ĐẢNG CỘNG SẢN VIỆT NAM", "*", "Số "]
    mark = "." if is_state else "-"
    order = [*head, "BÁO CÁO", f"I{mark} TÌNH HÌNH", f"III{mark} KẾT QUẢ", f"VI{mark} KIẾN NGHỊ", "Nơi nhận", "PHỤ LỤC"]
    places = []
    for words in order:
        places.append(written.text.find(words, places[-1] if places else 0))
    assert -1 not in places, order[places.index(-1)]


def test_the_signature_stays_on_one_page_and_numbers_begin_on_the_second(written) -> None:
    signing = [page for page in written.pages if "Nơi nhận" in page]
    assert len(signing) == 1
    assert "Lưu" in signing[0]
    firsts = [page.strip().splitlines()[0].strip() for page in written.pages]
    assert firsts[0] != "1"
    assert firsts[1:] == [str(number) for number in range(2, len(firsts) + 1)]


def test_no_heading_ends_a_page(written) -> None:
    for page in written.pages:
        assert not re.match(r"\s*(?:[IVX]+[.-]|\d+\.) \D", page.rstrip().splitlines()[-1]), page[-200:]


def test_nothing_is_left_of_tokens(written) -> None:
    assert not re.search(r"[{}]", written.text)


def test_the_workbook_holds_the_same_numbers_as_numbers(written) -> None:
    rows = CalamineWorkbook.from_path(written.xlsx).get_sheet_by_index(0).to_python()
    found = {row[0]: row for row in rows if row[0] in written.bound}
    assert set(found) >= {"study.sessions", "study.participation_rate"}
    for code, row in found.items():
        value = written.bound[code]["value"]
        if value is not None:
            assert row[3] == pytest.approx(value, abs=1e-6), code
    assert any("Kỳ báo cáo" in str(row[0]) for row in rows[:6])


def test_the_workbook_opens_in_libreoffice(written) -> None:
    text = converted(written.xlsx, "csv:Text - txt - csv (StarCalc):59,34,76").read_text(encoding="utf-8")
    assert "study.sessions" in text


def test_the_two_year_report_of_lai_chau_says_what_was_published(demo_url, tmp_path) -> None:
    needs_office()
    out = tmp_path / "lch.docx"
    printed = langsen(
        "report", "render", "--unit", "LCH", "--template", "two-year", "--from", "18/5/2021", "--to", "17/5/2023",
        "--layout", "party", "--out", str(out), url=demo_url,
    )  # fmt: skip
    bound = {row["code"]: (row["value"], row["printed"]) for row in json.loads(printed)["bound"]}
    assert bound["study.sessions"] == (8198, "8.198")
    assert bound["study.attendances"] == (431346, "431.346")
    assert bound["study.participation_rate"] == (0.987, "98,7%")
    text = converted(out, "txt:Text").read_text(encoding="utf-8-sig")
    assert "8.198 hội nghị quán triệt, học tập với 431.346 lượt người" in text
    assert len(pages_of(converted(out, "pdf"))) in range(5, 9)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"--unit": "KHONG-CO"}, 3),
        ({"--template": "khong-co"}, 2),
        ({"--from": "31/2/2023"}, 2),
        ({"--to": "2020-01-01"}, 2),
        ({"--layout": "khac"}, 2),
        ({"--out": "/khong/co/x.docx"}, 2),
    ],
)
def test_wrong_usage_has_its_exit_code_and_writes_nothing(demo_url, tmp_path, change, code) -> None:
    options = {
        "--unit": "LCH", "--template": "year", "--from": "2022-01-01", "--to": "2022-12-31", "--layout": "party",
        "--out": str(tmp_path / "x.docx"),
    } | change  # fmt: skip
    run = run_langsen("report", "render", *[word for pair in options.items() for word in pair], url=demo_url)
    assert (run.returncode, run.stdout) == (code, "")
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []
