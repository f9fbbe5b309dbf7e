"""My account: how I sign in, and the keys of programs that act as me."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from langsen.foundation.accounts import queries, services
from langsen.foundation.accounts.forms import TokenForm
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.periods import today


@require_http_methods(["GET", "POST"])
def mine(request: SignedIn) -> HttpResponse:
    """Show my account; issue an access key, which is shown this once."""
    form, token = TokenForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        last = today() + timedelta(days=form.cleaned_data["days"])
        _row, token = services.issue_token(name=form.cleaned_data["name"], expires_on=last, by=request.user)
        form = TokenForm()
    values = {"form": form, "token": token, "tokens": queries.tokens_of(request.user), "today": today()}
    response = render(request, "accounts/mine.html", values, status=422 if form.errors else 200)
    if token:
        response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def revoke(request: SignedIn, pk: int) -> HttpResponse:
    """Revoke one of my access keys."""
    token = queries.token_of(request.user, pk)
    if request.method == "POST":
        services.revoke_token(token, by=request.user)
        messages.success(request, _("The access key no longer works."))
        return redirect("accounts:mine")
    values = {
        "title": _("Revoke this access key?"),
        "message": token.name,
        "consequences": [_("The program that uses it is refused from now on.")],
        "action": _("Revoke"),
        "cancel_href": reverse("accounts:mine"),
    }
    return render(request, "ui/confirm.html", values)
