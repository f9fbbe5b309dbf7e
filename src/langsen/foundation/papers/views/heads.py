"""Heads and letterheads: the list of units, a unit's page, typing a head, putting an own file in use."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.papers import services
from langsen.foundation.papers.enums import Layout
from langsen.foundation.papers.forms import EndForm, HeadFilter, HeadForm, LetterheadForm
from langsen.foundation.papers.letterhead_check import REQUIRED, TOKENS
from langsen.foundation.papers.models import Letterhead, OfficeHead
from langsen.foundation.papers.queries import (
    Head,
    derived_lines,
    head_of,
    kept_units,
    own_letterhead_for,
    shipped_letterheads,
    typed_head_for,
)
from langsen.foundation.papers.views.doors import kept_unit, layout_of

MOST_UPLOADED = 2_000_000  # read into memory; the check refuses from 1 MB on with a clear word


@require_safe
def heads(request: SignedIn) -> HttpResponse:
    """My units with the head of their documents, and the letterheads that came with the program."""
    if not has_permission_somewhere(request.user, Permission.PAPERS_WRITE):
        raise NotAllowed(_("You have not been given the right to keep the forms of documents in any unit."))
    form = HeadFilter(request.GET)
    form.is_valid()
    page = page_of(request, kept_units(request.user, form.cleaned_data.get("q", "")), 20)
    rows = [{"unit": unit, "head": head_of(unit, today(), Layout.PARTY)} for unit in page]
    values = {"form": form, "page": page, "rows": rows, "shipped": shipped_letterheads()}
    return render(request, "papers/heads.html", values)


@require_safe
def unit_page(request: SignedIn, code: str) -> HttpResponse:
    """What the documents of one unit carry today, what was typed for which days, its own files."""
    unit = kept_unit(request.user, code)
    sides = [
        {
            "layout": layout,
            "head": head_of(unit, today(), layout),
            "typed": OfficeHead.objects.filter(org_unit=unit, layout=layout).order_by("-during"),
            "files": Letterhead.objects.filter(org_unit=unit, layout=layout).defer("content").order_by("-during"),
        }
        for layout in Layout
    ]
    return render(request, "papers/unit.html", {"unit": unit, "sides": sides, "tokens": TOKENS, "required": REQUIRED})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_head(request: SignedIn, code: str, layout: str) -> HttpResponse:
    """Type the head of a unit's documents."""
    unit, side = kept_unit(request.user, code), layout_of(layout)
    posted = request.method == "POST"
    head = head_of(unit, today(), side)
    initial = HeadForm.initial_of(head) | {"from_on": today()}
    form = HeadForm(request.POST if posted else None, initial=initial)
    if posted and form.is_valid():
        try:
            services.save_head(unit, layout=side, by=request.user, **form.cleaned_data)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The head of documents is saved."))
            return redirect("papers:unit", code=unit.code)
    return _form_page(request, form, unit, _title_of(side), _derived_words(unit, head, side))


@require_http_methods(["GET", "HEAD", "POST"])
def upload_letterhead(request: SignedIn, code: str, layout: str) -> HttpResponse:
    """Put an office's own Word file in use."""
    unit, side = kept_unit(request.user, code), layout_of(layout)
    posted = request.method == "POST"
    form = LetterheadForm(
        request.POST if posted else None, request.FILES if posted else None, initial={"from_on": today()}
    )
    if posted and form.is_valid():
        sent = form.cleaned_data["upload"]
        try:
            services.upload_letterhead(
                unit, layout=side, from_on=form.cleaned_data["from_on"], name=sent.name,
                content=sent.read(MOST_UPLOADED), by=request.user,
            )  # fmt: skip
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The letterhead is in use from that day on. Download a sample and look at it."))
            return redirect("papers:unit", code=unit.code)
    values = {"tokens": _token_rows(), "layout": side, "is_upload": True}
    return _form_page(request, form, unit, _("Own letterhead"), "", **values)


@require_http_methods(["GET", "HEAD", "POST"])
def end_head(request: SignedIn, pk: int) -> HttpResponse:
    """Set the last day of a typed head."""
    row = typed_head_for(request.user, pk)
    message = _("Afterwards the lines follow from the unit's name again.")
    return _end_page(request, row, _("End the head of documents"), message, services.end_head)


@require_http_methods(["GET", "HEAD", "POST"])
def end_letterhead(request: SignedIn, pk: int) -> HttpResponse:
    """Set the last day of an own file."""
    row = own_letterhead_for(request.user, pk)
    message = _("Afterwards documents take the file of the unit above, or the one that came with the program.")
    return _end_page(request, row, _("End the use of the own letterhead"), message, services.end_letterhead)


def _end_page(request: SignedIn, row: Any, title: str, message: str, end: Any) -> HttpResponse:
    posted = request.method == "POST"
    form = EndForm(request.POST if posted else None, initial={"last_on": max(today(), row.from_on)})
    if posted and form.is_valid():
        try:
            end(row, last_on=form.cleaned_data["last_on"], by=request.user)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The last day is set."))
            return redirect("papers:unit", code=row.org_unit.code)
    values = {
        "title": title,
        "message": message,
        "form": form,
        "action": _("Set the last day"),
        "cancel_href": reverse("papers:unit", args=[row.org_unit.code]),
    }
    return render(request, "ui/confirm.html", values, status=422 if posted else 200)


def _form_page(
    request: SignedIn, form: forms.Form, unit: OrgUnit, title: str, lead: str, **values: object
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(
        request, "papers/form.html", {"form": form, "unit": unit, "title": title, "lead": lead} | values, status=status
    )


def _title_of(layout: Layout) -> str:
    if layout == Layout.STATE:
        return _("Head of State documents")
    return _("Head of Party documents")


def _derived_words(unit: OrgUnit, head: Head, layout: Layout) -> str:
    """What would stand there if nobody had typed anything."""
    if head.typed is None:
        return _("The lines below follow from the unit's name. Change what your office writes differently.")
    lines = derived_lines(unit, today(), layout)
    own = " / ".join(part.replace("\n", " ") for part in (lines.superior_line, lines.own_line) if part)
    return _("From the unit's name would follow: %(lines)s.") % {"lines": own}


def _token_rows() -> list[dict[str, object]]:
    return [
        {"token": "{{ " + token + " }}", "meaning": meaning, "is_required": token in REQUIRED}
        for token, meaning in TOKENS.items()
    ]
