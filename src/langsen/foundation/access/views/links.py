"""The two pages a one-time link opens, for somebody who is not signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from langsen.foundation.access import services
from langsen.foundation.access.forms import AcceptForm, NewPasswordForm
from langsen.foundation.access.services.invitations import invitation_of
from langsen.foundation.access.services.resets import account_of_link
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.refusals import show_refusal


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited person choose a user name and a password."""
    invitation = invitation_of(token)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            user = services.accept_invitation(token, username=facts["username"], password=facts["password"])
        except BadInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Your account is ready. Sign in as “%(name)s”.") % {"name": user.username})
            return redirect("account_login")
    values = {"form": form, "invitation": invitation}
    return render(request, "access/accept.html", values, status=422 if form.errors else 200)


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Let the holder of a reset link set a new password."""
    account = account_of_link(uid, token)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_new_password(uid, token, password=form.cleaned_data["password"])
        except BadInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The new password is set. Sign in as “%(name)s”.") % {"name": account.username})
            return redirect("account_login")
    values = {"form": form, "account": account}
    return render(request, "access/new_password.html", values, status=422 if form.errors else 200)
