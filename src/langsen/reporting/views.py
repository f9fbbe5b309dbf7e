"""Pages of figures: a unit's summary, by unit, by month, by theme, and the list behind each number."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require, units_where, visible_unit
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, NotFound
from langsen.foundation.core.periods import today, year
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import day_text
from langsen.foundation.figures.catalogue import Figure, figure_by_code
from langsen.foundation.figures.drill import behind, permission_behind
from langsen.foundation.figures.engine import Asked, UnitEnded, figures_of, rows_by_month, rows_by_unit
from langsen.foundation.figures.enums import Kind
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import ancestors_on
from langsen.reporting import queries
from langsen.reporting.asking import asked_for
from langsen.reporting.forms import QuestionForm

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES_A_PAGE = 50
MOST_EXCEL_LINES = 60_000
VIEWS = ("summary", "unit", "month", "theme")


@dataclass(frozen=True)
class Question:
    """What the address asks; `trouble` says what could not be read, and the page then shows this year instead."""

    asked: Asked
    trouble: str = ""


def _question(request: SignedIn) -> Question:
    query = request.GET
    code = query.get("unit", "")
    unit = visible_unit(request.user, code, Permission.FIGURES_READ) if code else queries.first_unit(request.user)
    if unit is None:
        raise NotFound
    this_year = year(today().year)
    try:
        return Question(
            asked_for(
                unit,
                first=query.get("from", "") or this_year.first.isoformat(),
                last=query.get("to", "") or this_year.last.isoformat(),
                tree=query.get("tree", "") or "then",
                theme=query.get("theme", ""),
            )
        )
    except UnitEnded as error:
        return Question(_then(unit, query.get("from", ""), query.get("to", "")), str(error.message))
    except BadInput as error:
        return Question(Asked(unit, this_year), str(error.message))


def _then(unit: OrgUnit, first: str, last: str) -> Asked:
    this_year = year(today().year)
    return asked_for(unit, first=first or this_year.first.isoformat(), last=last or this_year.last.isoformat())


@require_GET
def page(request: SignedIn) -> HttpResponse:
    """The figures of a unit, each opening its list."""
    question = _question(request)
    asked = question.asked
    view = request.GET.get("view", "summary")
    view = view if view in VIEWS else "summary"
    themes = list(queries.themes_of(asked.unit, asked.period))
    base = reverse("figures:page")
    context = {
        "asked": asked,
        "trouble": question.trouble,
        "view": view,
        "form": QuestionForm(asked, queries.units_offered(request.user), themes),
        "crumbs": _crumbs(request, asked),
        "tabs": [
            {"label": label, "href": f"{base}?{queries.address(asked, view=name)}", "current": name == view}
            for name, label in zip(VIEWS, (_("Summary"), _("By unit"), _("By month"), _("By theme")), strict=True)
        ],
        "presets": [
            {
                "label": preset.label,
                "href": f"{base}?{queries.address(Asked(asked.unit, preset.period, asked.reading), view=view)}",
                "current": preset.period == asked.period,
            }
            for preset in queries.presets(today())
        ],
        "excel_href": f"{reverse('figures:excel')}?{queries.address(asked, view=view)}",
        **_VIEW_CONTEXT[view](request, asked),
    }
    return render(request, "reporting/figures.html", context)


def _crumbs(request: SignedIn, asked: Asked) -> list[dict[str, str]]:
    """The units above that this reader may open."""
    day = min(asked.period.last, asked.unit.last_on or today(), today())
    readable = set(units_where(request.user, Permission.FIGURES_READ).values_list("pk", flat=True))
    above = [unit for unit in ancestors_on(asked.unit, max(day, asked.unit.from_on)) if unit != asked.unit]
    base = reverse("figures:page")
    return [
        {"label": unit.name, "href": f"{base}?{queries.address(Asked(unit, asked.period, asked.reading))}"}
        for unit in above
        if unit.pk in readable
    ]


def _summary(request: SignedIn, asked: Asked) -> dict[str, object]:  # noqa: ARG001
    before = queries.before_of(asked)
    return {
        "before": before,
        "programme": queries.programme_of(asked.period),
        "lines": queries.summary(asked, before),
    }


def _by_unit(request: SignedIn, asked: Asked) -> dict[str, object]:
    figure = queries.chosen_figure(request.GET.get("figure", ""))
    rows = rows_by_unit(queries.with_figure(asked, figure))
    return {
        "heads": queries.side_by_side(),
        "rows": queries.unit_rows(asked, rows),
        "figure": figure,
        "choices": _choices(asked, figure, "unit"),
        "ranking": queries.ranking(asked, rows, figure),
    }


def _by_month(request: SignedIn, asked: Asked) -> dict[str, object]:
    figure = queries.chosen_figure(request.GET.get("figure", ""))
    rows = rows_by_month(queries.with_figure(asked, figure))
    labels, values = queries.trend(rows, figure)
    name = f"{figure.name} (%)" if figure.kind == Kind.RATIO else str(figure.name)
    return {
        "heads": queries.side_by_side(),
        "rows": queries.month_rows(asked, rows),
        "figure": figure,
        "choices": _choices(asked, figure, "month"),
        "drawn": name,
        "labels": labels,
        "series": [{"name": name, "values": values}],
    }


def _by_theme(request: SignedIn, asked: Asked) -> dict[str, object]:  # noqa: ARG001
    return {"heads": queries.side_by_side(), "rows": queries.theme_rows(asked)}


_VIEW_CONTEXT = {"summary": _summary, "unit": _by_unit, "month": _by_month, "theme": _by_theme}


def _choices(asked: Asked, chosen: Figure, view: str) -> list[dict[str, object]]:
    base = reverse("figures:page")
    return [
        {
            "label": figure.name,
            "href": f"{base}?{queries.address(asked, view=view, figure=figure.code)}",
            "current": figure == chosen,
        }
        for figure in queries.side_by_side()
    ]


@dataclass(frozen=True)
class Opened:
    """A number somebody opened, read from the address and permitted."""

    asked: Asked
    figure: Figure
    part: str
    row: OrgUnit | None


def _opened(request: SignedIn) -> Opened:
    question = _question(request)
    if question.trouble:
        raise BadInput(question.trouble)
    asked = question.asked
    figure = figure_by_code(request.GET.get("figure", ""))
    part = request.GET.get("part", "")
    row_code = request.GET.get("row", "")
    row = OrgUnit.objects.filter(code=row_code).first() if row_code else None
    if row_code and row is None:
        raise NotFound(row_code)
    require(request.user, permission_behind(figure, part), asked.unit)
    return Opened(asked, figure, part, row)


@require_GET
def behind_number(request: SignedIn) -> HttpResponse:
    """The records behind a number; their amounts sum to it."""
    opened = _opened(request)
    try:
        number = max(1, int(request.GET.get("page", "1")))
    except ValueError:
        number = 1
    found = behind(
        opened.asked, opened.figure, part=opened.part, row=opened.row,
        offset=(number - 1) * LINES_A_PAGE, limit=LINES_A_PAGE,
    )  # fmt: skip
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        **vars(opened),
        "found": found,
        "number": number,
        "pages": max(1, -(-found.count // LINES_A_PAGE)),
        "kept": query.urlencode(),
        "back_href": f"{reverse('figures:page')}?{queries.address(opened.asked)}",
        "excel_href": f"{reverse('figures:list_excel')}?{query.urlencode()}",
    }
    return render(request, "reporting/behind.html", context)


def _notes(asked: Asked) -> list[str]:
    return [
        f"{asked.unit.name} ({asked.unit.code})",
        f"{day_text(asked.period.first)} – {day_text(asked.period.last)}, {asked.reading.label}",
    ]


def _sheet(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@require_GET
def list_excel(request: SignedIn) -> HttpResponse:
    """The whole list behind a number as Excel."""
    opened = _opened(request)
    found = behind(opened.asked, opened.figure, part=opened.part, row=opened.row, limit=MOST_EXCEL_LINES)
    columns = [
        Column("label", _("Content"), width=60),
        Column("unit", _("Unit"), width=40),
        Column("day", _("Day"), ColumnKind.DAY),
        Column("amount", _("Number"), ColumnKind.COUNT),
    ]
    rows = [(line.label, line.unit_name, line.day, amount) for line, amount in found.lines]
    rows.append((_("Total"), "", None, found.total))
    content = write_sheet(columns, rows, title=str(opened.figure.name), notes=_notes(opened.asked))
    return _sheet(f"danh-sach-{opened.figure.code}-{opened.asked.unit.code}", content)


@require_GET
def page_excel(request: SignedIn) -> HttpResponse:
    """The figures on the page as Excel: the summary, or the rows of the view."""
    asked = _question(request).asked
    view = request.GET.get("view", "summary")
    if view in ("unit", "month", "theme"):
        columns, rows = _rows_sheet(asked, view)
    else:
        columns = [
            Column("name", _("Content"), width=60),
            Column("value", _("Number"), ColumnKind.COUNT),
            Column("numerator", _("Numerator"), ColumnKind.COUNT),
            Column("denominator", _("Denominator"), ColumnKind.COUNT),
            Column("ratio", _("Ratio"), ColumnKind.PERCENT),
        ]
        rows = [
            (("    " if value.figure.parent else "") + str(value.figure.name), value.value, None, None, None)
            if value.denominator is None
            else (str(value.figure.name), None, value.numerator, value.denominator, value.value)
            for value in figures_of(asked)
        ]
    title = _("Figures of %(unit)s") % {"unit": asked.unit.name}
    return _sheet(f"so-lieu-{asked.unit.code}", write_sheet(columns, rows, title=title, notes=_notes(asked)))


def _rows_sheet(asked: Asked, view: str) -> tuple[list[Column], list[tuple[str | int | float | None, ...]]]:
    heads = queries.side_by_side()
    columns = [Column("name", _("Name"), width=50)]
    columns += [
        Column(head.code, str(head.name), ColumnKind.PERCENT if head.kind == "ratio" else ColumnKind.COUNT, width=20)
        for head in heads
    ]
    rows = [
        (row.label + (f" ({row.note})" if row.note else ""), *(value.value.value for value in row.values))
        for row in _table_rows(asked, view)
    ]
    return columns, rows


def _table_rows(asked: Asked, view: str) -> list[queries.TableRow]:
    if view == "theme":
        return queries.theme_rows(asked)
    question = queries.with_figure(asked, None)
    if view == "unit":
        return queries.unit_rows(asked, rows_by_unit(question))
    return queries.month_rows(asked, rows_by_month(question))
