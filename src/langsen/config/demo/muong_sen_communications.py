"""A year of communication outputs in invented Mường Sen: the province's column, communes' news and posts, panels.

Links lead to names reserved for examples (RFC 2606), so to nobody's site.
"""

from collections.abc import Iterator
from datetime import date

from langsen.config.demo import spread
from langsen.config.demo.muong_sen_study import Calendar
from langsen.config.demo.muong_sen_units import COMMUNES, Commune
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.communications.enums import OutputKind
from langsen.registers.communications.services import OutputFacts

MONTHS = 12
_PORTAL = "Cổng thông tin điện tử tỉnh"
_SITE = "https://muongsen.example"
_DEEDS = (
    "Bí thư chi bộ vận động mở đường liên bản",
    "Đảng viên trẻ giúp dân chuyển đổi cây trồng",
    "Cán bộ một cửa đến tận nhà trả kết quả cho người già",
    "Chi bộ nhận đỡ đầu học sinh vượt khó",
    "Tổ hòa giải giữ bình yên cho bản làng",
    "Cựu chiến binh hiến đất làm nhà văn hóa",
    "Dân vận khéo ở bản vùng cao",
    "Tiết kiệm điện, nước từ những việc nhỏ",
)
_SLOGANS = (
    "Học tập và làm theo Bác là việc làm thường xuyên",
    "Cán bộ, đảng viên nêu gương trước nhân dân",
    "Nói đi đôi với làm",
)

Row = tuple[OrgUnit, OutputFacts]


def outputs(calendar: Calendar) -> list[Row]:
    """Return what the units published in the last year, as far as they recorded it; the same on every loading."""
    random = spread.seeded("muong-sen-communications")
    own = Calendar(random, calendar.today, calendar.units, calendar.rosters, calendar.themes)
    months = list(own.months())[-MONTHS - 1 :]
    rows = [row for year, month in months for row in _of_month(own, year, month)]
    return [(unit, facts) for unit, facts in rows if own.is_recorded(unit, facts.published_on)]


def _of_month(calendar: Calendar, year: int, month: int) -> Iterator[Row]:
    yield from _of_province(calendar, year, month)
    for commune in COMMUNES:
        yield from _of_commune(calendar, commune, year, month)
    if month in {1, 5, 9}:
        yield from _panels(calendar, year, month)


def _of_province(calendar: Calendar, year: int, month: int) -> Iterator[Row]:
    province, random = calendar.units["MSE"], calendar.random
    day = calendar.day(year, month, 3, 9)
    title = f"Chuyên mục Học tập và làm theo Bác, kỳ tháng {month}/{year}"
    yield province, OutputFacts(OutputKind.COLUMN, title, day, "Đài Phát thanh - Truyền hình tỉnh")
    for number in range(random.randint(2, 3)):
        yield province, _article(calendar, "xã Mường Lụa", _PORTAL, calendar.day(year, month, 10, 26), f"{number}")
    if month in {5, 12}:
        title = f"Tập sách Những tấm gương bình dị mà cao quý, quyển {month}/{year}"
        yield (
            province,
            OutputFacts(OutputKind.BOOK, title, calendar.day(year, month, 12, 18), "Ban Tuyên giáo và Dân vận"),
        )


def _of_commune(calendar: Calendar, commune: Commune, year: int, month: int) -> Iterator[Row]:
    unit, random = calendar.units[commune.code], calendar.random
    for number in range(random.choice((0, 1, 1, 2))):
        radio = f"Đài truyền thanh {commune.name}"
        yield unit, _article(calendar, commune.name, radio, calendar.day(year, month, 2, 27), f"x{number}")
    if random.random() < 0.6:
        day = calendar.day(year, month, 5, 25)
        link = f"{_SITE}/fanpage/{commune.code.lower()}/{day:%Y%m%d}"
        title = f"Ảnh: {random.choice(_DEEDS).lower()}"
        yield unit, OutputFacts(OutputKind.FANPAGE, title, day, f"Fanpage {commune.short} hôm nay", link)


def _article(calendar: Calendar, place: str, channel: str, day: date, mark: str) -> OutputFacts:
    deed = calendar.random.choice(_DEEDS)
    link = f"{_SITE}/tin/{day:%Y%m%d}-{mark}" if channel == _PORTAL else ""
    return OutputFacts(OutputKind.ARTICLE, f"{deed} ở {place}", day, channel, link)


def _panels(calendar: Calendar, year: int, month: int) -> Iterator[Row]:
    """In spring, on the anniversary of May and in September a few cells put up a panel at the village gate."""
    cells = [unit for unit in calendar.units.values() if unit.kind.is_cell]
    for unit in calendar.random.sample(cells, 9):
        day = calendar.day(year, month, 5, 20)
        yield unit, OutputFacts(OutputKind.PANEL, calendar.random.choice(_SLOGANS), day, "Nhà văn hóa, đầu bản")
