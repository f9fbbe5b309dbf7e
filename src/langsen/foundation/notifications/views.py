"""My notices: reading them, mail or not, and reminding a unit by one button."""

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import visible_unit
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.text import number_text
from langsen.foundation.core.web import page_of
from langsen.foundation.notifications import queries, services
from langsen.foundation.notifications.forms import InboxFilter, MailForm
from langsen.foundation.notifications.nudging import NudgeAsked, nudge_of


@require_GET
def inbox(request: SignedIn) -> HttpResponse:
    """My notices, the unread first."""
    form = InboxFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    notices = queries.notices_for(request.user)
    if chosen.get("show") == "new":
        notices = notices.filter(read_at=None)
    page = page_of(request, queries.matching(notices, chosen["q"]) if chosen.get("q") else notices, size=30)
    values = {
        "form": form,
        "page": page,
        "unread": queries.unread_count(request.user),
        "newest": max((notice.pk for notice in page), default=0),
        "narrowed": any(chosen.values()),
        "trouble": queries.mail_trouble(request.user),
    }
    return render(request, "notifications/inbox.html", values)


@require_GET
def open_notice(request: SignedIn, pk: int) -> HttpResponse:
    """Mark as read and go where the notice leads; without such a page show its text."""
    notice = queries.notice_for(request.user, pk)
    services.read_notice(notice, by=request.user)
    if notice.href:
        return redirect(notice.href)
    return render(request, "notifications/notice.html", {"notice": notice})


@require_POST
def read(request: SignedIn, pk: int) -> HttpResponse:
    """Mark one as read."""
    services.read_notice(queries.notice_for(request.user, pk), by=request.user)
    return redirect(_back(request, "notices:inbox"))


@require_POST
def read_all(request: SignedIn) -> HttpResponse:
    """Mark everything up to what was shown as read."""
    until = request.POST.get("until", "")
    if not (until.isascii() and until.isdigit() and len(until) < 18):
        raise BadInput(_("Open your notices again and try once more."))
    count = services.read_all(by=request.user, until_id=int(until))
    words = ngettext("%(count)s notice is marked as read.", "%(count)s notices are marked as read.", count)
    messages.success(request, words % {"count": number_text(count)})
    return redirect("notices:inbox")


@require_http_methods(["GET", "POST"])
def mail(request: SignedIn) -> HttpResponse:
    """Whether my notices come by mail too."""
    held = {"wants_mail": queries.wants_mail(request.user), "email": request.user.email}
    form = MailForm(request.POST if request.method == "POST" else None, initial=held)
    if request.method == "POST" and form.is_valid():
        services.choose_mail(**form.cleaned_data, by=request.user)
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:mail")
    values = {"form": form, "trouble": queries.mail_trouble(request.user)}
    return render(request, "notifications/mail.html", values, status=422 if form.errors else 200)


@require_POST
def nudge(request: SignedIn) -> HttpResponse:
    """Remind a unit; the page that holds the button has signed what it says."""
    try:
        asked: NudgeAsked = nudge_of(request.POST.get("nudge", ""))
    except signing.BadSignature:
        raise BadInput(_("This button is too old. Open its page again and press it there.")) from None
    unit = visible_unit(request.user, asked.unit)
    try:
        reached = services.nudge(
            unit,
            about=asked.about,
            subject=asked.subject,
            text=asked.text,
            href=asked.href,
            holding=Permission(asked.holding),
            by=request.user,
        )
    except Conflict as error:  # done already: the page with the button says when
        messages.warning(request, str(error.message))
        return redirect(_back(request, settings.LOGIN_REDIRECT_URL))
    if reached:
        words = ngettext(
            "%(unit)s has been reminded: %(count)s person.", "%(unit)s has been reminded: %(count)s people.", reached
        )
        messages.success(request, words % {"unit": unit.name, "count": number_text(reached)})
    else:
        words = _("Nobody in %(unit)s has an account yet, so nobody could be reminded. Telephone, or invite somebody.")
        messages.warning(request, words % {"unit": unit.name})
    return redirect(_back(request, settings.LOGIN_REDIRECT_URL))


def _back(request: SignedIn, otherwise: str) -> str:
    back = request.POST.get("back", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else otherwise
