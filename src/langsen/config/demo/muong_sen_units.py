"""The organisations of invented Mường Sen: two tiers since 1/7/2025, three before, and what changed in between."""

from dataclasses import dataclass
from random import Random

from langsen.config.demo.worlds import KNOWN_FROM, TWO_TIERS
from langsen.foundation.accounts.models import User
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.reorganisation.bulk import Decision, NewUnit, establish_units
from langsen.foundation.reorganisation.services import merge_units, split_unit

_DECISION = Decision(
    number="118-QĐ/TU", decided_on=TWO_TIERS.replace(month=6, day=24), note="Tỉnh hư cấu của bản trình diễn"
)


@dataclass(frozen=True)
class Commune:
    """A commune committee of today and the two committees of before that it was made of."""

    code: str
    name: str  # with its kind of place: "xã Bản Mới"
    district: str
    former: tuple[str, str]
    cells: tuple[int, int]  # how many village cells each of the two brought

    @property
    def is_ward(self) -> bool:
        return self.name.startswith("phường")

    @property
    def short(self) -> str:
        return self.name.split(" ", 1)[1]


DISTRICTS = {
    "MSE-H1": "Thành ủy Mường Sen",
    "MSE-H2": "Huyện ủy Nậm Pha",
    "MSE-H3": "Huyện ủy Pù Sương",
}
COMMUNES = (
    Commune("MSE-PHB", "phường Hoa Ban", "MSE-H1", ("phường Ban Trắng", "phường Bến Sen"), (4, 4)),
    Commune("MSE-PST", "phường Suối Trong", "MSE-H1", ("phường Suối Ngọt", "xã Khe Trong"), (4, 3)),
    Commune("MSE-PDC", "phường Đồi Chè", "MSE-H1", ("phường Chè Xanh", "xã Đồi Mận"), (3, 4)),
    Commune("MSE-XKH", "xã Khe Hoa", "MSE-H1", ("xã Khe Mai", "xã Khe Lụa"), (4, 3)),
    Commune("MSE-XBM", "xã Bản Mới", "MSE-H2", ("xã Nà Vàng", "xã Pá Đào"), (4, 3)),
    Commune("MSE-XNX", "xã Nậm Xanh", "MSE-H2", ("xã Nậm Trong", "xã Nậm Hin"), (5, 4)),
    Commune("MSE-XML", "xã Mường Lụa", "MSE-H2", ("xã Phiêng Lụa", "xã Co Ngần"), (3, 3)),
    Commune("MSE-XTM", "xã Thung Mây", "MSE-H3", ("xã Thung Cao", "xã Mây Trắng"), (4, 3)),
    Commune("MSE-XDT", "xã Đá Trắng", "MSE-H3", ("xã Đá Đen", "xã Lao Sín"), (3, 3)),
    Commune("MSE-XPS", "xã Pù Sương", "MSE-H3", ("xã Pù Ngần", "xã Huổi Sương"), (3, 4)),
)
_PROVINCE_CELLS = {
    "MSE-CQD": (
        "Văn phòng Tỉnh ủy",
        "Ban Tổ chức Tỉnh ủy",
        "Ban Tuyên giáo và Dân vận Tỉnh ủy",
        "Ủy ban Kiểm tra Tỉnh ủy",
        "Trường Chính trị tỉnh",
    ),
    "MSE-UBT": ("Văn phòng Ủy ban nhân dân tỉnh", "Sở Tư pháp", "Sở Văn hóa, Thể thao và Du lịch", "Thanh tra tỉnh"),
}
_PROVINCE_COMMITTEES = {
    "MSE-UBT-BV": ("Bệnh viện Đa khoa Mường Sen", ("Khối hành chính", "Khoa Khám bệnh", "Khoa Nội", "Khoa Ngoại")),
    "MSE-UBT-NN": ("Sở Nông nghiệp và Môi trường", ("Văn phòng Sở", "Chi cục Kiểm lâm", "Trung tâm Khuyến nông")),
}
_VILLAGE_FIRST = ("Nà", "Pá", "Co", "Huổi", "Khe", "Thẩm", "Phiêng", "Lao", "Púng")
_VILLAGE_SECOND = ("Hoa", "Lụa", "Mận", "Son", "Đào", "Khoang", "Hin", "Mu", "Lìu", "Sẳng", "Tấu", "Ngoi")


