"""Changing a person: details, account, posts and exemptions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere, require
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.people import forms, services
from langsen.foundation.people.models import Person
from langsen.foundation.people.queries import alike, people_for, person_for
from langsen.foundation.people.views.steps import form_step

form_page = require_http_methods(["GET", "HEAD", "POST"])


def writable(request: SignedIn, pk: int) -> Person:
    """Return a person whose roster the user keeps (404 not visible, 403 visible only)."""
    person = person_for(request.user, pk)
    services.require_for_person(request.user, Permission.PEOPLE_WRITE, person)
    return person


@form_page
def add(request: SignedIn) -> HttpResponse:
    """A new person; a likely double is asked about first."""
    if not has_permission_somewhere(request.user, Permission.PEOPLE_WRITE):
        raise NotAllowed(_("You have not been given the right to keep a roster."))
    form = forms.NewPersonForm(request.POST or None, user=request.user, initial={"from_on": today()})
    doubles: list[Person] = []
    if request.method == "POST" and form.is_valid():
        doubles = _doubles(request, form)
        if not doubles:
            try:
                person = _added(request, form)
            except BadInput as error:
                show_refusal(form, error)
            else:
                messages.success(request, _("%(name)s is on the roster.") % {"name": person.full_name})
                return redirect("people:person", pk=person.pk)
    status = 422 if request.method == "POST" else 200
    values = {"form": form, "doubles": doubles, "title": _("Add a person"), "action": _("Save")}
    return render(request, "people/add.html", values | {"back_href": reverse("people:roster")}, status=status)


def _doubles(request: SignedIn, form: forms.NewPersonForm) -> list[Person]:
    data = form.cleaned_data
    if data["is_other"]:
        return []
    found = list(alike(data["full_name"], data["born_on"][0], people_for(request.user))[:5])
    if found:
        form.ask_whether_other()
    return found


def _added(request: SignedIn, form: forms.NewPersonForm) -> Person:
    data = form.cleaned_data
    return services.add_person(
        form.details(),
        org_unit=data["org_unit"],
        person_class=data["person_class"],
        from_on=data["from_on"],
        by=request.user,
    )


@form_page
def change(request: SignedIn, pk: int) -> HttpResponse:
    """Change what is held about a person. Masked days stay masked; an empty field keeps them."""
    person = writable(request, pk)
    form = forms.DetailsForm(request.POST or None, person=person)

    def use(_data: dict[str, Any]) -> None:
        services.change_person(person, form.details(), by=request.user)

    words = {"title": _("Change the details"), "action": _("Save"), "done": _("Saved.")}
    return form_step(request, form, use, person=person, **words)


@form_page
def link_account(request: SignedIn, pk: int) -> HttpResponse:
    """Say which account belongs to the person."""
    person = writable(request, pk)
    initial = {"username": person.user.username if person.user else ""}
    form = forms.AccountForm(request.POST or None, initial=initial)

    def use(data: dict[str, Any]) -> None:
        services.link_account(person, data["username"], by=request.user)

    words = {"title": _("Account of the person"), "action": _("Save"), "done": _("Saved.")}
    return form_step(request, form, use, person=person, **words)


@form_page
def give_post(request: SignedIn, pk: int) -> HttpResponse:
    """Record a post."""
    person = writable(request, pk)
    form = forms.PostForm(request.POST or None, user=request.user, initial={"from_on": today()})

    def use(data: dict[str, Any]) -> None:
        services.give_post(person, by=request.user, **data)

    words = {"title": _("Record a post"), "action": _("Save"), "done": _("The post is recorded.")}
    return form_step(request, form, use, person=person, **words)


@form_page
def end_post(request: SignedIn, pk: int, post: int) -> HttpResponse:
    """End a post."""
    person = person_for(request.user, pk)
    row = get_object_or_404(person.posts.select_related("org_unit"), pk=post)
    require(request.user, Permission.PEOPLE_WRITE, row.org_unit)
    form = forms.LastDayForm(request.POST or None, initial={"last_on": today()})

    def use(data: dict[str, Any]) -> None:
        services.end_post(row, by=request.user, **data)

    title = _("End the post: %(post)s") % {"post": row.title}
    return form_step(request, form, use, person=person, title=title, action=_("Save"), done=_("The post has ended."))


@form_page
def exempt(request: SignedIn, pk: int) -> HttpResponse:
    """Exempt a person from meetings and study."""
    person = writable(request, pk)
    form = forms.ExemptionForm(request.POST or None, initial={"from_on": today()})

    def use(data: dict[str, Any]) -> None:
        services.exempt_person(person, by=request.user, **data)

    words = {"title": _("Exempt from meetings and study"), "action": _("Save"), "done": _("The exemption is recorded.")}
    return form_step(request, form, use, person=person, **words)


@form_page
def end_exemption(request: SignedIn, pk: int, exemption: int) -> HttpResponse:
    """End an exemption."""
    person = writable(request, pk)
    row = get_object_or_404(person.exemptions.all(), pk=exemption)
    form = forms.LastDayForm(request.POST or None, initial={"last_on": today()})

    def use(data: dict[str, Any]) -> None:
        services.end_exemption(row, by=request.user, **data)

    words = {"title": _("End the exemption"), "action": _("Save"), "done": _("The exemption has ended.")}
    return form_step(request, form, use, person=person, **words)
