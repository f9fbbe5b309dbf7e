"""Inviting people, and the invitations on their way."""

from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from langsen.foundation.access import queries, services
from langsen.foundation.access.forms import InviteForm
from langsen.foundation.access.models import Invitation
from langsen.foundation.access.views.doors import for_granters, link_page
from langsen.foundation.access.views.grants import tabs_of
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.core.text import moment_text
from langsen.foundation.core.web import page_of


def state_of(invitation: Invitation) -> tuple[str, str]:
    """Return an invitation's state in words and its tone."""
    if invitation.accepted_at:
        return _("accepted"), "ok"
    if invitation.withdrawn_at:
        return _("withdrawn"), "idle"
    return (_("link has ended"), "warn") if invitation.expires_at <= timezone.now() else (_("waiting"), "info")


@require_GET
@for_granters
def invitations(request: SignedIn) -> HttpResponse:
    """List the invitations into my units."""
    page = page_of(request, queries.invitations_seen_by(request.user))
    rows = [
        {"invitation": row, "state": state_of(row), "open": not (row.accepted_at or row.withdrawn_at)} for row in page
    ]
    values = {
        "title": _("Invitations"),
        "lead": _("A link hands over an account once; the person chooses the password."),
        "page": page,
        "rows": rows,
        "tabs": tabs_of("invitations"),
    }
    return render(request, "access/invitations.html", values)


@require_http_methods(["GET", "POST"])
@for_granters
def invite(request: SignedIn) -> HttpResponse:
    """Invite a person to make an account."""
    initial = {"org_unit": request.GET.get("unit", ""), "display_name": request.GET.get("name", "")}
    form = InviteForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, token = services.invite_person(**form.cleaned_data, by=request.user)
        except (BadInput, NotAllowed) as error:
            show_refusal(form, error)
        else:
            return _hand_over(request, invitation, token)
    values = {"form": form, "title": _("Invite a person"), "action": _("Make the invitation")}
    return render(request, "access/form.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_granters
def renew(request: SignedIn, pk: int) -> HttpResponse:
    """Make a new link for an invitation whose link was lost or has ended."""
    invitation = queries.invitation_seen_by(request.user, pk)
    if request.method == "POST":
        token = services.renew_invitation(invitation, by=request.user)
        return _hand_over(request, invitation, token)
    values = {
        "title": _("Make a new link?"),
        "message": str(invitation),
        "consequences": [_("The link handed over before stops working.")],
        "action": _("Make a new link"),
        "cancel_href": reverse("access:invitations"),
    }
    return render(request, "ui/confirm.html", values)


@require_http_methods(["GET", "POST"])
@for_granters
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw an invitation nobody has accepted."""
    invitation = queries.invitation_seen_by(request.user, pk)
    if request.method == "POST":
        services.withdraw_invitation(invitation, by=request.user)
        messages.success(request, _("The invitation has been withdrawn."))
        return redirect("access:invitations")
    values = {
        "title": _("Withdraw this invitation?"),
        "message": str(invitation),
        "consequences": [_("The link handed over stops working.")],
        "action": _("Withdraw"),
        "cancel_href": reverse("access:invitations"),
    }
    return render(request, "ui/confirm.html", values)


def _hand_over(request: SignedIn, invitation: Invitation, token: str) -> HttpResponse:
    path = reverse("access:accept", args=[token])
    words = _("The link works once, until %(when)s.") % {"when": moment_text(invitation.expires_at)}
    if invitation.email:
        words += " " + _mailed(invitation, request.build_absolute_uri(path))
    return link_page(
        request,
        path,
        title=_("Invitation of %(name)s") % {"name": invitation.display_name},
        lead=f"{invitation.get_role_display()}, {invitation.org_unit}",
        words=words,
        back=reverse("access:invitations"),
    )


def _mailed(invitation: Invitation, link: str) -> str:
    """Send the link and say what became of it; a mail server that is away does not undo the invitation."""
    body = _(
        "%(name)s,\n\n%(unit)s invites you to make your account in Làng Sen (%(role)s).\n"
        "Open this link to choose a user name and a password; it works once, until %(when)s:\n\n%(link)s\n"
    ) % {
        "name": invitation.display_name,
        "unit": invitation.org_unit,
        "role": invitation.get_role_display(),
        "when": moment_text(invitation.expires_at),
        "link": link,
    }
    try:
        send_mail(_("Your account in Làng Sen"), body, None, [invitation.email])
    except OSError:
        return _("The mail could not be sent; hand the link over yourself.")
    return _("It was also sent to %(mail)s.") % {"mail": invitation.email}
