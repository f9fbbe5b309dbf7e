"""The look of a document lies in its letterhead: margins, fonts and sizes, read from the file itself and on paper."""

import io
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from langsen.foundation.papers.paper import AppendixTable, Block, Paper, Run
from langsen.foundation.papers.rendering import fill, padded
from tests.documents.office import converted, needs_office, pages_of

TWIPS = {"top": "1134", "bottom": "1134", "left": "1701", "right": "850"}  # 20, 20, 30 and 15 mm
PROFILES = {"dang_05": "party", "dang_36": "party", "nn_30": "state"}
# style -> (points, bold, italic) by the handbook of the offices
SIZES = {
    "party": {
        "VB Quốc hiệu": (15, True, False),
        "VB Cơ quan cấp trên": (14, False, False),
        "VB Cơ quan ban hành": (14, True, False),
        "VB Ngày tháng": (14, False, True),
        "VB Trích yếu": (14, True, False),
        "VB Nội dung": (14, False, False),
        "VB Ký thay mặt": (14, True, False),
        "VB Chức vụ": (14, False, False),
        "VB Họ tên": (14, True, False),
        "VB Nơi nhận": (14, False, False),
        "VB Nơi nhận dòng": (12, False, False),
    },
    "state": {
        "VB Cơ quan ban hành": (13, True, False),
        "VB Số văn bản": (13, False, False),
        "VB Tên loại": (14, True, False),
        "VB Nội dung": (14, False, False),
        "VB Nơi nhận": (12, True, True),
        "VB Nơi nhận dòng": (11, False, False),
    },
}


def shipped(profile: str) -> bytes:
    return (files("langsen.foundation.papers.letterheads") / f"{profile}.docx").read_bytes()


def paper(layout: str, **facts) -> Paper:
    sentence = "Đã tổ chức 8.198 hội nghị & học tập <Kết luận 01> với 431.346 lượt người tham dự. " * 4
    body = [Block("heading", (Run("I- KẾT QUẢ"),)), *[Block("paragraph", (Run(sentence),))] * 9]
    known = {
        "on": date(2026, 2, 5), "superior_line": "ĐẢNG BỘ TỈNH MƯỜNG SEN", "own_line": "ĐẢNG ỦY XÃ BẢN MỚI",
        "number": "5", "code": "BC/ĐU", "place": "Bản Mới", "title": "BÁO CÁO", "subject": "kết quả", "body": body,
        "signed_for": "T/M BAN THƯỜNG VỤ", "signer_title": "BÍ THƯ", "signer_name": "Lò Thị Sen",
        "recipients": ["Tỉnh ủy (báo cáo)", "Lưu Văn phòng"],
    }  # fmt: skip
    return Paper(layout=layout, **(known | facts))


def document(profile: str, **facts):
    return Document(io.BytesIO(fill(shipped(profile), paper(PROFILES[profile], **facts))))


@pytest.mark.parametrize("profile", PROFILES)
def test_margins_and_page(profile: str) -> None:
    section = document(profile).element.body.find(qn("w:sectPr"))
    margins = section.find(qn("w:pgMar"))
    assert {side: margins.get(qn(f"w:{side}")) for side in TWIPS} == TWIPS
    assert (section.find(qn("w:pgSz")).get(qn("w:w")), section.find(qn("w:pgSz")).get(qn("w:h"))) == ("11906", "16838")
    assert margins.get(qn("w:header")) == "567"  # 10 mm


@pytest.mark.parametrize("profile", PROFILES)
def test_fonts_and_sizes_of_the_styles(profile: str) -> None:
    styles = document(profile).styles
    found = {
        name: (styles[name].font.size.pt, bool(styles[name].font.bold), bool(styles[name].font.italic))
        for name in SIZES[PROFILES[profile]]
    }
    assert found == SIZES[PROFILES[profile]]
    fonts = styles["Normal"].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}


