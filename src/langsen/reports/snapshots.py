"""What a report fixes when it goes to be signed: text, numbers, bases and the ids behind them, as canonical JSON."""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.figures.catalogue import Ratio
from langsen.foundation.figures.drill import ids_behind
from langsen.foundation.figures.engine import Asked
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.queries import name_on
from langsen.foundation.papers.queries import head_of
from langsen.reports.models import Report, ReportNumber, ReportSnapshot
from langsen.reports.queries.numbers import (
    AppendixLine,
    Unreadable,
    appendix_of,
    figure_name,
    figure_named,
    held_numbers,
    printed_token,
    unit_of_number,
)
from langsen.reports.text.printing import Number
from langsen.reports.text.tokens import tokens_in

FORMAT = 1
MOST_IDS = 100_000  # of one number; beyond it the list is kept as its count and hash


def content_of(report: Report) -> dict[str, Any]:
    """Return all that the report says, in JSON's own types only, so that a trip through the store changes nothing.

    Raises:
        Conflict: a number and the records behind it differ: somebody is recording at this moment.
    """
    held = held_numbers(report)
    head = head_of(report.org_unit, today(), report.layout)
    return {
        "format": FORMAT,
        "outline": report.outline.code,
        "unit": {"code": report.org_unit.code, "name": name_on(report.org_unit, report.last_on)},
        "head": {"superior": head.superior_line, "own": head.own_line},
        "period": {"from": report.first_on.isoformat(), "to": report.last_on.isoformat()},
        "tree": str(report.reading),
        "layout": str(report.layout),
        "kind": str(report.kind),
        "answers": report.answers_id,
        "subject": report.subject,
        "sections": [
            {"position": section.position, "heading": section.heading, "body": section.body}
            for section in report.kept_sections
        ],
        "printed": [
            {"token": str(token), "printed": printed_token(token, held).text}
            for section in report.kept_sections
            for token in tokens_in(section.body)
        ],
        "numbers": [_number(report, number) for number in report.numbers.all()],
        "appendix": [_line(line) for line in appendix_of(report)],
    }


def canonical_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(content: Any) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def is_true(snapshot: ReportSnapshot) -> bool:
    """Say whether the snapshot still is what its hash was taken of."""
    return sha256_of(snapshot.content) == snapshot.sha256


def _line(line: AppendixLine) -> dict[str, Any]:
    rows = [{"key": row.key, "name": row.name, "divided": row.divided, **_values(row.number)} for row in line.rows]
    return {"code": line.figure.code, "name": figure_name(line.figure.code), **_values(line.number), "rows": rows}


def _number(report: Report, number: ReportNumber) -> dict[str, Any]:
    return {
        "code": number.code,
        "unit_code": number.unit_code,
        **_values(number),
        "taken_at": number.taken_at.isoformat(),
        "behind": _behind(report, number),
    }


def _values(number: Number) -> dict[str, Any]:
    """Return value and base; a value without the zeros the store adds: 8198.000000 and 8198 have one hash."""
    value = None if number.value is None else f"{Decimal(str(number.value)):f}"
    if value is not None and "." in value:
        value = value.rstrip("0").rstrip(".")
    return {"value": value, "numerator": number.numerator, "denominator": number.denominator}


def _behind(report: Report, number: ReportNumber) -> dict[str, Any]:
    unit, figure = unit_of_number(report, number.unit_code), figure_named(number.code)
    if isinstance(unit, Unreadable) or figure is None:
        return {}
    asked = Asked(unit, report.period, Reading(report.reading))
    if isinstance(figure.count, Ratio):
        wanted: dict[str, int | Decimal | None] = {"numerator": number.numerator, "denominator": number.denominator}
    else:
        wanted = {"amounts": number.value}
    kept = {}
    for part, value in wanted.items():
        amounts = ids_behind(asked, figure, part=part)
        if sum(amounts.values()) != value:
            raise Conflict(_("Numbers are being recorded at this moment. Look at the changes, then try again."))
        kept[part] = _list(amounts.items())
    return kept


def _list(amounts: Iterable[tuple[int, int]]) -> dict[str, Any]:
    pairs = [[pk, amount] for pk, amount in amounts]
    if len(pairs) > MOST_IDS:
        return {"count": len(pairs), "sha256": sha256_of(pairs)}
    return {"count": len(pairs), "ids": pairs}
