"""A report as an official document: what is fixed stays, headings are numbered, the end is written by the layout."""

import io
from datetime import date

import pytest
from docx import Document

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import month
from langsen.foundation.papers.services import save_head
from langsen.reports.document import compose, docx_of, roman, workbook_of
from langsen.reports.models import Outline, OutlineSection, Report
from langsen.reports.services.outlines import FigureFacts, OutlineFacts, SectionFacts, save_outline
from tests.factories import FIRST_DAY, make_report, make_session, make_tree

pytestmark = pytest.mark.django_db
BODY = "## Hội nghị\nĐã tổ chức **{study.sessions}** hội nghị; *{study.attendances}* lượt người\n- Một việc;"
PERIOD = month(2025, 3)


@pytest.fixture
def unit():
    return make_tree(TI=("province", None), XA=("agencies", "TI"), CB=("cell", "XA"))["XA"]


def outline_of(unit, layout: str, *more: str) -> Outline:
    sections = [SectionFacts("I. Kết quả", BODY), SectionFacts("Kiến nghị", "## Với cấp trên\n[Nêu kiến nghị.]")]
    facts = OutlineFacts(
        code="thang", name_vi="Báo cáo tháng", subject="Kết quả {period}", layout=layout, sections=sections,
        figures=[FigureFacts("study.sessions", by_unit=True), *map(FigureFacts, more)],
    )  # fmt: skip
    return save_outline(unit, facts, from_on=FIRST_DAY, by=system_user())


def report_of(unit, state: str, layout: str = "party"):
    make_session(unit, date(2025, 3, 5))
    report = make_report(unit, outline_of(unit, layout), PERIOD, state, by=system_user())
    return Report.objects.get(pk=report.pk)


def texts(paper) -> list[str]:
    return [block.text for block in paper.body]


def test_a_draft_says_what_it_holds_and_what_is_still_to_be_written(unit) -> None:
    paper = compose(report_of(unit, "draft"))
    assert texts(paper) == [
        "I- KẾT QUẢ", "1. Hội nghị", "Đã tổ chức 1 hội nghị; 30 lượt người", "Một việc;",
        "II- KIẾN NGHỊ", "1. Với cấp trên", "[Nêu kiến nghị.]",
    ]  # fmt: skip
    assert (paper.number, paper.code.split("/")[0]) == ("", "BC")
    assert paper.body[-1].runs[0].italic
    bold, italic = paper.body[2].runs[1], paper.body[2].runs[3]
    assert (bold.text, bold.bold, italic.text, italic.italic) == ("1", True, "30", True)


def test_an_issued_report_is_closed_and_keeps_its_numbers(unit) -> None:
    report = report_of(unit, "issued")
    make_session(unit, date(2025, 3, 6))
    paper = compose(report)
    assert texts(paper) == ["I- KẾT QUẢ", "1. Hội nghị", "Đã tổ chức 1 hội nghị; 30 lượt người", "Một việc."]
    assert (paper.signer_name, paper.place, paper.on) == ("Lò Văn Thử", "Bản Mới", report.signed_on)
    assert paper.number.isdigit()
    assert paper.code == "BC/ĐU"
    assert paper.appendix[0].rows[0][3] == "1"


def test_each_number_of_the_appendix_names_what_it_counts(unit) -> None:
    codes = (
        "study.attendances", "study.thematic_meetings", "study.historic_trips", "study.participation_rate",
        "programmes.communication_outputs", "programmes.communication_outputs.article",
    )  # fmt: skip
    report = make_report(unit, outline_of(unit, "party", *codes), PERIOD, "draft", by=system_user())
    words = [row[2] for row in compose(report).appendix[0].rows]
    assert words == ["cuộc", "lượt người", "buổi", "chuyến", "%", "sản phẩm", "sản phẩm"]


def test_a_head_typed_later_does_not_change_a_signed_paper(unit) -> None:
    report = report_of(unit, "issued")
    before = compose(report)
    lines = {"superior_line": "ĐẢNG BỘ TỈNH KHÁC", "own_line": "ĐẢNG ỦY KHÁC", "org_code": "ĐU", "place": "Nơi khác"}
    save_head(unit, layout="party", from_on=FIRST_DAY, by=system_user(), **lines)
    after = compose(report)
    assert (after.superior_line, after.own_line) == (before.superior_line, before.own_line)
    assert after.own_line != "ĐẢNG ỦY KHÁC"


def test_a_state_document_ends_with_its_own_mark(unit) -> None:
    paper = compose(report_of(unit, "issued", "state"))
    assert (paper.body[0].text, paper.body[-1].text) == ("I. KẾT QUẢ", "Một việc./.")


def test_the_files_hold_it(unit) -> None:
    report = report_of(unit, "issued")
    document = Document(io.BytesIO(docx_of(report)))
    assert "Đã tổ chức 1 hội nghị; 30 lượt người" in [line.text for line in document.paragraphs]
    assert workbook_of(report).startswith(b"PK")


def test_shipped_outlines_are_defaults_with_a_source() -> None:
    shipped = Outline.objects.filter(org_unit=None)
    assert {outline.code for outline in shipped} == {"half-year", "year", "two-year"}
    assert all("Mặc định" in outline.source and not outline.is_verified for outline in shipped)
    assert OutlineSection.objects.filter(outline__in=shipped, is_required=True).count() == 15


def test_roman_numerals() -> None:
    assert [roman(number) for number in (1, 4, 6, 9, 14)] == ["I", "IV", "VI", "IX", "XIV"]
