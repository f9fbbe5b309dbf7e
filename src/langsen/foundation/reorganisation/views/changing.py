"""Recording a change of the tree: a form, what it would do, and doing it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require, visible_unit
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, Conflict, NotFound
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import parent_on, tree_version
from langsen.foundation.reorganisation import services
from langsen.foundation.reorganisation.bulk import NewUnit
from langsen.foundation.reorganisation.changes import Decision, check_version
from langsen.foundation.reorganisation.forms import (
    DissolveForm,
    EstablishForm,
    MergeForm,
    MoveForm,
    OperationForm,
    RenameForm,
    SplitForm,
)
from langsen.foundation.reorganisation.previews import Preview, preview
from langsen.foundation.reorganisation.queries import newest_change


@dataclass(frozen=True)
class OperationPage:
    """One operation as a page: its words, its form, and the use case it calls."""

    title: object
    lead: object
    form: type[OperationForm]
    act: Callable[[OperationForm, OrgUnit, User], None]


class _Common(TypedDict):
    effective_on: date
    decision: Decision
    tree_version: int
    by: User


def _common(form: OperationForm, by: User) -> _Common:
    data = form.cleaned_data
    return {
        "effective_on": data["effective_on"],
        "decision": form.decision,
        "tree_version": data["tree_version"],
        "by": by,
    }


def _establish(form: OperationForm, unit: OrgUnit, by: User) -> None:
    data = form.cleaned_data
    services.establish_unit(
        code=data["code"], name=data["name"], kind=data["kind"].code, parent=unit, **_common(form, by)
    )


def _rename(form: OperationForm, unit: OrgUnit, by: User) -> None:
    services.rename_unit(unit, name=form.cleaned_data["name"], **_common(form, by))


def _move(form: OperationForm, unit: OrgUnit, by: User) -> None:
    services.move_unit(unit, parent=form.cleaned_data["parent"], **_common(form, by))


def _merge(form: OperationForm, unit: OrgUnit, by: User) -> None:
    data = form.cleaned_data
    others = list(OrgUnit.objects.filter(code__in=[*data["others"], *data["more"]]).order_by("sort_key", "id"))
    successor = data["successor"]
    if successor is None:
        parent = data["parent"] or parent_on(unit, data["effective_on"])
        successor = NewUnit(
            data["code"], data["name"], data["kind"].code, parent.code if parent else None, data["effective_on"]
        )
    services.merge_units([unit, *others], successor=successor, **_common(form, by))


def _split(form: OperationForm, unit: OrgUnit, by: User) -> None:
    data = form.cleaned_data
    heirs = form.heirs() if isinstance(form, SplitForm) else {}
    parent = data["parent"] or parent_on(unit, data["effective_on"])
    known = {each.code: each for each in OrgUnit.objects.filter(code__in=[code for code, _name in heirs.values()])}
    successors = [
        known.get(code) or NewUnit(code, name, data["kind"].code, parent.code if parent else None, data["effective_on"])
        for code, name in heirs.values()
    ]
    children = {
        field.removeprefix("child_"): heirs[chosen][0]
        for field, chosen in data.items()
        if field.startswith("child_") and chosen in heirs
    }
    services.split_unit(
        unit,
        successors=successors,
        children=children,
        keeps=data["keeps"],
        members_to=heirs[data["members_to"]][0] if data["members_to"] in heirs else "",
        **_common(form, by),
    )


def _dissolve(form: OperationForm, unit: OrgUnit, by: User) -> None:
    data = form.cleaned_data
    services.dissolve_unit(unit, successor=data["successor"], children_to=data.get("children_to"), **_common(form, by))


OPERATIONS: dict[str, OperationPage] = {
    "thanh-lap": OperationPage(
        gettext_lazy("Establish a unit below"),
        gettext_lazy("A new unit below this one."),
        EstablishForm,
        _establish,
    ),
    "doi-ten": OperationPage(
        gettext_lazy("Rename"),
        gettext_lazy("The unit stays the same; its old name stands for its own days."),
        RenameForm,
        _rename,
    ),
    "chuyen": OperationPage(
        gettext_lazy("Move under another superior"),
        gettext_lazy("Everything below it moves along."),
        MoveForm,
        _move,
    ),
    "hop-nhat": OperationPage(
        gettext_lazy("Merge"),
        gettext_lazy("The units end; units below them, people and records go to the successor."),
        MergeForm,
        _merge,
    ),
    "chia-tach": OperationPage(
        gettext_lazy("Divide"),
        gettext_lazy("Say for every unit below which successor it goes to."),
        SplitForm,
        _split,
    ),
    "giai-the": OperationPage(
        gettext_lazy("Dissolve"),
        gettext_lazy("The unit ends; roles given in it end too."),
        DissolveForm,
        _dissolve,
    ),
}


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, code: str, operation: str) -> HttpResponse:
    """Ask for the facts, show what would happen, then record the change."""
    unit = visible_unit(request.user, code.upper())
    page = OPERATIONS.get(operation)
    if page is None:
        raise NotFound(operation)
    require(request.user, Permission.ORGS_CHANGE, unit)
    form = page.form(request.POST or None, unit=unit, user=request.user)
    try:
        # First of all: the choices of a form opened on an older tree may no longer exist.
        check_version(tree_version(), _version_of(request))
        if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
            if "confirmed" in request.POST:
                page.act(form, unit, request.user)
                messages.success(request, _("The change of the organisation has been recorded."))
                return redirect("orgs:unit", code=unit.code)
            return _shown(request, page, unit, form, preview(lambda: page.act(form, unit, request.user)))
    except Conflict as conflict:
        return _kept(request, page, unit, conflict)
    except BadInput as error:
        show_refusal(form, error)
    return _asked(request, page, unit, form, 422 if form.errors else 200)


def _version_of(request: SignedIn) -> int | None:
    text = request.POST.get("tree_version", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _asked(
    request: SignedIn, page: OperationPage, unit: OrgUnit, form: OperationForm, status: int, newest: str = ""
) -> HttpResponse:
    values = {"form": form, "unit": unit, "page": page, "newest": newest}
    return render(request, "orgs/change.html", values, status=status)


def _kept(request: SignedIn, page: OperationPage, unit: OrgUnit, conflict: Conflict) -> HttpResponse:
    """Somebody else was first: give the facts back as they were typed, beside what has changed meanwhile."""
    data = request.POST.copy()
    data["tree_version"] = str(tree_version())
    form = page.form(data, unit=unit, user=request.user)
    show_refusal(form, conflict)
    return _asked(request, page, unit, form, 409, newest_change(request.user))


def _shown(request: SignedIn, page: OperationPage, unit: OrgUnit, asked: OperationForm, seen: Preview) -> HttpResponse:
    """Draw the page that shows everything and asks once more; it sends the same facts again."""
    form = page.form(request.POST, unit=unit, user=request.user)
    for field in form.fields.values():
        field.widget = field.hidden_widget()
    title = f"{page.title}: {unit.name}"
    values = {"title": title, "unit": unit, "seen": seen, "form": form, "decision": asked.decision_words}
    return render(request, "orgs/preview.html", values)
