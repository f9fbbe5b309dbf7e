"""What every world of the demo is handed, and the root all of them stand under."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from langsen.foundation.accounts.models import User
from langsen.foundation.people.enums import OFFICIAL_CLASSES, PARTY_MEMBER_CLASSES
from langsen.foundation.reorganisation.bulk import Decision, NewUnit, establish_units
from langsen.registers.programmes.models import Programme, Theme, ThemeKind
from langsen.registers.programmes.services import add_theme

Progress = Callable[[str], None]

TERM_THEME = "chuyen-de-toan-khoa-2021-2025"
KNOWN_FROM = date(2010, 1, 1)  # the record of the real units begins then; the organisations are older
TWO_TIERS = date(2025, 7, 1)  # districts ended the day before
# What the articles do not tell is not made up: the paper behind the change stands without its number.
TWO_TIERS_DECISION = Decision(
    number="(số văn bản chưa kiểm chứng)",
    decided_on=TWO_TIERS,
    note="Chính quyền địa phương hai cấp từ 1/7/2025; cách chia các đơn vị là do bản trình diễn chọn.",
)
OBLIGED_CLASSES = [*PARTY_MEMBER_CLASSES, *OFFICIAL_CLASSES]


@dataclass(frozen=True)
class Stage:
    """Who acts and who is told how far it is."""

    by: User
    say: Progress
    password: str = ""
    entrant_code: str = ""

    def counting(self, label: str) -> Callable[[int, int], None]:
        return lambda done, total: self.say(f"{label}: {done}/{total}")

    @property
    def term_theme(self) -> Theme:
        return Theme.objects.get(code=TERM_THEME)


def load_root(stage: Stage) -> None:
    """The root and the theme of the term 2021-2025, which obliges members and officials everywhere below."""
    stage.say("TW: root, term theme")
    root = establish_units(
        [NewUnit("TW", "Trung ương", "central", None, date(1930, 2, 3), is_published=True)], by=stage.by
    )["TW"]
    add_theme(
        programme=Programme.objects.get(code="kl-01"),
        org_unit=root,
        kind=ThemeKind.TERM,
        code=TERM_THEME,
        name_vi="Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh về ý chí tự lực, tự cường và khát vọng "
        "phát triển đất nước phồn vinh, hạnh phúc",
        name_en="Studying and following Ho Chi Minh on self-reliance and the will to build a prosperous, happy country",
        from_on=date(2021, 5, 18),
        last_on=date(2025, 12, 31),
        obliged_classes=OBLIGED_CLASSES,
        source="Kết luận số 01-KL/TW ngày 18/5/2021; chuyên đề toàn khóa 2021–2025",
        is_verified=True,
        by=stage.by,
    )
