"""What the organising board does to one entrant, each on a page of its own with its reason; the queue of signs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from langsen.contests.contests.codes import shown
from langsen.contests.contests.enums import FlagStatus
from langsen.contests.contests.forms.entrants import (
    ExtraTimeForm,
    FlagFilter,
    FlagForm,
    IdentityForm,
    MergeForm,
    ReasonForm,
)
from langsen.contests.contests.models import Entrant, EntrantFlag
from langsen.contests.contests.queries.entrants import flags_of, office_contest, office_entrant
from langsen.contests.contests.rules import require_in
from langsen.contests.contests.services import entrants as services
from langsen.contests.contests.views.entrants import may_organise
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, Conflict, NotFound
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.core.web import page_of


@dataclass(frozen=True)
class Act:
    """Something done to an entrant: its words, what follows from it, its form, its use case."""

    title: Any
    done: Any
    consequences: tuple[Any, ...]
    use: Callable[[Entrant, dict[str, Any], User], object]
    form: type[forms.Form] = ReasonForm


def _merge(entrant: Entrant, data: dict[str, Any], by: User) -> None:
    services.merge_entrants(entrant, data["other"], reason=data["reason"], by=by)


ACTS: dict[str, Act] = {
    "khong-du-dieu-kien": Act(
        gettext_lazy("Record as not eligible"),
        gettext_lazy("Recorded as not eligible."),
        (
            gettext_lazy("The entrant cannot begin papers any more and stands in no result."),
            gettext_lazy("Nothing is deleted; it can be taken back. The person reads the reason when entering."),
        ),
        lambda entrant, data, by: services.bar_entrant(entrant, reason=data["reason"], by=by),
    ),
    "khoi-phuc": Act(
        gettext_lazy("Record as eligible again"),
        gettext_lazy("Recorded as eligible again."),
        (gettext_lazy("The attempts of this sign-up count again."),),
        lambda entrant, data, by: services.restore_entrant(entrant, reason=data["reason"], by=by),
    ),
    "gop": Act(
        gettext_lazy("Join with another sign-up of the same person"),
        gettext_lazy("The sign-ups are joined."),
        (
            gettext_lazy("The attempts of this sign-up count; those of the other stay recorded and do not count."),
            gettext_lazy("The other code opens this sign-up from now on. Nothing is deleted; it can be taken back."),
        ),
        _merge,
        MergeForm,
    ),
    "xac-minh": Act(
        gettext_lazy("Record that the identity was checked"),
        gettext_lazy("The check is recorded."),
        (),
        lambda entrant, data, by: services.check_identity(entrant, reason=data["reason"], by=by),
        IdentityForm,
    ),
    "them-gio": Act(
        gettext_lazy("Give extra time"),
        gettext_lazy("The extra time is recorded."),
        (gettext_lazy("It holds for papers begun from now on, in every round."),),
        lambda entrant, data, by: services.give_extra_time(entrant, data["minutes"] * 60, reason=data["reason"], by=by),
        ExtraTimeForm,
    ),
    "xoa-thong-tin": Act(
        gettext_lazy("Delete personal details on request"),
        gettext_lazy("The personal details were deleted."),
        (
            gettext_lazy("Name, phone, mail address, year of birth and signs are deleted for good."),
            gettext_lazy("Results keep the public number; attempts stay. A prize can then no longer be paid."),
        ),
        lambda entrant, data, by: services.redact_entrant(entrant, reason=data["reason"], by=by, at=timezone.now()),
    ),
}


def _organised(request: SignedIn, pk: int, number: int) -> Entrant:
    contest = office_contest(request.user, pk)
    require_in(request.user, Permission.CONTESTS_ORGANISE, contest)
    return office_entrant(contest, number)


def _form(kind: type[forms.Form], entrant: Entrant, *args: Any) -> forms.Form:
    if issubclass(kind, MergeForm):
        return kind(entrant, *args)
    form = kind(*args)
    if isinstance(form, ExtraTimeForm):
        form.initial["minutes"] = entrant.extra_seconds // 60
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def entrant_act(request: SignedIn, pk: int, number: int, act: str) -> HttpResponse:
    """One thing done to an entrant, after its consequences were read and its reason written."""
    entrant = _organised(request, pk, number)
    chosen = ACTS.get(act)
    if chosen is None:
        raise NotFound
    posted = request.method == "POST"
    form = _form(chosen.form, entrant, *([request.POST] if posted else []))
    if posted and form.is_valid():
        try:
            chosen.use(entrant, form.cleaned_data, request.user)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, chosen.done)
            return redirect("contests:entrant", pk=pk, number=number)
    values = {
        "title": chosen.title,
        "message": f"{entrant.public_number} · {entrant.full_name}",
        "consequences": chosen.consequences,
        "action": _("Record"),
        "cancel_href": reverse("contests:entrant", args=[pk, number]),
        "form": form,
    }
    return render(request, "ui/confirm.html", values, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_code(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """A new personal code, printed once and handed over."""
    entrant = _organised(request, pk, number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            code = shown(services.reissue_code(entrant, reason=form.cleaned_data["reason"], by=request.user))
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            link = request.build_absolute_uri(reverse("contests:enter", args=[entrant.contest.slug])) + f"#{code}"
            picture = segno.make(link, error="m").svg_data_uri(scale=5, border=3, dark="#1b1d22", light="#ffffff")
            values: dict[str, Any] = {"entrant": entrant, "contest": entrant.contest, "code": code, "picture": picture}
            return render(request, "contests/office/entrant_code.html", values)
    values = {
        "title": _("Give a new personal code"),
        "message": f"{entrant.public_number} · {entrant.full_name}",
        "consequences": [
            _("Be sure first that it is the person: ask for the phone and the year of birth given at the sign-up."),
            _("The old code is void at once. Attempts are kept."),
            _("The new code is shown once on the next page, to be printed or read out."),
        ],
        "action": _("Give a new code"),
        "cancel_href": reverse("contests:entrant", args=[pk, number]),
        "form": form,
    }
    return render(request, "ui/confirm.html", values, status=422 if request.method == "POST" else 200)


@require_safe
def flags(request: SignedIn, pk: int) -> HttpResponse:
    """The unusual signs of a contest that wait for a person."""
    contest = office_contest(request.user, pk)
    form = FlagFilter(request.GET or {"status": FlagStatus.OPEN})
    asked = form.cleaned_data if form.is_valid() else {}
    status = asked.get("status") or FlagStatus.OPEN
    page = page_of(request, flags_of(contest, status=status, kind=asked.get("kind", "")))
    values = {"contest": contest, "form": form, "page": page, "may_organise": may_organise(request, contest)}
    return render(request, "contests/office/entrant_flags.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def decide_flag(request: SignedIn, pk: int, flag: int) -> HttpResponse:
    """Decide an unusual sign with a reason."""
    contest = office_contest(request.user, pk)
    require_in(request.user, Permission.CONTESTS_ORGANISE, contest)
    sign = get_object_or_404(EntrantFlag.objects.select_related("entrant__contest"), pk=flag, entrant__contest=contest)
    posted = request.method == "POST"
    form = FlagForm(request.POST if posted else None)
    if posted and form.is_valid():
        status = FlagStatus(form.cleaned_data["status"])
        try:
            services.decide_flag(sign, status, reason=form.cleaned_data["reason"], by=request.user)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("contests:entrant_flags", pk=pk)
    about = f": {sign.about}" if sign.about else ""
    values = {
        "title": _("Unusual sign"),
        "message": f"{sign.entrant.public_number} · {sign.entrant.full_name} · {sign.get_kind_display()}{about}",
        "consequences": [
            _("The sign asks a person to look; by itself it says nothing against anybody."),
            _("Nothing follows from the decision by itself: sign-ups are joined on the entrant's own page."),
        ],
        "action": _("Record"),
        "cancel_href": reverse("contests:entrant_flags", args=[pk]),
        "form": form,
    }
    return render(request, "ui/confirm.html", values, status=422 if posted else 200)
