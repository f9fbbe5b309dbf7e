"""What is held about me, asking for a correction, and answering."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import NotAllowed, NotFound
from langsen.foundation.core.web import page_of
from langsen.foundation.people import forms, services
from langsen.foundation.people.models import Person
from langsen.foundation.people.queries import corrections_for, person_of
from langsen.foundation.people.views.changing import form_page, writable
from langsen.foundation.people.views.looking import held_values
from langsen.foundation.people.views.steps import form_step


def _myself(request: SignedIn) -> Person:
    person = person_of(request.user) or services.link_invited_account(request.user)
    if person is None:
        raise NotFound(_("Your account is not linked with a person on the roster. Ask the officer of your cell."))
    return person


@require_safe
def me(request: SignedIn) -> HttpResponse:
    """Everything held about me, unmasked."""
    person = _myself(request)
    values = {"person": person, **held_values(person, revealed=True)}
    requests = person.correction_requests.order_by("-id")[:20]
    response = render(request, "people/me.html", values | {"requests": requests})
    response["Cache-Control"] = "no-store"
    return response


@form_page
def ask(request: SignedIn) -> HttpResponse:
    """Ask for a correction of what is held about me."""
    person = _myself(request)
    form = forms.CorrectionForm(request.POST or None)

    def use(data: dict[str, Any]) -> None:
        services.ask_correction(person, by=request.user, **data)

    words = {
        "title": _("Ask for a correction"),
        "action": _("Send"),
        "done": _("Your request has been sent to the officer of your unit."),
    }
    return form_step(request, form, use, person=person, back=reverse("people:me"), **words)


@form_page
def ask_for(request: SignedIn, pk: int) -> HttpResponse:
    """Enter a request for a person without an account."""
    person = writable(request, pk)
    form = forms.CorrectionForm(request.POST or None)

    def use(data: dict[str, Any]) -> None:
        services.ask_correction(person, by=request.user, **data)

    words = {"title": _("Enter a request for correction"), "action": _("Save"), "done": _("The request is recorded.")}
    return form_step(request, form, use, person=person, **words)


@require_safe
def corrections(request: SignedIn) -> HttpResponse:
    """Requests in the units whose roster I keep."""
    if not has_permission_somewhere(request.user, Permission.PEOPLE_WRITE):
        raise NotAllowed(_("You have not been given the right to keep a roster."))
    return render(request, "people/corrections.html", {"page": page_of(request, corrections_for(request.user))})


@form_page
def correction(request: SignedIn, pk: int) -> HttpResponse:
    """One request and its answer."""
    row = corrections_for(request.user).filter(pk=pk).first()
    if row is None:
        raise NotFound
    form = forms.AnswerForm(request.POST or None)

    def use(data: dict[str, Any]) -> None:
        services.answer_correction(row, is_done=data["is_done"] == "yes", answer=data["answer"], by=request.user)

    words = {"title": _("Request for correction"), "action": _("Answer"), "done": _("The answer is recorded.")}
    back = reverse("people:corrections")
    template = "people/correction.html"
    return form_step(request, form, use, person=row.person, back=back, template=template, row=row, **words)