@pytest.mark.parametrize("profile", ["dang_05", "dang_36"])
def test_paragraphs_of_a_party_document(profile: str) -> None:
    shape = document(profile).styles["VB Nội dung"].paragraph_format
    assert (shape.first_line_indent.mm, shape.line_spacing.pt, shape.space_before.pt) == (
        pytest.approx(10, 0.01),
        18,
        6,
    )
    assert document(profile).styles["VB Tên loại"].font.size.pt in (15, 16)


@pytest.mark.parametrize("profile", PROFILES)
def test_no_size_stands_in_the_text_itself(profile: str) -> None:
    assert document(profile).element.body.xpath(".//w:r/w:rPr/w:sz | .//w:r/w:rPr/w:rFonts") == []


@pytest.mark.parametrize("profile", PROFILES)
def test_the_files_are_small_and_clean(profile: str) -> None:
    assert len(shipped(profile)) < 40_000
    properties = Document(io.BytesIO(shipped(profile))).core_properties
    assert (properties.author, properties.last_modified_by) == ("Làng Sen", "Làng Sen")


@pytest.mark.parametrize(
    ("number", "written"),
    [("5", "Số 05-BC/ĐU"), ("12", "Số 12-BC/ĐU"), ("", "Số \u00a0\u00a0\u00a0\u00a0\u00a0\u00a0-BC/ĐU")],
)
def test_the_number_of_a_party_document(number: str, written: str) -> None:
    assert written in [line.text for line in document("dang_05", number=number).tables[0].cell(0, 0).paragraphs]


def test_the_number_of_a_state_document_has_a_colon() -> None:
    head = document("nn_30", code="BC-UBND").tables[0].cell(0, 0)
    assert "Số: 05/BC-UBND" in [line.text for line in head.paragraphs]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2023, 5, 17), "ngày 17 tháng 5 năm 2023"),
        (date(2025, 11, 1), "ngày 01 tháng 11 năm 2025"),
    ],
)
def test_the_day_in_words(on: date, words: str) -> None:
    head = document("dang_05", on=on).tables[0].cell(0, 1)
    assert f"Bản Mới, {words}" in [line.text for line in head.paragraphs]


def test_recipients_end_in_the_office_s_way() -> None:
    lines = ["- Tỉnh ủy (báo cáo);", "Các chi bộ", "- Lưu Văn phòng"]
    party = document("dang_05", recipients=lines).tables[1].cell(0, 0).paragraphs
    assert [line.text for line in party] == ["Nơi nhận:", "- Tỉnh ủy (báo cáo),", "- Các chi bộ,", "- Lưu Văn phòng."]


def test_text_of_the_report_never_runs_as_a_token() -> None:
    body = [Block("paragraph", (Run("{{ place }} {% for %} \x07 </w:t>", bold=True),))]
    text = "".join(line.text for line in document("dang_05", body=body).paragraphs)
    assert "{{ place }} {% for %}" in text


def test_padding() -> None:
    assert [padded(text) for text in ("5", "05", "15", "5a", "")] == ["05", "05", "15", "5a", ""]


ON_PAPER = [
    pytest.param(profile, has_appendix, marks=[] if (profile, has_appendix) == ("dang_05", True) else pytest.mark.slow)
    for profile in PROFILES
    for has_appendix in (True, False)
]


@pytest.mark.documents
@pytest.mark.parametrize(("profile", "has_appendix"), ON_PAPER)
def test_on_paper(profile: str, has_appendix: bool, tmp_path: Path) -> None:
    needs_office()
    rows = tuple((f"Chi bộ số {number}", "1.234", "56,7%") for number in range(60))
    appendix = [AppendixTable("1. Số liệu", ("Đơn vị", "Hội nghị", "Tỷ lệ"), rows)] if has_appendix else []
    path = tmp_path / "van-ban.docx"
    path.write_bytes(fill(shipped(profile), paper(PROFILES[profile], appendix=appendix)))
    pages = pages_of(converted(path, "pdf"))
    assert len(pages) == (5 if has_appendix else 2)
    assert "Lò Thị Sen" in pages[1]
    assert "& học tập <Kết luận 01>" in " ".join(pages[0].split())
    if has_appendix:
        assert all("Đơn vị" in page for page in pages[2:])  # the head of the table on every page
        assert "Chi bộ số 59" in pages[-1]
