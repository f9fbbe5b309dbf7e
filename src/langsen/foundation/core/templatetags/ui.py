"""The interface components, one for each thing; `/style/` shows them together (developers only).

Filters write numbers and days as the office does. Leaf components are inclusion tags; components with a body are block
tags closed by `end…`. Their markup lies in `templates/ui/`. No component writes a `style` attribute: the content
security policy forbids it, so widths are SVG attributes and everything else is a class.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from langsen.foundation.core import text
from langsen.foundation.core.templatetags import ui_forms

register = template.Library()

Number = int | float | Decimal
MOST_FILTERS_UNFOLDED = 2
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 100.0, 32.0, 3.0

register.filter("number", text.number_text)
register.filter("percent", text.percent_text)


@register.filter
def day(value: date | None) -> str:
    """Write a day as 22/9/2023, nothing for None."""
    return text.day_text(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment as 14:05 22/9/2023 in the office's time zone, nothing for None."""
    return text.moment_text(value) if value else ""


def _block(name: str, content: str, **values: object) -> SafeString:
    # The body was rendered, and so escaped, by the page that wrote it.
    return render_to_string(f"ui/{name}.html", {**values, "body": mark_safe(content.strip())})  # noqa: S308


@register.simple_block_tag
def page_head(content: str, title: str, lead: str = "", back_href: str = "", back_text: str = "") -> SafeString:
    """The page's h1 with one line below it; the body holds the actions (buttons), the primary one last."""
    return _block("page_head", content, title=title, lead=lead, back_href=back_href, back_text=back_text)


@register.simple_block_tag
def sheet(
    content: str, title: str = "", href: str = "", link: str = "", pad: bool = False, level: int = 2, id: str = ""
) -> SafeString:
    """A white sheet with a heading and one link at its right; `pad` for text, without it for tables and lists."""
    return _block("sheet", content, title=title, href=href, link=link, pad=pad, level=level, id=id)


@register.simple_block_tag
def table(
    content: str,
    caption: str,
    compact: bool = False,
    cards: bool = False,
    wide: bool = False,
    show_caption: bool = False,
) -> SafeString:
    """A table: its head stays visible, or (`wide`) it scrolls inside itself; `cards` makes its rows cards on a phone.

    Cells of cards carry `data-label`, number cells class `num`. The caption is read aloud; `show_caption` shows it.
    """
    options = {"compact": compact, "cards": cards, "wide": wide, "show_caption": show_caption}
    return _block("table", content, caption=caption, **options)


