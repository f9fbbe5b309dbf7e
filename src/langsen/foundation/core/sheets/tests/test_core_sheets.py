"""Workbooks people really send, and those nobody should."""

import io
import struct
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.sheets import cells, reading, writing
from langsen.foundation.core.sheets.headers import find_header, guess_mapping, read_rows
from langsen.foundation.core.sheets.kinds import Column, ColumnKind

COLUMNS = (
    Column("full_name", "Họ và tên", required=True, limit=120, aliases=("Họ tên",)),
    Column("born_on", "Ngày sinh", ColumnKind.DAY_OR_YEAR, aliases=("Ngày tháng năm sinh",)),
    Column("rate", "Tỷ lệ", ColumnKind.NUMBER),
    Column("count", "Số lượng", ColumnKind.COUNT),
)


def book(fill):
    stream = io.BytesIO()
    work = xlsxwriter.Workbook(stream, {"strings_to_formulas": False})
    fill(work, work.add_worksheet("Danh sách"))
    work.close()
    return stream.getvalue()


def table(*rows):
    def fill(_work, sheet):
        for number, row in enumerate(rows):
            for index, value in enumerate(row):
                sheet.write(number, index, value)

    return book(fill)


def opened(content, tmp_path):
    reading.check_upload(io.BytesIO(content), len(content))
    path = tmp_path / "file.bin"
    path.write_bytes(content)
    return reading.read_sheets(path)


def rows_of(content, tmp_path):
    header = find_header(opened(content, tmp_path), COLUMNS)
    return header, read_rows(header.rows, COLUMNS, guess_mapping(header.titles, COLUMNS), {})


def test_titles_merged_headings_and_number_row_stand_above_the_data(tmp_path):
    def fill(work, sheet):
        sheet.merge_range(0, 0, 0, 3, "ĐẢNG BỘ XÃ BẢN MỚI")
        sheet.merge_range(1, 0, 1, 3, "DANH SÁCH ĐẢNG VIÊN")
        sheet.merge_range(3, 0, 4, 0, "STT")
        sheet.merge_range(3, 1, 4, 1, "HỌ TÊN")
        sheet.merge_range(3, 2, 3, 3, "Ngày tháng năm sinh")
        sheet.write(4, 2, "Nam")
        sheet.write(4, 3, "Nữ")
        for index in range(4):
            sheet.write(5, index, f"({index + 1})")
        sheet.write_row(6, 0, [1, "Lò Văn Ân", "", "1975"])

    header, rows = rows_of(book(fill), tmp_path)
    assert header.titles[2] == "Ngày tháng năm sinh/Nam"
    assert [row.number for row in rows] == [7]
    assert rows[0].values["full_name"] == "Lò Văn Ân"


def test_days_numbers_and_formulas_are_read_as_written(tmp_path):
    def fill(work, sheet):
        sheet.write_row(0, 0, ["Họ và tên", "Ngày sinh", "Tỷ lệ", "Số lượng"])
        day = work.add_format({"num_format": "d/m/yyyy"})
        sheet.write_row(1, 0, ["=HYPERLINK(1)", "", "57,6", "8.198"])
        sheet.write_datetime(1, 1, date(1980, 2, 3), day)
        sheet.write_row(2, 0, ["+84 Lù", 29_000, 57.6, 12])
        sheet.write_row(3, 0, ["@Mây", "31/2/1980", "555.39", "1,5"])
        sheet.write_row(4, 0, ["-Đào", "1975", "", ""])

    _header, rows = rows_of(book(fill), tmp_path)
    assert rows[0].values == {
        "full_name": "=HYPERLINK(1)",
        "born_on": date(1980, 2, 3),
        "rate": Decimal("57.6"),
        "count": 8198,
    }
    assert rows[1].values["born_on"] == date(1979, 5, 25)
    assert set(rows[2].faults) == {"born_on", "rate", "count"}
    assert "31/2/1980" in rows[2].faults["born_on"]
    assert rows[3].values == {"full_name": "-Đào", "born_on": cells.YearOnly(1975)}


