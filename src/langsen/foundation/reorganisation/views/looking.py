"""Looking at the tree: a branch on a day, search, Excel, and the page of one unit."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere, is_allowed, visible_unit
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import day_text
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import descendants_on, name_on, parent_on
from langsen.foundation.reorganisation import queries
from langsen.foundation.reorganisation.forms import TreeFilter
from langsen.foundation.reorganisation.history import changes_of, log_of
from langsen.foundation.reorganisation.views.changing import OPERATIONS

COLUMNS = (
    Column("code", gettext_lazy("Code"), width=14),
    Column("name", gettext_lazy("Name"), width=48),
    Column("kind", gettext_lazy("Kind of unit"), width=32),
    Column("parent", gettext_lazy("Superior's code"), width=14),
    Column("superior", gettext_lazy("Superior"), width=40),
    Column("from_on", gettext_lazy("From"), ColumnKind.DAY, width=12),
    Column("last_on", gettext_lazy("Last day"), ColumnKind.DAY, width=12),
    Column("state", gettext_lazy("State"), width=14),
)
# Pages of other registers about one unit, shown where they exist: words and the name of the address.
ELSEWHERE = (
    (gettext_lazy("Figures of the unit"), "figures:page"),
    (gettext_lazy("Conferences and meetings"), "study:sessions"),
    (gettext_lazy("Officials and Party members"), "people:roster"),
)


def _asked(request: HttpRequest) -> tuple[TreeFilter, str, date | None]:
    form = TreeFilter(request.GET)
    form.is_valid()
    asked = getattr(form, "cleaned_data", {})
    return form, asked.get("q", ""), asked.get("ngay")


def _opened(request: SignedIn, day: date) -> tuple[OrgUnit | None, list[OrgUnit]]:
    """Return the unit whose branch is shown, or the units to start from when there are several."""
    code = request.GET.get("o", "")
    if code:
        return visible_unit(request.user, code.strip().upper()), []
    tops = queries.top_units(request.user, day)
    return (tops[0], []) if len(tops) == 1 else (None, tops)


@require_GET
def tree(request: SignedIn) -> HttpResponse:
    """Show a branch of the tree on a day, or what a search found."""
    form, text, asked = _asked(request)
    day = asked or today()
    values: dict[str, object] = {"form": form, "day": day, "is_today": day == today(), "text": text}
    kept = {"ngay": day_text(day)} if day != today() else {}
    values["day_query"] = urlencode(kept)
    values["may_change"] = has_permission_somewhere(request.user, Permission.ORGS_CHANGE)
    if text:
        page = page_of(request, queries.search_units(request.user, text))
        values |= {"page": page, "lines": queries.lines_of(list(page), day, text=text)}
    else:
        opened, tops = _opened(request, day)
        values |= _branch(request, opened, tops, day)
    return render(request, "orgs/tree.html", values)


def _branch(request: SignedIn, opened: OrgUnit | None, tops: list[OrgUnit], day: date) -> dict[str, object]:
    if opened is None:
        return {"lines": queries.lines_of(tops, day), "opened": None}
    page = page_of(request, queries.children_of(opened, day, request.user), size=100)
    return {
        "opened": queries.lines_of([opened], day)[0],
        "exists": opened.exists_on(day),
        "path": queries.path_of(opened, day, request.user),
        "page": page,
        "lines": queries.lines_of(list(page), day),
    }


@require_GET
def tree_excel(request: SignedIn) -> HttpResponse:
    """Send the search's units, or everything below the opened unit on the day, as an Excel list."""
    _form, text, asked = _asked(request)
    day = asked or today()
    notes = [_("On the day: %(day)s") % {"day": day_text(day)}]
    if text:
        units: QuerySet[OrgUnit] = queries.search_units(request.user, text)
        notes.append(_("Search: %(text)s") % {"text": text})
    else:
        opened, tops = _opened(request, day)
        units = _all_below([opened] if opened else tops, day, request)
    lines = queries.lines_of(list(units), day)
    rows = (
        (
            line.unit.code,
            line.name,
            line.unit.kind.name,
            line.superior_code,
            line.superior,
            line.unit.from_on,
            line.unit.last_on,
            line.state[0],
        )
        for line in lines
    )
    return sheet_response(write_sheet(COLUMNS, rows, title=_("Organisations and units"), notes=notes), "to-chuc.xlsx")


def _all_below(tops: Sequence[OrgUnit], day: date, request: SignedIn) -> QuerySet[OrgUnit]:
    ids = {pk for top in tops for pk in descendants_on(top, day).values_list("pk", flat=True)}
    units = queries.readable_units(request.user).filter(pk__in=ids)
    return units.select_related("kind").order_by("kind__level", "sort_key", "id")


@require_GET
def unit_page(request: SignedIn, code: str) -> HttpResponse:
    """Show one unit on a day: names, place, what stands below, where it came from and went, its history."""
    unit = visible_unit(request.user, code.upper())
    form, _text, asked = _asked(request)
    day = queries.day_to_show(unit, asked)
    may_change = is_allowed(request.user, Permission.ORGS_CHANGE, unit)
    page = page_of(request, queries.children_of(unit, day, request.user), size=100)
    values = {
        "unit": unit,
        "name": name_on(unit, day),
        "state": queries.state_of(unit),
        "form": form,
        "day": day,
        "exists": unit.exists_on(day),
        "day_query": urlencode({"ngay": day_text(day)}) if day != today() else "",
        "path": queries.path_of(unit, day, request.user),
        "superior": parent_on(unit, day),
        "names": queries.names_of(unit),
        "second": queries.second_superiors(unit, day),
        "fate": queries.fate_of(unit, request.user),
        "page": page,
        "lines": queries.lines_of(list(page), day),
        "history": changes_of(unit),
        "log": log_of(unit) if is_allowed(request.user, Permission.AUDIT_READ, unit) else [],
        "elsewhere": _elsewhere(unit),
        "operations": _operations(unit) if may_change else [],
    }
    return render(request, "orgs/unit.html", values)


def _elsewhere(unit: OrgUnit) -> list[tuple[object, str]]:
    links: list[tuple[object, str]] = []
    for label, name in ELSEWHERE:
        try:
            links.append((label, f"{reverse(name)}?{urlencode({'unit': unit.code})}"))
        except NoReverseMatch:
            continue
    return links


def _operations(unit: OrgUnit) -> list[tuple[object, str]]:
    """Return the changes that may be recorded of a unit that has not ended."""
    if unit.last_on is not None and unit.last_on < today():
        return []
    return [
        (operation.title, reverse("orgs:change", kwargs={"code": unit.code, "operation": slug}))
        for slug, operation in OPERATIONS.items()
    ]
