"""Where a person belongs: one more unit, a transfer, the end, full membership."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import is_allowed, require, visible_unit
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.core.text import number_text
from langsen.foundation.people import forms, services
from langsen.foundation.people.divided import heirs_of, waiting_in
from langsen.foundation.people.models import Membership, Person
from langsen.foundation.people.queries import person_for
from langsen.foundation.people.views.changing import form_page, writable
from langsen.foundation.people.views.steps import form_step

MOST_AT_ONCE = 300


def _membership(request: SignedIn, pk: int, membership: int) -> tuple[Person, Membership]:
    person = person_for(request.user, pk)
    row = get_object_or_404(person.memberships.select_related("org_unit"), pk=membership)
    require(request.user, Permission.PEOPLE_WRITE, row.org_unit)
    return person, row


@form_page
def add_membership(request: SignedIn, pk: int) -> HttpResponse:
    """One more unit."""
    person = writable(request, pk)
    form = forms.MembershipForm(request.POST or None, user=request.user, initial={"from_on": today()})

    def use(data: dict[str, Any]) -> None:
        services.add_membership(person, by=request.user, **data)

    words = {"title": _("Belongs to one more unit"), "action": _("Save"), "done": _("The membership is recorded.")}
    return form_step(request, form, use, person=person, **words)


@form_page
def transfer(request: SignedIn, pk: int, membership: int) -> HttpResponse:
    """To another unit."""
    person, row = _membership(request, pk, membership)
    form = forms.TransferForm(request.POST or None, user=request.user, initial={"on": today()})

    def use(data: dict[str, Any]) -> None:
        services.transfer_person(row, by=request.user, **data)

    title = _("Transfer from %(unit)s") % {"unit": row.org_unit.name}
    lead = _("For a unit outside your own, end the membership with the reason “transferred”; the new unit takes over.")
    done = _("%(name)s has been transferred.") % {"name": person.full_name}
    return form_step(request, form, use, person=person, title=title, action=_("Transfer"), done=done, lead=lead)


@form_page
def end(request: SignedIn, pk: int, membership: int) -> HttpResponse:
    """The end of a membership."""
    person, row = _membership(request, pk, membership)
    form = forms.EndMembershipForm(request.POST or None, initial={"last_on": today()})

    def use(data: dict[str, Any]) -> None:
        services.end_membership(row, by=request.user, **data)

    title = _("End the membership in %(unit)s") % {"unit": row.org_unit.name}
    words = {"action": _("End the membership"), "done": _("The membership has ended.")}
    return form_step(request, form, use, person=person, title=title, **words)


@form_page
def full_member(request: SignedIn, pk: int, membership: int) -> HttpResponse:
    """From probationary to full member."""
    person, row = _membership(request, pk, membership)
    form = forms.FullMemberForm(request.POST or None, initial={"on": today()})

    def use(data: dict[str, Any]) -> None:
        services.record_full_membership(row, by=request.user, **data)

    words = {"title": _("Becomes a full member"), "action": _("Save"), "done": _("Full membership is recorded.")}
    return form_step(request, form, use, person=person, **words)


@form_page
def divided(request: SignedIn, code: str) -> HttpResponse:
    """Who still stands in a unit that was divided, to be moved to those that took over."""
    user = request.user
    unit = visible_unit(user, code.strip().upper(), Permission.PEOPLE_WRITE)
    heirs = [heir for heir in heirs_of(unit) if is_allowed(user, Permission.PEOPLE_WRITE, heir)]
    form = forms.DividedForm(request.POST or None, heirs=heirs, initial={"on": unit.during.upper})
    chosen = {int(value) for value in request.POST.getlist("people") if value.isascii() and value.isdigit()}
    if request.method == "POST" and form.is_valid():
        try:
            count = services.move_from_divided(unit, chosen, by=user, **form.cleaned_data)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            words = ngettext("%(count)s person has been moved.", "%(count)s people have been moved.", count)
            messages.success(request, words % {"count": number_text(count)})
            return redirect("people:divided", code=unit.code)
    has_ended = unit.during.upper is not None and unit.during.upper <= today()
    waiting = waiting_in(unit) if has_ended else Membership.objects.none()
    all_ticked = "all" in request.GET
    values = {
        "unit": unit,
        "form": form,
        "rows": [(row, all_ticked or row.person_id in chosen) for row in waiting[:MOST_AT_ONCE]],
        "total": waiting.count(),
        "all_ticked": all_ticked,
    }
    return render(request, "people/divided.html", values, status=422 if request.method == "POST" else 200)
