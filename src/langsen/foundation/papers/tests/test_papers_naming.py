"""The head of a document as it follows from names and places in the tree."""

from datetime import date

import pytest

from langsen.foundation.accounts.services import system_user
from langsen.foundation.papers.naming import Station, derive_lines
from langsen.foundation.papers.queries import head_of
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.services import rename_unit
from tests.factories import make_tree

PAPER = Decision("7-QĐ/TU", date(2025, 12, 20))
PROVINCE = Station("Tỉnh ủy Mường Sen", 1)
COMMUNE = Station("Đảng ủy xã Bản Mới", 2)
HOSPITAL = Station("Đảng bộ Bệnh viện Đa khoa Mường Sen", 3)
DISTRICT = Station("Thị ủy Nghĩa Lộ", 2)
YEN_BAI = Station("Tỉnh ủy Yên Bái", 1)


@pytest.mark.parametrize(
    ("unit", "above", "superior", "own", "code", "place"),
    [
        (Station("Tỉnh ủy Lai Châu", 1), [], "ĐẢNG BỘ TỈNH LAI CHÂU", "TỈNH ỦY", "TU", "Lai Châu"),
        (COMMUNE, [PROVINCE], "ĐẢNG BỘ TỈNH MƯỜNG SEN", "ĐẢNG ỦY XÃ BẢN MỚI", "ĐU", "Bản Mới"),
        (DISTRICT, [YEN_BAI], "ĐẢNG BỘ TỈNH YÊN BÁI", "THỊ ỦY NGHĨA LỘ", "ThU", "Nghĩa Lộ"),
        (HOSPITAL, [COMMUNE, PROVINCE], "ĐẢNG BỘ XÃ BẢN MỚI", "ĐẢNG ỦY BỆNH VIỆN ĐA KHOA MƯỜNG SEN", "ĐU", "Bản Mới"),
        (
            Station("Chi bộ bản Nà Hoa", 4, is_cell=True),
            [COMMUNE, PROVINCE],
            "ĐẢNG BỘ XÃ BẢN MỚI",
            "CHI BỘ BẢN NÀ HOA",
            "CB",
            "Bản Mới",
        ),
        (
            Station("Ban Tuyên giáo và Dân vận Tỉnh ủy", 3, is_board=True),
            [PROVINCE],
            "TỈNH ỦY MƯỜNG SEN",
            "BAN TUYÊN GIÁO VÀ DÂN VẬN",
            "BTGDVTU",
            "Mường Sen",
        ),
    ],
)
def test_party_lines_follow_from_the_name(unit, above, superior, own, code, place) -> None:
    lines = derive_lines(unit, above, "party")
    assert (lines.superior_line, lines.own_line, lines.org_code, lines.place) == (superior, own, code, place)
    assert "UỶ" not in lines.own_line


def test_the_state_side_of_a_commune_is_its_people_s_committee() -> None:
    lines = derive_lines(COMMUNE, [PROVINCE], "state")
    assert lines.own_line == "ỦY BAN NHÂN DÂN\nXÃ BẢN MỚI"
    assert (lines.superior_line, lines.org_code, lines.signer_title) == ("", "UBND", "CHỦ TỊCH")


def test_a_cell_has_no_standing_committee_and_a_province_reports_to_its_own() -> None:
    cell = derive_lines(Station("Chi bộ bản Nà Hoa", 4, is_cell=True), [COMMUNE, PROVINCE], "party")
    assert (cell.signed_for, cell.recipients[-1]) == ("T/M CHI BỘ", "Lưu chi bộ")
    assert derive_lines(PROVINCE, [], "party").signed_for == "T/M BAN THƯỜNG VỤ"


@pytest.mark.django_db
def test_a_head_is_that_of_its_day() -> None:
    """A renamed unit's old documents keep the old name."""
    tree = make_tree(TI=("province", None), XA=("agencies", "TI"))
    unit = tree["XA"]
    rename_unit(unit, name="Đảng ủy xã Nà Mới", effective_on=date(2026, 1, 1), decision=PAPER, by=system_user())
    assert head_of(unit, date(2026, 1, 1), "party").own_line == "ĐẢNG ỦY XÃ NÀ MỚI"
    assert "NÀ MỚI" not in head_of(unit, date(2025, 12, 31), "party").own_line