def establish(random: Random, by: User) -> dict[str, OrgUnit]:
    """Establish everything as it stood before 1/7/2025, then carry that day's changes out; return all units."""
    villages = [f"{first} {second}" for first in _VILLAGE_FIRST for second in _VILLAGE_SECOND]
    random.shuffle(villages)
    rows = _province_rows()
    for commune in COMMUNES:
        rows += _before(commune, villages)
    units = establish_units(rows, by=by)
    for district in DISTRICTS:
        _divide(district, units, by)
    rows = [row for commune in COMMUNES for row in _since(commune)]
    return units | establish_units(rows, by=by, decision=_DECISION)


def _province_rows() -> list[NewUnit]:
    rows = [
        NewUnit("MSE", "Tỉnh ủy Mường Sen", "province", "TW", KNOWN_FROM),
        NewUnit("MSE-BTG", "Ban Tuyên giáo và Dân vận Tỉnh ủy", "board", "MSE", KNOWN_FROM),
        NewUnit("MSE-BTC", "Ban Tổ chức Tỉnh ủy", "board", "MSE", KNOWN_FROM),
        NewUnit("MSE-CQD", "Đảng ủy các cơ quan Đảng tỉnh", "agencies", "MSE", KNOWN_FROM),
        NewUnit("MSE-UBT", "Đảng ủy Ủy ban nhân dân tỉnh", "agencies", "MSE", KNOWN_FROM),
        *(NewUnit(code, name, "district", "MSE", KNOWN_FROM) for code, name in DISTRICTS.items()),
    ]
    for parent, names in _PROVINCE_CELLS.items():
        rows += [
            NewUnit(f"{parent}-{place}", f"Chi bộ {name}", "grassroots_cell", parent, KNOWN_FROM)
            for place, name in enumerate(names, start=1)
        ]
    for code, (name, cells) in _PROVINCE_COMMITTEES.items():
        rows.append(NewUnit(code, f"Đảng bộ {name}", "grassroots_committee", "MSE-UBT", KNOWN_FROM))
        rows += [
            NewUnit(f"{code}-{place}", f"Chi bộ {cell}", "cell", code, KNOWN_FROM)
            for place, cell in enumerate(cells, start=1)
        ]
    return rows


def _before(commune: Commune, villages: list[str]) -> list[NewUnit]:
    """The two former committees with their cells, and the agencies of the place, all below the district."""
    rows = []
    number = 0
    for letter, former, cells in zip("AB", commune.former, commune.cells, strict=True):
        code = f"{commune.code}-{letter}"
        rows.append(NewUnit(code, f"Đảng bộ {former}", "grassroots_committee", commune.district, KNOWN_FROM))
        for place in range(1, cells + 1):
            number += 1
            name = f"Chi bộ tổ dân phố số {number}" if commune.is_ward else f"Chi bộ bản {villages.pop()}"
            rows.append(NewUnit(f"{code}{place}", name, "cell", code, KNOWN_FROM))
    school = "Trường" if commune.is_ward else "Trường Bán trú"
    agencies = {"TH": f"{school} Tiểu học", "CS": f"{school} THCS", "YT": "Trạm Y tế"}
    for tag, name in agencies.items():
        full_name = f"Chi bộ {name} {commune.short}"
        rows.append(NewUnit(f"{commune.code}-{tag}", full_name, "grassroots_cell", commune.district, KNOWN_FROM))
    return rows


def _divide(district: str, units: dict[str, OrgUnit], by: User) -> None:
    """The district ends; each new commune takes its agencies and is heir of its two former committees."""
    communes = [commune for commune in COMMUNES if commune.district == district]
    heirs = split_unit(
        units[district],
        successors=[
            NewUnit(commune.code, f"Đảng ủy {commune.name}", "commune", "MSE", TWO_TIERS) for commune in communes
        ],
        children={
            f"{commune.code}-{tag}": commune.code for commune in communes for tag in ("A", "B", "TH", "CS", "YT")
        },
        effective_on=TWO_TIERS,
        decision=_DECISION,
        by=by,
    )
    for commune, heir in zip(communes, heirs, strict=True):
        units[commune.code] = merge_units(
            [units[f"{commune.code}-A"], units[f"{commune.code}-B"]],
            successor=heir,
            effective_on=TWO_TIERS,
            decision=_DECISION,
            by=by,
        )


def _since(commune: Commune) -> list[NewUnit]:
    kind = commune.name.split(" ", 1)[0]
    return [
        NewUnit(
            f"{commune.code}-{tag}", f"Chi bộ {name} {kind} {commune.short}", "grassroots_cell", commune.code, TWO_TIERS
        )
        for tag, name in (("CQD", "các cơ quan Đảng"), ("CQU", "cơ quan Ủy ban nhân dân"))
    ]
