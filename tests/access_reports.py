"""Rows of the access table for reports, requests for them and outlines.

A draft is its own unit's affair; once sent it is seen by those who read reports above. The unit is the commune, the
request comes from the province. `stranger` holds the same role in another commune, which is asked as well.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import ONE_DAY, month, today
from langsen.reports.enums import ReportKind
from langsen.reports.services.calls import call_reports
from langsen.reports.services.flow import answer_report
from langsen.reports.services.outlines import FigureFacts, OutlineFacts, SectionFacts, save_outline
from tests.access_roles import (
    CLERK,
    COMMUNE,
    OFFICE,
    ORGANISATION,
    OUTLINE_KEEPERS,
    PROVINCE,
    REPORT_RECEIVERS,
    REPORT_WRITERS,
    SIGNED_IN,
    STANDING,
    STRANGER,
    STUDY_READERS,
    VIEWER,
    Row,
)
from tests.factories import FIRST_DAY, make_report

STATES = ("draft", "signing", "issued", "sent", "asked")


def reports_in(world: Mapping[str, Any]) -> dict[str, Any]:
    """Add reports of the commune in each state, outlines of commune and province, a request of the province."""
    by, commune, province = system_user(), world["commune"], world["province"]
    facts = OutlineFacts(
        code="thang-xa",
        name_vi="Báo cáo tháng",
        subject="Kết quả {period}",
        sections=[SectionFacts("Kết quả", "Đã tổ chức {study.sessions} hội nghị."), SectionFacts("Kiến nghị")],
        figures=[FigureFacts("study.sessions", by_unit=True)],
    )
    outline = save_outline(commune, facts, from_on=FIRST_DAY, by=by)
    asked = save_outline(province, replace(facts, code="thang-tinh"), from_on=FIRST_DAY, by=by)
    made: dict[str, Any] = {"outline": outline, "province_outline": asked, "report_kind": commune.kind}
    for number, state in enumerate(STATES, start=1):
        made[f"{state}_report"] = make_report(commune, outline, month(2025, number), state, by=by)
    sent = make_report(commune, outline, month(2025, 9), "sent", by=by)
    made["answer_report"] = answer_report(sent, ReportKind.SUPPLEMENT, by=by)
    kinds, due_on = [commune.kind], today() + ONE_DAY
    made["call"] = call_reports(asked, province, month(2025, 1), due_on=due_on, kinds=kinds, by=by)
    return made


WRITERS = frozenset({COMMUNE, CLERK})
SEE_DRAFTS = WRITERS | {VIEWER}
SEE_SENT = SEE_DRAFTS | {PROVINCE, STANDING, ORGANISATION}
CALLERS = frozenset({PROVINCE})
SEE_CALL = STUDY_READERS | {STRANGER}
_BEGIN = {"outline": "{outline.pk}", "first_on": "1/8/2025", "last_on": "31/8/2025", "unit": "{commune.code}"}
_CALL = {
    "unit": "{province.code}",
    "outline": "{province_outline.pk}",
    "first_on": "1/8/2025",
    "last_on": "31/8/2025",
    "due_on": "1/9/2025",
    "kinds": "{report_kind.pk}",
}
_OUTLINE = {
    "name_vi": "Báo cáo quý",
    "name_en": "Quarterly report",
    "unit": "{commune.code}",
    "from_on": "1/1/2026",
    "cadence": "free",
    "layout": "party",
    "subject": "Kết quả {{period}}",
    "due_days": "5",
    "heading": "Kết quả",
    "body": "",
    "act": "save",
}
_PAPER = {"signed_number": "900-BC/ĐU", "signed_on": "1/9/2025", "signed_by": "Lò Thị Mai", "place": "Bản Mới"}


def _own(name: str, report: str, data: Mapping[str, object] | None = None, **kwargs: str) -> list[Row]:
    """A step of the writing unit: asked, and taken when there is `data`."""
    where = {"pk": f"{{{report}_report.pk}}"} | kwargs
    rights = {"allow": WRITERS, "forbid": (SEE_SENT if report in ("sent", "asked") else SEE_DRAFTS) - WRITERS}
    rows = [Row(f"reports:{name}", where, **rights)]
    return rows if data is None else [*rows, Row(f"reports:{name}", where, "POST", data, **rights)]


def _called(name: str, data: Mapping[str, object] | None = None, *, page: bool = True) -> list[Row]:
    rights = {"allow": CALLERS, "forbid": SEE_CALL - CALLERS}
    where = {"pk": "{call.pk}"}
    rows = [Row(f"reports:{name}", where, **rights)] if page else []
    return rows if data is None else [*rows, Row(f"reports:{name}", where, "POST", data, **rights)]


def _kept(name: str, data: Mapping[str, object] | None = None) -> list[Row]:
    """A page about the commune's outline."""
    where = {"pk": "{outline.pk}"}
    rights = {"allow": OUTLINE_KEEPERS, "forbid": OFFICE - OUTLINE_KEEPERS}
    rows = [Row(f"reports:{name}", where, **rights)]
    return rows if data is None else [*rows, Row(f"reports:{name}", where, "POST", data, **rights)]


