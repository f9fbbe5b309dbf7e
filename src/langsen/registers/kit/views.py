"""Steps of the pages of a register. A view stays a plain function that loads, asks one use case, and answers."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from langsen.foundation.access.rules import has_permission_somewhere, is_allowed, own_units, require, units_where
from langsen.foundation.access.rules import visible_unit as unit_seen_by
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_matching
from langsen.registers.kit.forms import CancelForm
from langsen.registers.kit.models import RegisterRecord
from langsen.registers.kit.register import Register
from langsen.registers.kit.services import units_entered_for_others

T = TypeVar("T")


def signed_in(request: HttpRequest) -> User:
    """Return who asks; the middleware lets nobody else come this far."""
    user = request.user
    if not isinstance(user, User):
        raise NotFound
    return user


def attempt(form: forms.Form, use: Callable[[], T]) -> T | None:
    """Run the use case if the form was sent and holds; what is refused goes into the form, to be drawn again (None)."""
    if not form.is_valid():
        return None
    try:
        return use()
    except (BadInput, Conflict) as error:
        show_refusal(form, error)
        return None


def draw(request: HttpRequest, template: str, form: forms.Form, values: Mapping[str, Any]) -> HttpResponse:
    """Draw the page of a form; one that was refused and comes back is answered with 422."""
    return render(request, template, {"form": form, **values}, status=422 if form.errors else 200)


def list_values(request: HttpRequest, register: Register, form: forms.Form, rows: QuerySet[Any]) -> dict[str, Any]:
    """Return what a list page shows (`ui/list_page.html`): the filter bar, a page of rows, the address for Excel."""
    return {
        "title": register.title,
        "form": form,
        "page": page_of(request, rows),
        "may_record": has_permission_somewhere(signed_in(request), register.record),
        "query": request.GET.urlencode(),
    }


def record_values(request: HttpRequest, register: Register, record: RegisterRecord) -> dict[str, Any]:
    """Return what the head of a record's page shows (`kit/record.html`)."""
    recorder = is_allowed(signed_in(request), register.record, record.org_unit)
    return {
        "record": record,
        "register": register,
        "may_change": recorder and not record.is_cancelled,
        "may_restore": recorder and record.is_cancelled,
        "change_href": register.href("change", record.pk),
        "cancel_href": register.href("cancel", record.pk),
        "restore_href": register.href("restore", record.pk),
    }


def stands_now(form: forms.Form, record: Any) -> dict[str, Any]:
    """After a refusal because somebody else was faster: what stands now, and the moment to save over it knowingly.

    `record` has `changed_at`, and the form a `SeenField` called `seen`.
    """
    if not form.is_bound:
        return {}
    record.refresh_from_db()
    if form.cleaned_data.get("seen") in {None, record.changed_at}:
        return {}
    return {"now": record, "seen_now": record.changed_at.isoformat()}


def _recording_units(user: User, register: Register) -> QuerySet[OrgUnit]:
    return units_where(user, register.record).filter(during__contains=today()).select_related("kind")


def unit_to_record_for(request: HttpRequest, register: Register) -> OrgUnit | None:
    """Return the unit the address names (`?unit=`), else the person's own; None asks to choose one.

    Raises:
        NotAllowed: the person records for no unit at all.
        NotFound: the unit named has ended, or they may not see it.
    """
    user = signed_in(request)
    units = _recording_units(user, register)
    code = request.GET.get("unit", "").strip().upper()
    if code:
        unit = units.filter(code=code).first()
        if unit is None:
            require(user, register.record, unit_seen_by(user, code))
            raise NotFound
        return unit
    own = {unit.pk for unit in own_units(user)}
    found = list(units.filter(pk__in=own)[:2])
    if "choose" not in request.GET and len(found) == 1:
        return found[0]
    if not units.exists():
        raise NotAllowed(str(register.nowhere))
    return None


def entry_values(
    request: HttpRequest, register: Register, unit: OrgUnit, *, title: str, action: str = ""
) -> dict[str, Any]:
    """Return what an entry page shows (`kit/entry.html`): for which unit, and whether for somebody else.

    `action` is the name the view is `receipted` under, which the outbox of a phone needs; none where it is not.
    """
    others = units_entered_for_others(signed_in(request), [unit], register.record)
    return {"title": title, "action": action, "register": register, "unit": unit, "entered_for_other": bool(others)}


def choose_unit_page(
    request: HttpRequest,
    register: Register,
    *,
    title: str,
    units: QuerySet[OrgUnit] | None = None,
    asked: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Ask for the unit: a search and a list of links back to the same page.

    `units` are those to choose from, by default those the person records for today; `asked` says what is asked in
    other words (`lead`) and where the page leads back to (`back_href`, `back_text`).
    """
    text = request.GET.get("q", "")
    offered = _recording_units(signed_in(request), register) if units is None else units
    units = units_matching(text, offered)
    page: Page[OrgUnit] = page_of(request, units.order_by("kind__level", "sort_key", "id"), 30)
    kept = {name: request.GET[name] for name in request.GET if name not in {"q", "page", "unit", "choose"}}
    words = {
        "lead": _("Which unit do you record for?"),
        "back_href": register.list_href,
        "back_text": register.title,
        **(asked or {}),
    }
    values = {"title": title, "page": page, "q": text, "kept": kept, **words}
    return render(request, "kit/choose_unit.html", values)


def cancel_step(
    request: HttpRequest, record: RegisterRecord, cancel: Callable[[str], object], *, action: str
) -> HttpResponse:
    """Ask for the reason, then `cancel(reason)`; `action` is the word on the button."""
    form = CancelForm(request.POST if request.method == "POST" else None)
    if attempt(form, lambda: cancel(form.cleaned_data["reason"])) is not None:
        messages.success(request, _("This is cancelled now. It stays here and counts nowhere."))
        return redirect(_page(record))
    values = {
        "title": _("Cancel: %(title)s") % {"title": record},
        "message": record.org_unit.name,
        "consequences": [
            _("It counts in no figure any more, here and in every unit above."),
            _("The record, its numbers and its history stay; the cancellation can be taken back."),
        ],
        "action": action,
        "cancel_href": _page(record),
    }
    return draw(request, "ui/confirm.html", form, values)


def restore_step(request: HttpRequest, record: RegisterRecord, restore: Callable[[], object]) -> HttpResponse:
    """Ask, then take the cancellation back."""
    if request.method == "POST":
        restore()
        messages.success(request, _("The cancellation is taken back."))
        return redirect(_page(record))
    values = {
        "title": _("Take the cancellation back: %(title)s") % {"title": record},
        "message": _("Cancelled because: %(reason)s") % {"reason": record.cancel_reason},
        "consequences": [_("It counts again as it did before.")],
        "action": _("Take the cancellation back"),
        "cancel_href": _page(record),
    }
    return render(request, "ui/confirm.html", values)


def _page(record: RegisterRecord) -> str:
    return str(record.get_absolute_url())  # type: ignore[attr-defined]
