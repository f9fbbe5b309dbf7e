"""One way for every form of the roster: show it, run the use case, come back to the person."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.people.models import Person

Use = Callable[[dict[str, Any]], object]


def form_step(
    request: SignedIn,
    form: forms.Form,
    use: Use,
    *,
    title: str,
    action: str,
    done: str,
    person: Person,
    back: str = "",
    template: str = "people/form.html",
    **values: Any,
) -> HttpResponse:
    """Answer a form about `person`: 422 with the reasons when refused, else back to the person's page with `done`."""
    back = back or reverse("people:person", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        try:
            use(form.cleaned_data)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, done)
            return redirect(back)
    status = 422 if request.method == "POST" else 200
    values |= {"form": form, "title": title, "action": action, "person": person, "back_href": back}
    return render(request, template, values, status=status)