_DRAFT, _SENT = {"pk": "{draft_report.pk}"}, {"pk": "{sent_report.pk}"}
_RECEIVES = {"allow": CALLERS, "forbid": SEE_SENT - CALLERS}

REPORTS: list[Row] = [
    Row("reports:reports"),
    Row("reports:reports", query="?tab=below&q=thang&sort=-period"),
    Row("reports:reports", query="?tab=due"),
    Row("reports:reports_excel"),
    Row("reports:begin", allow=REPORT_WRITERS | {STRANGER}, rest=403),
    # Each begins reports of the units their role was given in: another unit is no choice of the form.
    Row(
        "reports:begin",
        {},
        "POST",
        _BEGIN,
        allow=WRITERS,
        forbid=SIGNED_IN - REPORT_WRITERS - {STRANGER},
        rest=422,
    ),
    Row("reports:report", _DRAFT, allow=SEE_DRAFTS),
    Row("reports:report", _SENT, allow=SEE_SENT),
    Row("reports:docx", _DRAFT, allow=SEE_DRAFTS),
    Row("reports:docx", _SENT, allow=SEE_SENT),
    Row("reports:appendix", _DRAFT, allow=SEE_DRAFTS),
    Row("reports:appendix", _SENT, allow=SEE_SENT),
    Row("reports:difference", {"pk": "{answer_report.pk}"}, allow=SEE_DRAFTS),
    *_own("edit", "draft", {"heading": "Kết quả", "body": "Đã tổ chức {{study.sessions}} hội nghị.", "act": "save"}),
    Row(
        "reports:number",
        _DRAFT,
        query="?figure=study.sessions",
        allow=WRITERS,
        forbid=SEE_DRAFTS - WRITERS,
    ),
    *_own("submit", "draft", {"x": ""}),
    *_own("frame", "draft", {"subject": "kết quả học tập", "kept": "1"}),
    *_own("shorten", "draft", {"last_on": "20/1/2025"}),
    *_own("cancel", "draft", {"reason": "Lập nhầm kỳ"}),
    *_own("take_back", "signing", {"reason": "Sửa câu chữ"}),
    *_own("issue", "signing", _PAPER),
    *_own("send", "issued", {"x": ""}),
    *_own("answer", "asked", {"x": ""}, kind="supplement"),
    Row("reports:receive", _SENT, "POST", **_RECEIVES),
    Row("reports:ask", _SENT, **_RECEIVES),
    Row("reports:ask", _SENT, "POST", {"reason": "Thiếu số liệu"}, **_RECEIVES),
    Row("reports:calls"),
    Row("reports:call_new", allow=REPORT_RECEIVERS | {STRANGER}, rest=403),
    Row(
        "reports:call_new",
        {},
        "POST",
        _CALL,
        allow=CALLERS,
        forbid=SIGNED_IN - REPORT_RECEIVERS - {STRANGER},
        rest=422,
    ),
    Row("reports:call", {"pk": "{call.pk}"}, allow=SEE_CALL),
    Row("reports:call_excel", {"pk": "{call.pk}"}, allow=SEE_CALL),
    *_called("call_extend", {"due_on": "1/12/2026", "reason": "Lũ quét"}),
    *_called("call_withdraw", {"x": ""}),
    *_called("call_nudge", {"unit": "{commune.code}"}, page=False),
    Row("reports:outlines", allow=OUTLINE_KEEPERS | {STRANGER}, rest=403),
    Row("reports:outline_new", allow=OUTLINE_KEEPERS | {STRANGER}, rest=403),
    Row(
        "reports:outline_new",
        {},
        "POST",
        _OUTLINE,
        allow=OUTLINE_KEEPERS,
        forbid=OFFICE - OUTLINE_KEEPERS,
        rest=422,
    ),
    *_kept("outline"),
    *_kept("outline_change", _OUTLINE),
    *_kept("outline_end", {"last_on": "1/1/2099"}),
]
