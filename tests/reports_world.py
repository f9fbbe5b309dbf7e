"""A small world for tests of reports: a province, two communes, cells, people, one outline, all long over."""

from dataclasses import dataclass
from datetime import date

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import Period
from langsen.foundation.core.signed_papers import SignedPaper
from langsen.foundation.orgs.models import OrgUnit, UnitKind
from langsen.reports.models import Outline, Report, ReportCall
from langsen.reports.services import calls, drafting, flow, outlines
from langsen.reports.services.outlines import FigureFacts, OutlineFacts, SectionFacts
from tests.factories import make_tree, make_user

PERIOD = Period(date(2025, 7, 1), date(2025, 12, 31))
PAPER = SignedPaper("12-BC/ĐU", date(2026, 1, 5), "Lò Thị Mai")
BODY = "Đã mở {study.sessions} hội nghị với {study.attendances} lượt người."
SECTIONS = (
    SectionFacts("Tình hình của {unit}", "Trong {period}, công tác học tập được triển khai đều khắp."),
    SectionFacts("Kết quả", BODY, is_required=True),
    SectionFacts("Kiến nghị"),
)


@dataclass
class World:
    units: dict[str, OrgUnit]
    outline: Outline
    province: User
    commune: User
    other: User

    def unit(self, code: str) -> OrgUnit:
        return self.units[code]

    def draft(self, code: str = "X1", period: Period = PERIOD, **facts: object) -> Report:
        """Begin a report of a unit by somebody of that unit."""
        return drafting.open_report(self.outline, self.unit(code), period, by=self.writer(code), **facts)  # type: ignore[arg-type]

    def writer(self, code: str) -> User:
        return {"X1": self.commune, "X2": self.other, "P1": self.province}.get(code) or system_user()

    def issued(self, code: str = "X1", period: Period = PERIOD, number: str = "12-BC/ĐU") -> Report:
        report = self.draft(code, period)
        flow.submit_for_signing(report, by=self.writer(code))
        paper = SignedPaper(number, date(2026, 1, 5), "Lò Thị Mai")
        return flow.issue_report(report, paper, place="Bản Mới", by=self.writer(code))

    def sent(self, code: str = "X1", period: Period = PERIOD) -> Report:
        return flow.send_report(self.issued(code, period), by=self.writer(code)).report

    def call(self, due_on: date = date(2026, 1, 10), period: Period = PERIOD) -> ReportCall:
        kinds = list(UnitKind.objects.filter(code="agencies"))
        return calls.call_reports(self.outline, self.unit("P1"), period, due_on=due_on, kinds=kinds, by=self.province)


def make_outline(
    unit: OrgUnit,
    sections: tuple[SectionFacts, ...] = SECTIONS,
    code: str = "bao-cao-thu",
    from_on: date = date(2021, 1, 1),
) -> Outline:
    facts = OutlineFacts(
        code=code,
        name_vi="Báo cáo thử",
        subject="kết quả học tập của {unit} {period}",
        sections=sections,
        figures=[FigureFacts("study.sessions", by_unit=True), FigureFacts("study.participation_rate")],
    )
    return outlines.save_outline(unit, facts, from_on=from_on, by=system_user())


def make_world() -> World:
    units = make_tree(
        TW=("central", None),
        P1=("province", "TW"),
        X1=("agencies", "P1"),
        X2=("agencies", "P1"),
        C1=("grassroots_cell", "X1"),
        C2=("grassroots_cell", "X2"),
    )
    return World(
        units,
        make_outline(units["P1"]),
        province=make_user(Role.PROVINCE_OFFICER, units["P1"]),
        commune=make_user(Role.COMMUNE_OFFICER, units["X1"]),
        other=make_user(Role.COMMUNE_OFFICER, units["X2"]),
    )
