"""The page of a report, its files, and what differs between two versions."""

import re
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.text import day_text
from langsen.reports.document import Content, content_of, docx_of, paper_of, workbook_of
from langsen.reports.enums import FIXED, ReportStatus
from langsen.reports.models import Report, ReportSnapshot
from langsen.reports.queries.differences import Piece, differences
from langsen.reports.queries.numbers import changed_numbers
from langsen.reports.queries.readiness import problems_before_signing
from langsen.reports.queries.reports import report_for, reports_for
from langsen.reports.views.asking import Badge, download, history_lines, signed_in
from langsen.reports.views.drawing import Drawing, appendix_rows, dated, drawn_sections, now_words, unit_table
from langsen.reports.views.rights import Rights, buttons_of

_HEADING_MARK = re.compile(r"^## ", re.MULTILINE)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A report: its state, what it says as it will print, its numbers, what was done to it."""
    user = signed_in(request)
    report = report_for(user, pk)
    rights = Rights.of(user, report)
    changes = changed_numbers(report) if report.status != ReportStatus.CANCELLED else []
    stale = {(one.number.code, one.number.unit_code): one.problem or now_words(one.live) for one in changes}
    content = content_of(report)
    drawing = Drawing(report, content.numbers, stale)
    is_draft = report.status == ReportStatus.DRAFT
    paper = paper_of(report, Content((), {}, ()))
    values = {
        "report": report,
        "lead": f"{report.org_unit.name}, {report.period}",
        "badges": _badges(report, rights),
        "steps": buttons_of(report, rights),
        "paper": paper,
        "dated": dated(report),
        "printed": drawn_sections(report, content, drawing),
        "appendix": appendix_rows(content, drawing),
        "unit_table": unit_table(content),
        "snapshot": ReportSnapshot.objects.select_related("taken_by").filter(report=report).first(),
        "faults": _faults(report) if is_draft and rights.writes else [],
        "changed": [{"sentence": sentence} for sentence in _sentences(report, changes)],
        "changed_title": _changed_title(report),
        "may_edit": is_draft and rights.writes,
        "may_answer": report.status in FIXED and rights.writes,
        "versions": _versions(user, report),
        "history": history_lines(report),
        "due_on": report.call.due_on if report.call else None,
    }
    return render(request, "reports/report.html", values)


def _badges(report: Report, rights: Rights) -> list[Badge]:
    badges = [Badge(report.get_status_display(), report.tone)]
    if report.kind != "original":
        badges.insert(0, Badge(report.get_kind_display(), "info"))
    if rights.receives and report.status == ReportStatus.SENT:
        badges.append(Badge(_("waiting to be received"), "warn"))
    return badges


def _faults(report: Report) -> list[str]:
    return list(dict.fromkeys(problem.message for problem in problems_before_signing(report)))


def _changed_title(report: Report) -> str:
    if report.status == ReportStatus.DRAFT:
        return _("Numbers whose sources have changed")
    return _("Sources have changed since the numbers were fixed")


def _sentences(report: Report, changes: list[Any]) -> list[str]:
    if report.status == ReportStatus.DRAFT:
        words = _("%(name)s: %(held)s in the text, now %(live)s.")
    else:
        words = _("%(name)s: the source has changed from %(held)s to %(live)s since the numbers were fixed.")
    return [one.problem or words % {"name": one.name, "held": one.held, "live": one.live} for one in changes]


def _versions(user: User, report: Report) -> list[dict[str, Any]]:
    """The report and those that answer it, oldest first, as far as this reader may see them."""
    first = report
    while first.answers is not None:
        first = first.answers
    found, wave = [first.pk], [first.pk]
    while wave:
        wave = list(Report.objects.filter(answers__in=wave).order_by("id").values_list("pk", flat=True))
        found += wave
    rows = sorted(reports_for(user).filter(pk__in=found), key=lambda one: one.pk)
    return [
        {
            "report": one,
            "difference_href": reverse("reports:difference", args=[one.pk]) if one.answers_id else "",
        }
        for one in rows
    ]


@require_safe
def docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a Word file."""
    report = report_for(signed_in(request), pk)
    return download(docx_of(report), f"{_file_name(report)}.docx", DOCX)


@require_safe
def appendix(request: HttpRequest, pk: int) -> HttpResponse:
    """The appendix of numbers as a workbook."""
    report = report_for(signed_in(request), pk)
    return sheet_response(workbook_of(report), f"phu-luc-{_file_name(report)}.xlsx")


def _file_name(report: Report) -> str:
    number = report.signed_number.replace("/", "-").replace(" ", "")
    day = day_text(report.last_on).replace("/", "-")
    return f"bao-cao-{report.org_unit.code}-{number or day}"


@require_safe
def difference_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a supplementary or replacing report says otherwise than the one it answers."""
    user = signed_in(request)
    report = report_for(user, pk)
    if report.answers is None:
        raise NotFound(pk)
    earlier = report_for(user, report.answers.pk)
    found = differences(report, earlier)
    values = {
        "report": report,
        "lead": _("%(now)s beside %(before)s") % {"now": _called(report), "before": _called(earlier)},
        "numbers": found.numbers,
        "sections": [
            {"heading": section.heading, "pieces": [_without_marks(piece) for piece in section.pieces]}
            for section in found.sections
            if section.is_changed
        ],
    }
    return render(request, "reports/difference.html", values)


def _called(report: Report) -> str:
    return f"{report.get_kind_display()} {report.signed_number}".strip()


def _without_marks(piece: Piece) -> Piece:
    """Leave out the mark before a heading."""
    return replace(piece, text=_HEADING_MARK.sub("", piece.text))
