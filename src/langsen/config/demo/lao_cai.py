"""The old Lào Cai as published (S0, 22/9/2023): the city's review conference and its delegation of one hundred."""

from datetime import date
from random import Random

from langsen.config.demo import spread
from langsen.config.demo.lao_cai_units import committees_of
from langsen.config.demo.worlds import KNOWN_FROM, Stage
from langsen.foundation.reorganisation.bulk import NewUnit, establish_units
from langsen.registers.study.bulk import NewPoint, NewSession, record_sessions
from langsen.registers.study.enums import ReviewKind, SessionKind

GRASSROOTS = 54  # chosen: S0 counts 54 inspections "of 54 cells and committees"
CONFERENCE_ON = date(2023, 9, 22)
TRIP_ON, DELEGATES = date(2023, 8, 24), 100  # the day is chosen: the article gives none


def load(stage: Stage) -> None:
    stage.say("LCI: units, sessions")
    units = establish_units(_units(spread.seeded("lao-cai")), by=stage.by)
    city = units["LCA"]
    record_sessions(
        [
            NewSession(
                org_unit=city,
                kind=SessionKind.HISTORIC_TRIP,
                title="Dâng hương báo công: Lăng Chủ tịch Hồ Chí Minh, đền thờ Bác tại Ba Vì, K9 Đá Chông",
                held_on=TRIP_ON,
                points=[NewPoint(org_unit=city, is_main=True, present={"other": DELEGATES})],
                minutes="Số liệu công bố: đoàn đại biểu 100 người; ngày đi là do bản trình diễn chọn.",
            ),
            NewSession(
                org_unit=city,
                kind=SessionKind.REVIEW_CONFERENCE,
                title="Tổng kết đợt thi đua và sơ kết 2 năm thực hiện Kết luận số 01-KL/TW",
                held_on=CONFERENCE_ON,
                review_kind=ReviewKind.FINAL,
                points=[NewPoint(org_unit=city, is_main=True)],
                minutes="Số liệu công bố: số người dự hội nghị không được nêu.",
            ),
        ],
        by=stage.by,
    )


def _units(random: Random) -> list[NewUnit]:
    rows = [
        NewUnit("LCI", "Tỉnh ủy Lào Cai", "province", "TW", KNOWN_FROM, is_published=True),
        NewUnit("LCA", "Thành ủy Lào Cai", "district", "LCI", KNOWN_FROM, is_published=True),
    ]
    for number in range(1, GRASSROOTS + 1):
        is_cell = random.random() < 0.4
        name = f"{'Chi bộ' if is_cell else 'Đảng bộ'} cơ sở số {number}"
        kind = "grassroots_cell" if is_cell else "grassroots_committee"
        rows.append(NewUnit(f"LCA-{number:02d}", name, kind, "LCA", KNOWN_FROM, is_published=True))
    return [*rows, *committees_of("LCI")]
