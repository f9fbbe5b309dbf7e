"""The roster out as Excel; in, it goes through the pages of the kit."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import NotAllowed
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.people.exports import export_roster
from langsen.foundation.people.forms import RosterFilter
from langsen.foundation.people.queries import roster_rows
from langsen.foundation.people.views.looking import require_reader


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: SignedIn) -> HttpResponse:
    """The filtered list; days masked, or with them when asked for by POST and permitted. Both are recorded."""
    require_reader(request)
    revealed = request.method == "POST"
    if revealed and not has_permission_somewhere(request.user, Permission.PEOPLE_READ_SENSITIVE):
        raise NotAllowed(_("You have not been given the right to read masked details."))
    form = RosterFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = roster_rows(request.user, **asked)
    notes = [f"{form.fields[name].label}: {value}" for name, value in asked.items() if value]
    content = export_roster(found.people, found.units, by=request.user, revealed=revealed, notes=notes)
    return sheet_response(content, "danh-sach.xlsx")
