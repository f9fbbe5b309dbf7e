"""The organising board's pages of entrants: the list, one entrant, the list as Excel."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from langsen.contests.contests.exports import export_entrants
from langsen.contests.contests.forms.entrants import EntrantFilter
from langsen.contests.contests.keeping import kept_until
from langsen.contests.contests.masking import shown_details
from langsen.contests.contests.models import Contest, Entrant
from langsen.contests.contests.phones import masked_phone
from langsen.contests.contests.queries.entrants import (
    entrants_matching,
    flags_of,
    likely_doubles,
    office_contest,
    office_entrant,
)
from langsen.contests.contests.rules import organisers_where
from langsen.contests.contests.services.entrants import read_hidden
from langsen.contests.contests.services.retention import forget_entrants
from langsen.contests.contests.views.tabs import tabs_of
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.queries import history_of
from langsen.foundation.audit.words import verb_words
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.text import number_text
from langsen.foundation.core.web import page_of

_HISTORY = 30


def may_organise(request: SignedIn, contest: Contest) -> bool:
    """Say whether this reader may act on the contest's entrants."""
    return contest.organiser_id in organisers_where(request.user, Permission.CONTESTS_ORGANISE)


@require_safe
def entrants(request: SignedIn, pk: int) -> HttpResponse:
    """The entrants of a contest."""
    contest = office_contest(request.user, pk)
    form = EntrantFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = page_of(request, entrants_matching(contest, **asked, sort=request.GET.get("sort", "")))
    for entrant in page:
        entrant.shown_phone = masked_phone(entrant.phone)
    ends = kept_until(contest)
    values = {
        "contest": contest,
        "tabs": tabs_of(contest, "entrants"),
        "form": form,
        "page": page,
        "open_flags": flags_of(contest).count(),
        "may_organise": may_organise(request, contest),
        "query": request.GET.urlencode(),
        "kept_until": ends,
        "is_due": ends is not None and ends <= timezone.now() and contest.entrants.filter(forgotten_at=None).exists(),
    }
    return render(request, "contests/office/entrants.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def entrants_excel(request: SignedIn, pk: int) -> HttpResponse:
    """The filtered list as Excel; POST with the hidden details, recorded."""
    contest = office_contest(request.user, pk)
    form = EntrantFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    notes = [f"{form.fields[name].label}: {value}" for name, value in asked.items() if value]
    rows = entrants_matching(contest, **asked, sort=request.GET.get("sort", ""))
    content = export_entrants(contest, rows, by=request.user, revealed=request.method == "POST", notes=notes)
    return sheet_response(content, "nguoi-du-thi.xlsx")


@require_safe
def entrant_page(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """One entrant, details hidden."""
    contest = office_contest(request.user, pk)
    return render(request, "contests/office/entrant.html", entrant_values(request, office_entrant(contest, number)))


@never_cache
@require_POST
def reveal_entrant(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """The same page with the hidden details, after the look was recorded."""
    contest = office_contest(request.user, pk)
    entrant = office_entrant(contest, number)
    read_hidden(entrant, by=request.user)
    return render(request, "contests/office/entrant.html", entrant_values(request, entrant, revealed=True))


def entrant_values(request: SignedIn, entrant: Entrant, *, revealed: bool = False) -> dict[str, Any]:
    """What the page of an entrant shows and offers this reader."""
    counted = set(entrant.standings.exclude(counted=None).values_list("counted", flat=True))
    attempts = entrant.attempts.select_related("round").order_by("round_id", "number")
    events = history_of(entrant)[:_HISTORY]
    return {
        "contest": entrant.contest,
        "entrant": entrant,
        "details": shown_details(entrant, revealed=revealed),
        "revealed": revealed,
        "may_organise": may_organise(request, entrant.contest),
        "attempts": [(attempt, attempt.id in counted) for attempt in attempts],
        "flags": entrant.flags.all(),
        "doubles": likely_doubles(entrant),
        "prizes": entrant.prizes.select_related("prize_rule", "round"),
        "merged": entrant.merged.order_by("number"),
        "consents": entrant.consents.select_related("text"),
        "history": [_event(event) for event in events],
    }


def _event(event: AuditEvent) -> dict[str, object]:
    note = event.data.get("reason", "")
    return {"at": event.at, "by": event.actor_name, "text": verb_words(event), "note": note}


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: SignedIn, pk: int) -> HttpResponse:
    """Delete the personal details of a contest whose time is over; asked once more before."""
    contest = office_contest(request.user, pk, Permission.CONTESTS_ORGANISE)
    if request.method == "POST":
        count = forget_entrants(contest, at=timezone.now(), by=request.user)
        words = ngettext(
            "The personal details of %(count)s person were deleted.",
            "The personal details of %(count)s people were deleted.",
            count,
        )
        messages.success(request, words % {"count": number_text(count)})
        return redirect("contests:entrants", pk=pk)
    values = {
        "title": _("Delete personal details"),
        "message": contest.title,
        "consequences": [
            _("Names, phones, mail addresses, years of birth and unusual signs are deleted for good."),
            _("Results keep the public numbers; attempts stay."),
        ],
        "action": _("Delete personal details"),
        "cancel_href": "..",
    }
    return render(request, "ui/confirm.html", values)