@register.inclusion_tag("ui/sort_th.html", takes_context=True)
def sort_th(context: template.Context, label: str, key: str, num: bool = False) -> dict[str, object]:
    """A column head that sorts: `?sort=key` then `?sort=-key`; the view reads `request.GET["sort"]`."""
    query = context["request"].GET
    current = query.get("sort", "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    href = ui_forms.address(query, sort=f"-{key}" if current == key else key)
    return {"label": label, "href": href, "direction": direction, "num": num}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> dict[str, object]:
    """How many rows, and the way to the other pages; keeps the filters. `page` as `core.web.page_of` makes it."""
    kept = ui_forms.address(context["request"].GET)
    return {"page": page, "prefix": f"{kept}&page=" if kept != "?" else "?page="}


@register.inclusion_tag("ui/state.html")
def state(label: str, tone: str = "idle") -> dict[str, str]:
    """A state badge; `tone` is ok, warn, bad, info, honour or idle. The words carry the meaning, not the colour."""
    return {"label": label, "tone": tone}


@register.inclusion_tag("ui/spark.html")
def spark(values: Iterable[Number | None]) -> dict[str, str]:
    """A small line of a trend; None leaves a gap at that place."""
    return {"points": spark_points(list(values))}


def spark_points(values: Sequence[Number | None]) -> str:
    """Scale `values` into the box of the spark line: "x,y x,y …", empty when fewer than two are known."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step = SPARK_WIDTH / (len(values) - 1)
    scale = (SPARK_HEIGHT - 2 * SPARK_MARGIN) / (high - low) if high > low else 0.0
    middle = 0.0 if high > low else SPARK_HEIGHT / 2 - SPARK_MARGIN
    return " ".join(
        f"{index * step:.1f},{SPARK_HEIGHT - SPARK_MARGIN - middle - (float(value) - low) * scale:.1f}"
        for index, value in enumerate(values)
        if value is not None
    )


@register.inclusion_tag("ui/figure_tile.html")
def figure_tile(
    label: str, value: str, href: str = "", base: str = "", trend: Sequence[Number | None] = (), note: str = ""
) -> dict[str, object]:
    """One figure: `value` already written (`|number`, `|percent`), `base` the counts behind it, `trend` its line."""
    return {
        "label": label, "value": value, "href": href, "base": base, "note": note, "points": spark_points(list(trend)),
    }  # fmt: skip


@register.inclusion_tag("ui/todo.html")
def todo(
    title: str, href: str, action: str, when: str = "", note: str = "", badge: str = "", tone: str = "idle",
    late: bool = False, primary: bool = False,
) -> dict[str, object]:  # fmt: skip
    """One row of work waiting, inside `<ul class="todos">`: when, what, and its button."""
    return {
        "title": title, "href": href, "action": action, "when": when, "note": note, "badge": badge, "tone": tone,
        "late": late, "primary": primary,
    }  # fmt: skip


@register.inclusion_tag("ui/timeline.html")
def timeline(events: Iterable[object]) -> dict[str, object]:
    """A history; each event has `at` (moment) or `on` (day), `text`, and may have `by`, `note`, `href`."""
    return {"events": list(events)}


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """What stands where nothing is yet: why it is empty and one example; the body may hold text and a button."""
    return _block("empty", content, title=title)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A message that stays on the page; `tone` is info, ok, warn or bad."""
    return _block("notice", content, tone=tone, title=title)


@register.simple_block_tag
def foot(content: str) -> SafeString:
    """The primary action, sticking to the lower edge on a phone; an ordinary row of buttons elsewhere."""
    return _block("foot", content)


@register.inclusion_tag("ui/progress.html")
def progress(done: Number, total: Number, label: str) -> dict[str, object]:
    """A bar of `done` out of `total` with its words."""
    share = float(done) / float(total) if total else 0.0
    return {"done": done, "total": total, "label": label, "share": share}


@register.inclusion_tag("ui/heat_map.html")
def heat_map(caption: str, columns: Sequence[str], rows: Iterable[object]) -> dict[str, object]:
    """Units by months in one neutral hue, hatched where nothing is recorded.

    A row has `label`, may have `href`, and `cells`: mappings or objects with `level` (0-3, None for "chưa ghi nhận",
    "future" for a month to come), `text` (read aloud and on hover) and perhaps `href`.
    """
    return {"caption": caption, "columns": columns, "rows": rows}


@register.inclusion_tag("ui/ranking.html")
def ranking(rows: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """Bars from the largest to the smallest; each row has `label`, `value` (a number), may have `text` and `href`."""
    listed = list(rows)
    top = max((float(row["value"] or 0) for row in listed), default=0.0) or 1.0
    return {"rows": [{**row, "width": f"{100 * float(row['value'] or 0) / top:.1f}"} for row in listed]}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str) -> dict[str, object]:
    """Links between the pages of one thing; an item has `label`, `href`, `current` and may have `count`."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/chart.html")
def chart(
    id: str, kind: str, labels: Sequence[str], series: Sequence[Mapping[str, Any]], title: str
) -> dict[str, object]:
    """An interactive chart drawn after the page has loaded; put its table beside it, which everybody can read.

    `kind` is line or bar; a series has `name` and `values` (None leaves a gap).
    """
    data = {"kind": kind, "labels": list(labels), "series": list(series)}
    return {"data_id": f"{id}-data", "title": title, "data": data}


@register.simple_tag
def attr(name: str, value: object) -> str:
    """Write ` name="value"` when there is a value, nothing otherwise."""
    return mark_safe(f' {name}="{conditional_escape(str(value))}"') if value else ""  # noqa: S308


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, help: str = "") -> dict[str, object]:
    """One form field: label, help, control, error, joined for screen readers."""
    return ui_forms.field_context(bound, help)


@register.inclusion_tag("ui/fields.html")
def fields(form: BaseForm) -> dict[str, object]:
    """All fields of a form in their order."""
    return {"form": form}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """The summary above a form with errors: each a link to its field."""
    return {"form": form, "errors": ui_forms.error_list(form)}


@register.inclusion_tag("ui/filter_bar.html", takes_context=True)
def filter_bar(context: template.Context, form: BaseForm, action: str = "") -> dict[str, object]:
    """A GET form whose state is the URL, with a chip for each filter in force that takes it off."""
    request = context["request"]
    first, *rest = form.visible_fields()
    return {
        "form": form,
        "first": first,
        "rest": rest,
        "folded": len(rest) > MOST_FILTERS_UNFOLDED,
        "action": action or request.path,
        "chips": ui_forms.filter_chips(form, request.GET),
        "kept": ui_forms.kept_parameters(form, request.GET),
        "request": request,
    }


@register.simple_tag(takes_context=True)
def outbox(context: template.Context, action: str) -> str:
    """The attributes that hand a form to the outbox: `<form method="post" {% outbox "study.record" %}>`."""
    return format_html('data-outbox="{}" data-user="{}"', action, getattr(context.get("user"), "pk", None) or "")


@register.simple_tag(takes_context=True)
def client_id(context: template.Context) -> str:
    """The hidden id of one entry, next to `{% csrf_token %}`; a form drawn again after an error keeps it."""
    sent = context["request"].POST.get("client_id")
    return format_html('<input type="hidden" name="client_id" value="{}">', sent or uuid.uuid4())
