"""The pages of communication outputs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.rules import require
from langsen.foundation.core.periods import today
from langsen.foundation.core.receipts import receipted
from langsen.foundation.core.sheets.views import sheet_response
from langsen.registers.communications import services
from langsen.registers.communications.enums import OutputKind
from langsen.registers.communications.exports import outputs_sheet
from langsen.registers.communications.forms import OutputFilter, OutputForm
from langsen.registers.communications.models import Output
from langsen.registers.communications.queries import SORTS, output_for, outputs_for
from langsen.registers.communications.register import OUTPUTS
from langsen.registers.kit import views as kit
from langsen.registers.kit.queries import history_lines, in_order


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Outputs of the reader's units, narrowed by the address."""
    form = OutputFilter(request.GET, user=kit.signed_in(request))
    rows = in_order(outputs_for(kit.signed_in(request), form.filters()), request.GET.get("sort", ""), SORTS)
    return render(request, "communications/outputs.html", kit.list_values(request, OUTPUTS, form, rows))


@require_safe
def excel(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    form = OutputFilter(request.GET, user=kit.signed_in(request))
    rows = in_order(outputs_for(kit.signed_in(request), form.filters()), request.GET.get("sort", ""), SORTS)
    return sheet_response(outputs_sheet(rows), "san-pham-tuyen-truyen.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@receipted("communications.record")
def record_page(request: HttpRequest) -> HttpResponse:
    """Record an output on a phone: three fields."""
    unit = kit.unit_to_record_for(request, OUTPUTS)
    title = _("Record a communication output")
    if unit is None:
        return kit.choose_unit_page(request, OUTPUTS, title=title)
    initial = {"kind": OutputKind.ARTICLE, "published_on": today()}
    form = OutputForm(request.POST if request.method == "POST" else None, initial=initial)
    output = kit.attempt(form, lambda: services.record_output(unit, form.facts(), by=kit.signed_in(request)))
    if output is not None:
        return redirect(output)
    values = kit.entry_values(request, OUTPUTS, unit, title=title, action="communications.record")
    return kit.draw(request, "communications/record.html", form, values)


@require_safe
def output_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One output: what and where, its files, what was done to it."""
    output = output_for(kit.signed_in(request), pk)
    values = {**kit.record_values(request, OUTPUTS, output), "history": history_lines(output)}
    return render(request, "communications/output.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is recorded about an output."""
    output = _own_output(request, pk)
    form = OutputForm(request.POST if request.method == "POST" else None, initial=OutputForm.initial_of(output))
    by = kit.signed_in(request)
    changed = kit.attempt(
        form, lambda: services.change_output(output, form.facts(), by=by, seen=form.cleaned_data["seen"])
    )
    if changed is not None:
        messages.success(request, _("The changes are saved."))
        return redirect(output)
    values = {"record": output, **kit.stands_now(form, output)}
    return kit.draw(request, "communications/change.html", form, values)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then cancel."""
    output, by = _own_output(request, pk), kit.signed_in(request)
    return kit.cancel_step(
        request,
        output,
        lambda reason: services.cancel_output(output, reason=reason, by=by),
        action=_("Cancel the output"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restore_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a cancellation back."""
    output, by = _own_output(request, pk), kit.signed_in(request)
    return kit.restore_step(request, output, lambda: services.restore_output(output, by=by))


def _own_output(request: HttpRequest, pk: int) -> Output:
    """Return an output of a unit the reader records for (404 not visible, 403 visible only)."""
    output = output_for(kit.signed_in(request), pk)
    require(kit.signed_in(request), OUTPUTS.record, output.org_unit)
    return output
