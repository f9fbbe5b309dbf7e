"""Figures for other programs: the same JSON as the command prints."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import visible_unit
from langsen.foundation.figures.report import figures_json
from langsen.reporting.asking import asked_for, by_from

router = Router(tags=["figures"])


class FiguresQuery(Schema):
    """The same names as the command's options."""

    unit: str
    from_: str = Field(alias="from")
    to: str
    tree: str = "then"
    theme: str = ""
    by: str = ""


@router.get("/figures", summary="Figures of a unit and period")
def figures(request: HttpRequest, asked: Query[FiguresQuery]) -> dict[str, Any]:
    """Return the figures of a unit the caller may read; 404 for any other, 400 for what cannot be read."""
    unit = visible_unit(request.auth, asked.unit, Permission.FIGURES_READ)  # type: ignore[attr-defined]
    question = asked_for(unit, first=asked.from_, last=asked.to, tree=asked.tree, theme=asked.theme)
    return figures_json(question, by=by_from(asked.by))
