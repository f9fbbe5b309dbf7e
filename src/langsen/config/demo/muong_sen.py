"""Mường Sen, an invented province: the only place of the demo where something is late, idle or missing."""

from datetime import date, timedelta

from langsen.config.demo import muong_sen_communications, muong_sen_life, muong_sen_study, spread
from langsen.config.demo.muong_sen_people import roster
from langsen.config.demo.muong_sen_units import establish
from langsen.config.demo.rosters import by_unit
from langsen.config.demo.worlds import OBLIGED_CLASSES, Stage
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.bulk import enrol_people
from langsen.foundation.reorganisation.bulk import Decision
from langsen.foundation.reorganisation.services import merge_units, rename_unit
from langsen.registers.communications.services import record_outputs
from langsen.registers.programmes.models import Programme, Theme, ThemeKind
from langsen.registers.programmes.services import add_theme
from langsen.registers.study.bulk import record_sessions

_THEMES = (
    ("tinh thần trách nhiệm, nêu gương", "responsibility and setting an example"),
    ("thực hành tiết kiệm, chống lãng phí", "thrift and the fight against waste"),
    ("gần dân, nghe dân, lo cho dân", "being close to the people"),
)


def load(stage: Stage) -> None:
    random = spread.seeded("muong-sen")
    day = today()
    stage.say("MSE: units")
    units = establish(random, stage.by)
    themes = _annual_themes(units["MSE"], day, stage)
    stage.say("MSE: people")
    cells = [unit for unit in units.values() if unit.kind.is_cell]
    rows = roster(random, cells, day)
    rosters = by_unit(rows, enrol_people(rows, by=stage.by))
    stage.say("MSE: recent changes")
    _recent_changes(units, day, stage)
    units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=units).select_related("kind").order_by("pk")}
    stage.say("MSE: sessions")
    calendar = muong_sen_study.Calendar(random, day, units, rosters, themes)
    sessions = muong_sen_study.sessions(calendar) + muong_sen_study.unfinished(calendar)
    record_sessions(sessions, by=stage.by, progress=stage.counting("MSE"))
    stage.say("MSE: communication outputs")
    record_outputs(muong_sen_communications.outputs(calendar), by=stage.by)
    stage.say("MSE: posts, exemptions, transfers")
    muong_sen_life.happen(random, units, rosters, sessions, day=day, by=stage.by)


def _annual_themes(province: OrgUnit, day: date, stage: Stage) -> dict[int, Theme]:
    years = range(day.year - len(_THEMES) + 1, day.year + 1)
    return {
        year: add_theme(
            programme=Programme.objects.get(code="kl-01"),
            org_unit=province,
            kind=ThemeKind.ANNUAL,
            code=f"muong-sen-{year}",
            name_vi=f"Chuyên đề năm {year}: {vi}",
            name_en=f"Theme of {year}: {en}",
            from_on=date(year, 1, 1),
            last_on=date(year, 12, 31),
            obliged_classes=OBLIGED_CLASSES,
            source="Tỉnh hư cấu của bản trình diễn",
            by=stage.by,
        )
        for year, (vi, en) in zip(years, _THEMES, strict=True)
    }


def _recent_changes(units: dict[str, OrgUnit], day: date, stage: Stage) -> None:
    """One cell took another name, one became part of its neighbour."""
    renamed = day - timedelta(days=150)
    rename_unit(
        units["MSE-PST-A2"],
        name="Chi bộ tổ dân phố Suối Ngọt",
        effective_on=renamed,
        decision=Decision(number="27-QĐ/ĐU", decided_on=renamed - timedelta(days=8), note="Đổi tên theo tổ dân phố"),
        by=stage.by,
    )
    merged = day - timedelta(days=75)
    merge_units(
        [units["MSE-XNX-A5"]],
        successor=units["MSE-XNX-A4"],
        effective_on=merged,
        decision=Decision(number="31-QĐ/ĐU", decided_on=merged - timedelta(days=10), note="Sáp nhập hai bản liền kề"),
        by=stage.by,
    )
