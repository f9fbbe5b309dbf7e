"""Deriving the head of a document from what a unit is called and stands under, where nobody typed one.

By the practice of Party documents (names of committees, codes TU, HU, ĐU, CB) and of Decree 30/2020/NĐ-CP; spelling
“ỦY”. Who wants other lines types them; a derived one is a proposal.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from langsen.foundation.papers.enums import Layout

# Committee word -> (what it is the committee of, code). A city committee below a province has the second code.
_COMMITTEES = {
    "Tỉnh ủy": ("tỉnh", "TU"),
    "Thành ủy": ("thành phố", "TU"),
    "Huyện ủy": ("huyện", "HU"),
    "Thị ủy": ("thị xã", "ThU"),
    "Quận ủy": ("quận", "QU"),
}
_CITY_BELOW_PROVINCE = "ThU"
_PLACE = re.compile(r"(?:xã|phường|thị trấn|đặc khu|huyện|thị xã|thành phố|tỉnh|quận) (?P<name>[^\W\d_a-zà-ỹ].*)")
_SMALL_WORDS = {"và", "các", "của"}


@dataclass(frozen=True)
class Station:
    """A unit as the derivation needs it: its name on the day and the marks of its kind."""

    name: str
    level: int
    is_cell: bool = False
    is_board: bool = False

    @property
    def committee(self) -> str:
        return next((word for word in _COMMITTEES if self.name.startswith(f"{word} ")), "")

    @property
    def rest(self) -> str:
        """What follows the word for its kind: “Lai Châu”, “xã Bản Mới”."""
        for word in (*_COMMITTEES, "Đảng ủy", "Đảng bộ", "Chi bộ", "Chi ủy"):
            if self.name.startswith(f"{word} "):
                return self.name.removeprefix(f"{word} ")
        return self.name

    @property
    def phrase(self) -> str:
        """What it is the Party organisation of: “tỉnh Lai Châu”, “xã Bản Mới”, “Bệnh viện …”."""
        return f"{_COMMITTEES[self.committee][0]} {self.rest}" if self.committee else self.rest

    @property
    def place(self) -> str:
        """The name of the place it is the organisation of, or nothing."""
        if self.is_board or self.is_cell:
            return ""
        found = _PLACE.fullmatch(self.phrase)
        return found["name"] if found else ""


@dataclass(frozen=True)
class Lines:
    """The head of a document and how it ends."""

    superior_line: str
    own_line: str
    org_code: str
    place: str
    signed_for: str
    signer_title: str
    recipients: tuple[str, ...]


def derive_lines(unit: Station, above: Sequence[Station], layout: str) -> Lines:
    """Return the lines for `unit`; `above` holds the units over it, the nearest first, the root (level 0) left out."""
    parent = above[0] if above else None
    place = next((station.place for station in (unit, *above) if station.place), unit.rest)
    if unit.is_board:
        lines = _board(unit, parent)
    elif layout == Layout.STATE:
        lines = _state(unit, above)
    else:
        lines = _party(unit, parent)
    return replace(lines, place=place)


def _party(unit: Station, parent: Station | None) -> Lines:
    superior = f"ĐẢNG BỘ {parent.phrase.upper()}" if parent else ""
    to = (f"{parent.name} (báo cáo)",) if parent else ("Các đồng chí ủy viên Ban Thường vụ",)
    if unit.committee and unit.level <= 1:
        superior, own, code = f"ĐẢNG BỘ {unit.phrase.upper()}", unit.committee.upper(), _COMMITTEES[unit.committee][1]
        return Lines(superior, own, code, "", *_STANDING, (*to, f"Lưu Văn phòng {unit.committee}"))
    if unit.committee:
        code = _CITY_BELOW_PROVINCE if unit.committee == "Thành ủy" else _COMMITTEES[unit.committee][1]
        return Lines(superior, unit.name.upper(), code, "", *_STANDING, (*to, f"Lưu Văn phòng {unit.committee}"))
    if unit.is_cell:
        own = unit.name if unit.name.startswith("Chi bộ") else f"Chi bộ {unit.rest}"
        return Lines(superior, own.upper(), "CB", "", "T/M CHI BỘ", "BÍ THƯ", (*to, "Lưu chi bộ"))
    signing = _STANDING if unit.level <= 2 else ("T/M ĐẢNG ỦY", "BÍ THƯ")
    return Lines(superior, f"ĐẢNG ỦY {unit.rest.upper()}", "ĐU", "", *signing, (*to, "Lưu Văn phòng Đảng ủy"))


_STANDING = ("T/M BAN THƯỜNG VỤ", "BÍ THƯ")


def _board(unit: Station, parent: Station | None) -> Lines:
    """A committee's board: “Ban Tổ chức Tỉnh ủy” stands under TỈNH ỦY MƯỜNG SEN as BAN TỔ CHỨC, code BTCTU."""
    name, code = unit.name, ""
    if parent:
        name = name.removesuffix(parent.committee or "Đảng ủy").strip()
        code = _COMMITTEES[parent.committee][1] if parent.committee else "ĐU"
    to = (f"{parent.name} (báo cáo)",) if parent else ()
    own_code = f"{_initials(name)}{code}"
    return Lines(
        parent.name.upper() if parent else "", name.upper(), own_code, "", "", "TRƯỞNG BAN", (*to, f"Lưu {name}")
    )


def _state(unit: Station, above: Sequence[Station]) -> Lines:
    """The State side of the same place: the people's committee, or the agency whose Party organisation it is."""
    over = next((station for station in above if station.place), None)
    to = (f"UBND {over.phrase} (b/c)",) if over else ()
    if unit.place:
        own = f"ỦY BAN NHÂN DÂN\n{unit.phrase.upper()}"
        return Lines("", own, "UBND", "", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", (*to, "Lưu: VT"))
    if unit.rest.startswith("Ủy ban nhân dân"):
        return Lines("", unit.rest.upper(), "UBND", "", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", (*to, "Lưu: VT"))
    superior = f"ỦY BAN NHÂN DÂN\n{over.phrase.upper()}" if over else ""
    return Lines(superior, unit.rest.upper(), _initials(unit.rest), "", "", "THỦ TRƯỞNG ĐƠN VỊ", (*to, "Lưu: VT"))


def _initials(name: str) -> str:
    words = [word for word in re.findall(r"\w+", name) if word.lower() not in _SMALL_WORDS]
    return "".join(word if word.isdigit() else word[0].upper() for word in words)[:12]
