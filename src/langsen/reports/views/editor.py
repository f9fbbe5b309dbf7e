"""Writing a report: one section at a time, its numbers beside it. Every button saves the text first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.reports.enums import ReportStatus
from langsen.reports.forms.fields import figure_choices, show_refusal
from langsen.reports.models import Report, ReportSection
from langsen.reports.queries.numbers import Key, changed_numbers
from langsen.reports.queries.reports import report_for
from langsen.reports.rules import require_own
from langsen.reports.services.drafting import SectionChanged, update_numbers, write_section
from langsen.reports.text.tokens import Token
from langsen.reports.views.asking import signed_in
from langsen.reports.views.insertion import Insertion, bound_in_place, number_forms, number_of, units_to_name
from langsen.reports.views.section import SectionPage, key_of, key_text


class SectionForm(forms.Form):
    """What is sent of a section; the rules of its text are the use case's own."""

    heading = forms.CharField(label=gettext_lazy("Heading"), max_length=300, required=False)
    body = forms.CharField(label=gettext_lazy("Text of the section"), max_length=60_000, required=False, strip=False)


@dataclass
class Sent:
    """A section as it came from the form."""

    heading: str
    body: str
    seen: datetime | None
    act: str
    insertion: Insertion

    @classmethod
    def read(cls, post: Mapping[str, str]) -> "Sent":
        """Return what was sent."""
        try:
            seen = parse_datetime(post.get("seen", ""))
        except ValueError:
            seen = None
        body = post.get("body", "").replace("\r\n", "\n")
        return cls(post.get("heading", ""), body, seen, post.get("act", "save"), Insertion.read(post))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A section of a draft: its text, where each number comes from, what is to be mended."""
    user = signed_in(request)
    report = report_for(user, pk)
    require_own(user, Permission.REPORTS_WRITE, report.org_unit)
    if report.status != ReportStatus.DRAFT:
        messages.info(request, _("This report is no draft any more; its text cannot be changed."))
        return redirect(report)
    sections = list(report.sections.filter(is_left_out=False).select_related("changed_by"))
    section = _chosen(sections, request.GET.get("section", ""))
    if request.method != "POST":
        return render(request, "reports/edit.html", _values(request, report, sections, section))
    sent, form, now = Sent.read(request.POST), SectionForm(request.POST), None
    if form.is_valid():
        try:
            key = _save(request, report, section, sent, by=user)
        except SectionChanged as error:
            now = error.current
            show_refusal(form, error)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            return redirect(_address(report, section, key))
    values = _values(request, report, sections, section, sent=sent, form=form, now=now)
    return render(request, "reports/edit.html", values, status=409 if now else 422)


def _chosen(sections: list[ReportSection], place: str) -> ReportSection:
    if not sections:
        raise Conflict(_("The outline of this report has no section to write."))
    return next((one for one in sections if str(one.position) == place), sections[0])


def _address(report: Report, section: ReportSection, key: Key | None) -> str:
    query = {"section": str(section.position)} | ({"number": key_text(key)} if key else {})
    return f"{reverse('reports:edit', args=[report.pk])}?{urlencode(query)}"


def _save(request: HttpRequest, report: Report, section: ReportSection, sent: Sent, *, by: User) -> Key | None:
    """Write the section, and do what the button pressed asks beside that; return the number to show."""
    name, _colon, rest = sent.act.partition(":")
    body, token = sent.body, None
    if name == "insert":
        token = sent.insertion.token()
        number_of(report, token)
        body = f"{body.rstrip()} {token}" if body.strip() else str(token)
    elif name == "bind":
        body, token = _bound(report, body, rest)
    written = write_section(section, heading=sent.heading, body=body, by=by, seen=sent.seen)
    for words in written.ignored:
        messages.warning(request, words)
    if name == "update":
        keys = [key_of(rest)] if rest else None
        count = update_numbers(report, keys=keys, by=by)
        words = ngettext("%(count)s number is updated.", "%(count)s numbers are updated.", count)
        messages.success(request, words % {"count": count})
        return keys[0] if keys else None
    messages.success(request, _("The draft is saved."))
    return token.key if token else None


def _bound(report: Report, body: str, rest: str) -> tuple[str, Token]:
    """Put a number in the place of a typed one: `rest` is its place among the typed, its text and the figure."""
    place, _slash, more = rest.partition("|")
    typed, _slash, key = more.partition("|")
    token = Token(*key_of(key))
    number, _text = number_of(report, token)
    return bound_in_place(body, int(place) if place.isdigit() else 0, typed, token, number), token


def _values(
    request: HttpRequest,
    report: Report,
    sections: list[ReportSection],
    section: ReportSection,
    *,
    sent: Sent | None = None,
    form: forms.Form | None = None,
    now: ReportSection | None = None,
) -> dict[str, Any]:
    changes = {(one.number.code, one.number.unit_code): one for one in changed_numbers(report)}
    page = SectionPage(report, sections, section, changes, chosen=request.GET.get("number", ""))
    shown = now or section
    values = {
        "report": report,
        "section": section,
        "left_out": report.sections.filter(is_left_out=True).count(),
        "form": form or SectionForm(),
        "heading": sent.heading if sent else section.heading,
        "body": sent.body if sent else page.shown_body(section.body),
        "seen": _seen(sent, shown, is_conflict=now is not None),
        "now": now,
        "their_body": page.shown_body(now.body) if now else "",
        "lead": f"{report.org_unit.name}, {report.period}",
        "figures": figure_choices(),
        "units": units_to_name(report),
        "number_forms": number_forms(),
        "insert": sent.insertion if sent else Insertion(),
    }
    return values | page.values(sent.body if sent else section.body)


def _seen(sent: Sent | None, section: ReportSection, *, is_conflict: bool) -> str:
    if sent and not is_conflict:
        return sent.seen.isoformat() if sent.seen else ""
    return section.changed_at.isoformat()


@require_safe
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """The value of a number about to be put in, with its token; JSON for the editor."""
    user = signed_in(request)
    report = report_for(user, pk)
    require_own(user, Permission.REPORTS_WRITE, report.org_unit)
    try:
        token = Insertion.read(request.GET).token()
        _number, text = number_of(report, token)
    except BadInput as error:
        return JsonResponse({"message": str(error.message)}, status=422)
    return JsonResponse({"token": str(token)[1:-1], "shown": text})
