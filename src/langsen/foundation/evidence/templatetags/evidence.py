"""The strip of pictures and papers on a record's page."""

from typing import Any

from django import template

from langsen.foundation.core.text import number_text
from langsen.foundation.evidence.pages import STRIP, pages_of

register = template.Library()


@register.inclusion_tag("evidence/strip.html", takes_context=True)
def evidence_strip(context: template.Context, record: Any) -> dict[str, Any]:
    """What is attached to `record`: small pictures, then papers, who added them and when; a button to attach more.

    The register has called `register_pages` for the record's class.
    """
    pages = pages_of(record)
    rows = pages.rows_of(record)
    may_change = pages.may_change(context["request"].user, record)
    items = [
        {
            "row": row,
            "file": row.file,
            "href": pages.href(row),
            "thumbnail_href": pages.href(row, "thumbnail") if row.file.is_picture else "",
            "caption_href": pages.href(row, "caption") if may_change else "",
            "detach_href": pages.href(row, "detach") if may_change else "",
        }
        for row in rows
    ]
    return {
        "id": STRIP,
        "pictures": [item for item in items if item["thumbnail_href"]],
        "papers": [item for item in items if not item["thumbnail_href"]],
        "attach_href": pages.attach_href(record) if may_change else "",
    }


@register.filter
def file_size(size: int) -> str:
    """Write a size as an office reads it: 840 KB, 2,4 MB."""
    if size < 1024 * 1024:
        return f"{number_text(max(1, round(size / 1024)))} KB"
    return f"{number_text(size / 1024 / 1024, 1)} MB"
