"""Who holds which role where, and giving, ending and letting back in."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from langsen.foundation.access import queries, services
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.forms import EndGrantForm, GrantFilter, GrantForm, ResetForm
from langsen.foundation.access.models import Grant
from langsen.foundation.access.rules import has_permission_somewhere
from langsen.foundation.access.views.doors import for_granters, link_page
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.web import page_of


def tabs_of(current: str) -> list[dict[str, object]]:
    pages = (("grants", _("Roles")), ("invitations", _("Invitations")), ("roles", _("What each role may do")))
    return [{"label": label, "href": reverse(f"access:{name}"), "current": name == current} for name, label in pages]


def _filtered(request: SignedIn) -> tuple[GrantFilter, QuerySet[Grant]]:
    form = GrantFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.matching(
        queries.grants_seen_by(request.user),
        asked.get("q", ""),
        asked.get("role", ""),
        asked.get("state", ""),
        request.GET.get("sort", ""),
    )
    return form, found


def state_of(grant: Grant) -> tuple[str, str]:
    """Return a grant's state in words and its tone."""
    if grant.ended_at or (grant.during.upper and grant.during.upper <= today()):
        return _("ended"), "idle"
    return (_("coming"), "info") if grant.during.lower > today() else (_("now in force"), "ok")


def last_day(grant: Grant) -> object:
    return grant.during.upper - ONE_DAY if grant.during.upper else None


@require_GET
@for_granters
def grants(request: SignedIn) -> HttpResponse:
    """List who holds which role in my units."""
    form, found = _filtered(request)
    page = page_of(request, found)
    rows = [{"grant": grant, "state": state_of(grant), "last": last_day(grant)} for grant in page]
    values = {
        "title": _("Accounts and roles"),
        "lead": _("Who may do what in your units. A role reaches every unit below its own."),
        "form": form,
        "page": page,
        "rows": rows,
        "tabs": tabs_of("grants"),
    }
    return render(request, "access/grants.html", values)


@require_GET
@for_granters
def grants_excel(request: SignedIn) -> HttpResponse:
    """The same list as a workbook."""
    _form, found = _filtered(request)
    columns = [
        Column("name", _("Full name"), width=28),
        Column("username", _("User name")),
        Column("role", _("Role"), width=34),
        Column("unit", _("Unit"), width=34),
        Column("code", _("Code")),
        Column("from", _("From"), ColumnKind.DAY),
        Column("last", _("Last day"), ColumnKind.DAY),
        Column("state", _("State")),
    ]
    rows = (
        (
            grant.user.display_name,
            grant.user.username,
            grant.get_role_display(),
            grant.org_unit.name,
            grant.org_unit.code,
            grant.during.lower,
            last_day(grant),
            state_of(grant)[0],
        )
        for grant in found
    )
    return sheet_response(write_sheet(columns, rows, title=_("Accounts and roles")), _("Accounts and roles") + ".xlsx")


@require_GET
def roles(request: SignedIn) -> HttpResponse:
    """Explain what each role may do, from the rules themselves."""
    values = {
        "rows": queries.roles_explained(),
        "tabs": tabs_of("roles"),
        "may_grant": has_permission_somewhere(request.user, Permission.ACCESS_GRANT),
    }
    return render(request, "access/roles.html", values)


@require_http_methods(["GET", "POST"])
@for_granters
def give_role(request: SignedIn) -> HttpResponse:
    """Give a role to somebody who has an account."""
    form = GrantForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        initial={"org_unit": request.GET.get("unit", "")},
    )
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        try:
            grant = services.grant_role(user=facts.pop("username"), by=request.user, **facts)
        except (BadInput, NotAllowed) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Given: %(grant)s.") % {"grant": grant})
            return redirect("access:grants")
    values = {"form": form, "title": _("Give a role"), "action": _("Give the role")}
    return render(request, "access/form.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_granters
def end_role(request: SignedIn, pk: int) -> HttpResponse:
    """End a role with a day, or at once."""
    grant = queries.grant_seen_by(request.user, pk)
    form = EndGrantForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        last_on = None if form.cleaned_data["at_once"] else form.cleaned_data["last_on"]
        try:
            services.end_grant(grant, last_on=last_on, by=request.user)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The role has been ended."))
            return redirect("access:grants")
    values = {
        "title": _("End this role?"),
        "message": str(grant),
        "consequences": [_("What was recorded under this role stays."), _("It can be given again at any time.")],
        "action": _("End the role"),
        "cancel_href": reverse("access:grants"),
        "form": form,
    }
    return render(request, "ui/confirm.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_granters
def reset(request: SignedIn, pk: int) -> HttpResponse:
    """Issue a link by which the holder of this role sets a new password."""
    grant = queries.grant_seen_by(request.user, pk)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        uid, token = services.reset_access(
            grant.user, by=request.user, drop_two_step=form.cleaned_data["drop_two_step"]
        ).split("/")
        return link_page(
            request,
            reverse("access:new_password", args=[uid, token]),
            title=_("Link for a new password"),
            lead=_("For %(who)s, user name %(name)s.") % {"who": grant.user, "name": grant.user.username},
            words=_("The link works once, for three days. The old password no longer works."),
            back=reverse("access:grants"),
        )
    values = {
        "title": _("Let this person set a new password?"),
        "message": _("%(who)s, user name %(name)s") % {"who": grant.user, "name": grant.user.username},
        "consequences": [
            _("The present password stops working at once and all sessions end."),
            _("Access keys of this person's programs are removed."),
            _("You get a link to hand over; make sure it is the right person."),
        ],
        "action": _("Make the link"),
        "cancel_href": reverse("access:grants"),
        "form": form,
    }
    return render(request, "ui/confirm.html", values)
