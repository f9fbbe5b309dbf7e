"""Figures as the JSON that other programs rely on: the same for the command and the API."""

from collections.abc import Sequence
from typing import Any

from langsen.foundation.figures.engine import Asked, Row, Value, figures_of, rows_by_month, rows_by_unit
from langsen.foundation.figures.enums import By


def figures_json(asked: Asked, *, by: By | None = None) -> dict[str, Any]:
    """Return the answer to `asked`, with `rows` when `by` is given. Counts are integers, ratios six decimals."""
    answer: dict[str, Any] = {
        "unit": asked.unit.code,
        "period": {"from": asked.period.first.isoformat(), "to": asked.period.last.isoformat()},
        "tree": asked.reading.value,
        "figures": _figures(figures_of(asked)),
    }
    if by is not None:
        rows = rows_by_unit(asked) if by == By.UNIT else rows_by_month(asked)
        answer["rows"] = [_row(row) for row in rows]
    return answer


def _row(row: Row) -> dict[str, Any]:
    return {"key": row.key, "name": row.name, "divided": row.divided, "figures": _figures(row.values)}


def _figures(values: Sequence[Value]) -> list[dict[str, Any]]:
    return [
        {
            "code": value.figure.code,
            "parent": value.figure.parent,
            "breakdown": value.figure.breakdown,
            "value": value.value,
            "measure": value.figure.measure.value,
            "kind": value.figure.kind.value,
            "scope": value.figure.scope.value,
            "numerator": value.numerator,
            "denominator": value.denominator,
        }
        for value in values
    ]