def test_a_name_of_ten_thousand_letters_is_a_fault_of_its_cell(tmp_path):
    _header, rows = rows_of(table(["Họ và tên", "x"], ["a" * 10_000, 1], ["b\x00\x07c", 1]), tmp_path)
    assert "120" in rows[0].faults["full_name"]
    assert rows[1].values["full_name"].replace("_x0000_", "").replace("_x0007_", "") == "bc"


def test_a_sheet_that_starts_further_right_keeps_its_cell_names(tmp_path):
    def fill(_work, sheet):
        sheet.write(2, 2, "Họ và tên")
        sheet.write(3, 2, "b" * 200)

    _header, rows = rows_of(book(fill), tmp_path)
    assert rows[0].number == 4
    assert cells.cell_name(4, guess_mapping(_header.titles, COLUMNS)["full_name"]) == "C4"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ho ten,ngay sinh\nA,1\n",
        b"<html><table><tr><td>1</td></tr></table></html>",
        b"PK\x03\x04" + b"x" * 200,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 4000,
    ],
)
def test_what_is_no_workbook_is_refused_in_words(content, tmp_path):
    with pytest.raises(BadInput):
        opened(content, tmp_path)


@pytest.mark.slow
def test_a_packed_file_that_is_no_workbook_and_one_that_explodes_are_not_opened(tmp_path):
    for name, size in (("readme.txt", 10), ("xl/workbook.xml", 400 * 1024 * 1024)):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as part:
            for _block in range(max(size // (1024 * 1024), 1)):
                part.write(b"0" * min(size, 1024 * 1024))
        with pytest.raises(BadInput):
            opened(stream.getvalue(), tmp_path)


def test_a_directory_that_lies_about_its_size_does_not_get_past_the_child(tmp_path):
    content = bytearray(table(["Họ và tên"], ["Lò Văn Ân"]))
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    try:
        opened(bytes(content), tmp_path)
    except BadInput:
        return


@pytest.mark.slow
def test_two_cells_in_far_corners_end_the_child_and_nothing_else(tmp_path):
    def fill(_work, sheet):
        sheet.write(0, 0, "Họ và tên")
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(BadInput):
        opened(book(fill), tmp_path)


def test_too_many_rows_and_too_many_bytes_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 20)
    with pytest.raises(BadInput, match="20"):
        opened(table(["Họ và tên"], *[["A"]] * 100), tmp_path)
    with pytest.raises(BadInput, match="10"):
        reading.check_upload(io.BytesIO(b"PK\x03\x04"), 11 * 1024 * 1024)


def test_what_goes_out_is_text_and_comes_back_the_same(tmp_path):
    names = ["=1+1", "+84", "-x", "@SUM(A1)", "http://x.vn", "007", "Nguyễn Thị Ổi"]
    rows = [[name, date(1980, 2, 3), Decimal("57.6"), 8198] for name in names]
    content = writing.write_sheet(COLUMNS, rows, title="=cmd|' /C calc'!A0", notes=["@lọc"])
    for part in zipfile.ZipFile(io.BytesIO(content)).namelist():
        if part.startswith("xl/worksheets/sheet"):
            assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read(part)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()[4:]] == names
    _header, read = rows_of(content, tmp_path)
    assert [row.values["full_name"] for row in read] == names
    assert read[0].values["born_on"] == date(1980, 2, 3)


def test_the_template_can_be_read_again(tmp_path):
    with pytest.raises(BadInput):
        find_header(opened(writing.write_template(COLUMNS, title="Mẫu"), tmp_path)[:1], COLUMNS)


def test_a_column_of_lines_keeps_its_line_breaks() -> None:
    assert cells.as_lines("  Dòng  một\n\nDòng hai \n", 100) == "Dòng một\n\nDòng hai"
    assert cells.as_lines(1911.0, 100) == "1911"
    with pytest.raises(cells.CellFault):
        cells.as_lines("dài\n" * 30, 100)
    with pytest.raises(cells.CellFault):
        cells.as_lines("đúng\n#REF!", 100)
