"""The pages of an import, the same for every register: send, look, decide, apply, fetch the rest."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.models import ImportRow, ImportRun, ImportStatus
from langsen.foundation.core.sheets import runs, waiting
from langsen.foundation.core.sheets.forms import UploadForm
from langsen.foundation.core.sheets.kinds import ImportKind, State, kind_of
from langsen.foundation.core.sheets.rejects import rejected_sheet
from langsen.foundation.core.sheets.writing import write_template
from langsen.foundation.core.web import page_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ORDER = (State.REJECTED, State.DOUBTFUL, State.NEW, State.CHANGED, State.UNCHANGED)


def sheet_response(content: bytes, name: str) -> HttpResponse:
    """Return the workbook as a download called `name`."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"list.xlsx\"; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


def _address(kind: ImportKind, page: str = "", **arguments: Any) -> str:
    return reverse(f"{kind.url_prefix}_import{page}", kwargs=arguments or None)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, kind_code: str) -> HttpResponse:
    """Ask for the file; on POST keep and read it."""
    kind = kind_of(kind_code)
    targets = kind.targets(request.user, request.GET.get("unit", ""))
    if not targets:
        raise NotAllowed(_("You have not been given the right to import into any unit."))
    form = UploadForm(request.POST or None, request.FILES or None, targets=targets, label=kind.target_label)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        context = kind.context(request.user, int(form.cleaned_data["unit"]))
        try:
            run = runs.receive(kind, upload.file, name=upload.name, size=upload.size, context=context)
        except BadInput as fault:
            form.add_error("file", str(fault.message))
        else:
            return redirect(_address(kind, "_run", pk=run.pk))
    status = 422 if request.method == "POST" else 200
    earlier = ImportRun.objects.filter(user_id=request.user.pk or 0, kind=kind.code).order_by("-id")[:5]
    values = {
        "kind": kind,
        "form": form,
        "earlier": [(run, _address(kind, "_run", pk=run.pk)) for run in earlier],
        "template_href": _address(kind, "_template"),
        "back_href": kind.back_href(targets[0].pk if "unit" in request.GET else None),
    }
    return render(request, "ui/import_start.html", values, status=status)


@require_safe
def template(request: HttpRequest, kind_code: str) -> HttpResponse:
    """Our own empty list to fill in."""
    kind = kind_of(kind_code)
    if not kind.targets(request.user):
        raise NotAllowed(_("You have not been given the right to import into any unit."))
    content = write_template(kind.columns, title=str(kind.title), examples=kind.examples)
    return sheet_response(content, f"mau-{kind.file_stem}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def run_page(request: HttpRequest, kind_code: str, pk: int) -> HttpResponse:
    """Where the import stands; on POST the next step."""
    kind = kind_of(kind_code)
    run = runs.run_for(request.user, kind, pk)
    if request.method == "POST":
        return _step(request, kind, run)
    values = {
        "kind": kind,
        "run": run,
        "again_href": _address(kind),
        "back_href": kind.back_href(run.subject_id),
        "here": request.path,
    }
    if run.status in {ImportStatus.PREVIEWED, ImportStatus.APPLIED} and run.stored_name:
        return render(request, "ui/import_preview.html", values | _preview(request, kind, run))
    told = waiting.progress_of(run)
    values |= {"told": told, "is_silent": waiting.is_silent(run, told)}
    return render(request, "ui/import_progress.html", values)


def _preview(request: HttpRequest, kind: ImportKind, run: ImportRun) -> dict[str, Any]:
    counts = {state: run.counts.get(state, 0) for state in _ORDER}
    first = next((state for state in _ORDER if counts[state]), State.REJECTED)
    shown = request.GET.get("show", "")
    state = State(shown) if shown in set(State) else first
    words = _state_words()
    good = counts[State.NEW] + counts[State.CHANGED]
    tabs = [
        {"label": words[one], "href": f"?show={one.value}", "current": one == state, "count": counts[one]}
        for one in _ORDER
    ]
    page = page_of(request, ImportRow.objects.filter(run=run, state=state))
    applied = run.status == ImportStatus.APPLIED
    return {
        "counts": {one.value: counts[one] for one in _ORDER},
        "good": good,
        "left_out": counts[State.REJECTED] + counts[State.DOUBTFUL],
        "tabs": tabs,
        "state": state.value,
        "state_words": words[state],
        "page": page,
        "has_choices": not applied and any(row.candidates for row in page),
        "missing": runs.missing_columns(run),
        "columns": _mapping_choices(kind, run),
        "rejected_href": _address(kind, "_rejected", pk=run.pk),
        "is_applied": applied,
    }


def _state_words() -> dict[State, str]:
    return {
        State.NEW: _("New"),
        State.CHANGED: _("Changed"),
        State.UNCHANGED: _("Unchanged"),
        State.DOUBTFUL: _("For you to decide"),
        State.REJECTED: _("Not right yet"),
    }


def _mapping_choices(kind: ImportKind, run: ImportRun) -> list[dict[str, Any]]:
    titles, examples = run.head.get("titles", {}), run.head.get("examples", {})
    options = [
        (int(index), f"{title} – {examples[index]}" if examples.get(index) else title)
        for index, title in titles.items()
    ]
    return [
        {"column": column, "chosen": run.mapping.get(column.key), "options": sorted(options)} for column in kind.columns
    ]


def _step(request: HttpRequest, kind: ImportKind, run: ImportRun) -> HttpResponse:
    here = redirect(_address(kind, "_run", pk=run.pk))
    action = request.POST.get("action")
    if action == "apply":
        return _apply(run, here)
    if action == "mapping":
        runs.remap(run, _posted_mapping(request, kind))
    elif action == "choices":
        runs.choose(run, _posted_choices(request))
        messages.success(request, _("Your answers are kept."))
    elif action == "push":
        waiting.push_on(run)
        messages.success(request, _("The file is waiting for its turn again."))
    elif action == "discard":
        runs.discard(run)
        messages.success(request, _("The file was discarded. Nothing was imported."))
        return redirect(_address(kind))
    else:
        raise BadInput(_("This step does not exist."))
    return here


def _apply(run: ImportRun, here: HttpResponse) -> HttpResponse:
    try:
        runs.apply(run)
    except Conflict:
        run.refresh_from_db()
        if run.status not in {ImportStatus.APPLIED, ImportStatus.QUEUED}:
            raise
    return here


def _posted_mapping(request: HttpRequest, kind: ImportKind) -> dict[str, int]:
    posted = {column.key: request.POST.get(f"column-{column.key}", "") for column in kind.columns}
    return {key: int(index) for key, index in posted.items() if index.isascii() and index.isdigit()}


def _posted_choices(request: HttpRequest) -> dict[int, str]:
    return {
        int(name.removeprefix("choice-")): str(value)[:40]
        for name, value in request.POST.items()
        if name.startswith("choice-") and name.removeprefix("choice-").isdecimal()
    }


@require_safe
def rejected(request: HttpRequest, kind_code: str, pk: int) -> HttpResponse:
    """The rows that were not imported, in the file's own layout, with the reasons beside them."""
    kind = kind_of(kind_code)
    run = runs.run_for(request.user, kind, pk)
    return sheet_response(rejected_sheet(run), f"{kind.file_stem}-can-sua.xlsx")
