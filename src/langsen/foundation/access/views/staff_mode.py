"""Opening and closing staff mode."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from langsen.foundation.access import services
from langsen.foundation.access.forms import StaffModeForm
from langsen.foundation.access.rules import staff_mode_of
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.refusals import show_refusal


@require_http_methods(["GET", "POST"])
def staff_mode(request: SignedIn) -> HttpResponse:
    """Open staff mode, or see until when it lasts."""
    user = request.user
    if not user.is_operator:
        raise NotAllowed(_("Staff mode is for operators of the system only."))
    form = StaffModeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.open_staff_mode(**form.cleaned_data, by=user)
        except BadInput as error:
            show_refusal(form, error)
        else:
            messages.warning(request, _("Staff mode is open. Every act is marked until it ends."))
            return redirect("/")
    values = {"form": form, "mode": staff_mode_of(user)}
    return render(request, "access/staff_mode.html", values, status=422 if form.errors else 200)


@require_POST
def end_staff_mode(request: SignedIn) -> HttpResponse:
    """End staff mode now."""
    services.close_staff_mode(by=request.user)
    messages.success(request, _("Staff mode has ended."))
    return redirect("/")
