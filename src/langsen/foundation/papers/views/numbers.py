"""Own numbering: the books of a unit, taking a number, marking one as not used."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.papers import services
from langsen.foundation.papers.enums import Layout
from langsen.foundation.papers.forms import BookForm, ReserveForm, VoidForm, YearBookForm
from langsen.foundation.papers.models import NumberBook
from langsen.foundation.papers.queries import head_of, number_for, numbers_of
from langsen.foundation.papers.views.doors import kept_unit, layout_of


@require_safe
def numbers(request: SignedIn, code: str, layout: str) -> HttpResponse:
    """The books of a unit and the numbers taken, the newest first."""
    unit, side = kept_unit(request.user, code), layout_of(layout)
    page = page_of(request, numbers_of(unit, side))
    values = {
        "unit": unit,
        "layout": side,
        "page": page,
        "mark": head_of(unit, today(), side).code(),
        "separator": "/" if side == Layout.STATE else "-",
        "books": NumberBook.objects.filter(org_unit=unit, layout=side).order_by("-during"),
        "is_open": NumberBook.objects.filter(org_unit=unit, layout=side, during__contains=today()).exists(),
    }
    return render(request, "papers/numbers.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def open_book(request: SignedIn, code: str, layout: str) -> HttpResponse:
    """Begin own numbering for a term or a year."""
    unit, side = kept_unit(request.user, code), layout_of(layout)
    posted = request.method == "POST"
    kind = YearBookForm if side == Layout.STATE else BookForm
    form = kind(request.POST if posted else None, initial={"from_on": today()})
    if posted and form.is_valid():
        facts = {"last_on": form.cleaned_data["from_on"]} | form.cleaned_data
        try:
            services.open_book(unit, layout=side, by=request.user, **facts)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The book of numbers is open."))
            return redirect("papers:numbers", code=unit.code, layout=side)
    return _page(request, form, unit, side, _("Begin own numbering"))


@require_http_methods(["GET", "HEAD", "POST"])
def reserve_number(request: SignedIn, code: str, layout: str) -> HttpResponse:
    """Take the next number."""
    unit, side = kept_unit(request.user, code), layout_of(layout)
    posted = request.method == "POST"
    form = ReserveForm(request.POST if posted else None, initial={"on": today()})
    if posted and form.is_valid():
        try:
            taken = services.reserve_number(unit, layout=side, by=request.user, **form.cleaned_data)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Number %(number)s is reserved.") % {"number": taken.number})
            return redirect("papers:numbers", code=unit.code, layout=side)
    return _page(request, form, unit, side, _("Take the next number"))


@require_http_methods(["GET", "HEAD", "POST"])
def void_number(request: SignedIn, pk: int) -> HttpResponse:
    """Mark a number as not used."""
    number = number_for(request.user, pk)
    posted = request.method == "POST"
    form = VoidForm(request.POST if posted else None)
    back = reverse("papers:numbers", args=[number.book.org_unit.code, number.book.layout])
    if posted and form.is_valid():
        try:
            services.void_number(number, reason=form.cleaned_data["reason"], by=request.user)
        except BadInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Number %(number)s stays as a gap.") % {"number": number.number})
            return redirect(back)
    values = {
        "title": _("Number %(number)s is not used") % {"number": number.number},
        "message": _("It is never given again; the reason stays beside it."),
        "form": form,
        "action": _("Mark as not used"),
        "cancel_href": back,
    }
    return render(request, "ui/confirm.html", values, status=422 if posted else 200)


def _page(
    request: SignedIn, form: BookForm | YearBookForm | ReserveForm, unit: OrgUnit, layout: Layout, title: str
) -> HttpResponse:
    values = {"form": form, "unit": unit, "title": title, "layout": layout, "is_number": True}
    return render(request, "papers/form.html", values, status=422 if request.method == "POST" else 200)
