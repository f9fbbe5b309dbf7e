"""Half-year reports of invented Mường Sen in every state, and the two-year draft of Lai Châu that the articles allow.

What an office writes itself is invented; every number comes out of the records the demo holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from langsen.config.demo.muong_sen_units import COMMUNES
from langsen.config.demo.worlds import Stage
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import ONE_DAY, Period, half, today
from langsen.foundation.core.signed_papers import SignedPaper
from langsen.foundation.orgs.models import OrgUnit, UnitKind
from langsen.foundation.orgs.queries import unit_by_code
from langsen.reports.enums import ReportKind
from langsen.reports.models import Outline, Report, ReportCall
from langsen.reports.services.calls import call_reports, extend_call
from langsen.reports.services.drafting import open_report, write_section
from langsen.reports.services.flow import (
    answer_report,
    ask_supplement,
    issue_report,
    receive_report,
    send_report,
    submit_for_signing,
)
from langsen.reports.text.openings import is_opening

DUE_AFTER, TWO_YEARS = timedelta(days=8), Period(date(2021, 5, 18), date(2023, 5, 17))

# How far each commune's report has come, in the order of `COMMUNES`; days are counted from the due day.
_RECEIVED, _SENT, _DRAFT, _NOTHING, _ASKED, _ANSWERED = "received", "sent", "draft", "nothing", "asked", "answered"
_STORIES = (
    (_RECEIVED, -4),
    (_RECEIVED, -2),
    (_SENT, -1),
    (_ANSWERED, -3),
    (_RECEIVED, 0),
    (_DRAFT, 0),
    (_SENT, 3),
    (_RECEIVED, -5),
    (_NOTHING, 0),
    (_ASKED, -1),
)
# More time: for the one that has not begun it ran out, the one still writing has some days left from now.
_EXTENDED = {_NOTHING: (5, "Xã vừa khắc phục hậu quả lũ quét"), _DRAFT: (6, "Kiện toàn cấp ủy, chờ bàn giao")}
_SIGNATORIES = ("Lò Văn Pánh", "Quàng Thị Hặc", "Lường Văn Ún", "Cà Thị Piếng", "Giàng A Chư")

# What stands under a heading of the outline instead of its line in brackets.
_WORDS: Mapping[str, str] = {
    "Tình hình, đặc điểm": (
        "Đảng bộ có các chi bộ bản, tổ dân phố, cơ quan, trường học và trạm y tế; địa bàn rộng, một số bản cách "
        "trung tâm xã trên mười cây số, mùa mưa đi lại khó khăn."
    ),
    "Ban hành văn bản lãnh đạo, chỉ đạo": (
        "Cấp ủy đã ban hành kế hoạch năm, phân công từng đồng chí cấp ủy viên phụ trách chi bộ, định rõ thời hạn "
        "và sản phẩm của từng việc."
    ),
    "Về làm theo": (
        "Các chi bộ chọn việc cụ thể, gần dân: giữ sạch đường bản, giúp hộ khó khăn làm chuồng trại xa nhà, hướng"
        " dẫn người cao tuổi dùng dịch vụ công trực tuyến."
    ),
    "Về trách nhiệm nêu gương": (
        "Người đứng đầu cấp ủy nhận việc khó trước tập thể, dự sinh hoạt với chi bộ bản hằng quý và trả lời kiến "
        "nghị của người dân ngay tại bản."
    ),
    "Về chuẩn mực đạo đức cách mạng": (
        "Các cơ quan đã rà soát, rút gọn chuẩn mực thành những câu dễ nhớ và niêm yết tại phòng họp."
    ),
    "Về kiểm tra, giám sát": (
        "Ban Thường vụ đã làm việc với các chi bộ theo kế hoạch; nội dung cần khắc phục được giao thời hạn cụ thể."
    ),
    "Về sơ kết, tổng kết, biểu dương, khen thưởng": (
        "Những tấm gương tiêu biểu được giới thiệu trong sinh hoạt chi bộ và trên loa truyền thanh của xã."
    ),
    "Ưu điểm": "Nền nếp sinh hoạt được giữ vững; việc đăng ký làm theo gắn với nhiệm vụ được giao.",
    "Hạn chế, khuyết điểm và nguyên nhân": (
        "Một số chi bộ ghi nhận buổi sinh hoạt còn chậm; nội dung ở vài nơi còn chung chung, do cấp ủy viên phụ "
        "trách mới nhận việc."
    ),
    "Phương hướng, nhiệm vụ": (
        "Tập trung khắc phục các hạn chế đã nêu; mỗi chi bộ chọn một việc khó để làm đến cùng; hoàn thành việc "
        "học bổ sung trước khi kết thúc năm."
    ),
}


@dataclass(frozen=True)
class _Office:
    """The unit that reports, who signs there, and the number its paper carries."""

    unit: OrgUnit
    signatory: str
    number: str

    @property
    def place(self) -> str:
        return self.unit.name.removeprefix("Đảng ủy xã ").removeprefix("Đảng ủy phường ")


def load(stage: Stage) -> None:
    stage.say("Reports")
    province = unit_by_code("MSE")
    outline = Outline.objects.get(code="half-year", org_unit=None)
    period = _last_half(today())
    call = call_reports(
        outline,
        province,
        period,
        due_on=period.last + DUE_AFTER,
        kinds=list(UnitKind.objects.filter(code="commune")),
        note="Báo cáo gửi qua phần mềm; không gửi thêm biểu số liệu.",
        by=stage.by,
    )
    for place, (commune, (story, days)) in enumerate(zip(COMMUNES, _STORIES, strict=True)):
        office = _Office(unit_by_code(commune.code), _SIGNATORIES[place % 5], f"{41 + 3 * place}-BC/ĐU")
        if story != _NOTHING:
            _tell(call, office, story, call.due_on + timedelta(days=days), stage.by)
    for commune, (story, _days) in zip(COMMUNES, _STORIES, strict=True):
        if story in _EXTENDED:
            days, reason = _EXTENDED[story]
            due_on = (call.due_on if story == _NOTHING else today()) + timedelta(days=days)
            extend_call(call, unit_by_code(commune.code), due_on=due_on, reason=reason, by=stage.by)
    open_report(Outline.objects.get(code="two-year", org_unit=None), unit_by_code("LCH"), TWO_YEARS, by=stage.by)


def _last_half(day: date) -> Period:
    """The last half-year whose reports were all due some weeks ago."""
    first = half(day.year, 1 if day.month <= 6 else 2)
    while day < first.last + DUE_AFTER + timedelta(days=20):
        before = first.first - ONE_DAY
        first = half(before.year, 1 if before.month <= 6 else 2)
    return first


def _tell(call: ReportCall, office: _Office, story: str, sent_on: date, by: User) -> None:
    report = open_report(call.outline, office.unit, call.period, call=call, by=by)
    if story == _DRAFT:
        return
    report = _publish(report, office, sent_on, by)
    if story == _RECEIVED:
        receive_report(report, by=by)
    if story in {_ASKED, _ANSWERED}:
        report = ask_supplement(
            report,
            reason="Đề nghị nêu rõ kết quả khắc phục các hạn chế kỳ trước và việc làm theo của người đứng đầu.",
            by=by,
        )
    if story == _ANSWERED:
        answer = answer_report(report, ReportKind.SUPPLEMENT, by=by)
        section = answer.sections.get(position=4)
        added = "Các hạn chế của kỳ trước đã được khắc phục; mỗi việc có đồng chí cấp ủy viên xác nhận tại chi bộ."
        write_section(section, heading=section.heading, body=f"{section.body}\n{added}", by=by)
        _sign_and_send(answer, office, f"{office.number.split('-')[0]}a-BC/ĐU", sent_on + timedelta(days=6), by)


def _publish(report: Report, office: _Office, sent_on: date, by: User) -> Report:
    for section in report.sections.order_by("position"):
        write_section(section, heading=section.heading, body=_written(section.heading, section.body), by=by)
    return _sign_and_send(report, office, office.number, sent_on, by)


def _sign_and_send(report: Report, office: _Office, number: str, sent_on: date, by: User) -> Report:
    report = submit_for_signing(report, by=by)
    report = issue_report(
        report,
        SignedPaper(number, sent_on - ONE_DAY, office.signatory),
        place=office.place,
        signed_for="T/M BAN THƯỜNG VỤ",
        signer_title="PHÓ BÍ THƯ",
        recipients="Thường trực Tỉnh ủy (để báo cáo),\nBan Tuyên giáo và Dân vận Tỉnh ủy,\nLưu Văn phòng.",
        by=by,
    )
    return send_report(report, sent_on=sent_on, by=by).report


def _written(section: str, body: str) -> str:
    """Return the section as an office would leave it: its own words for every line in brackets."""
    lines, heading = [], ""
    for line in body.splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        if not is_opening(line):
            lines.append(line)
        elif words := _WORDS.get(heading or section):
            lines.append(words)
    return "\n".join(lines)
