"""The rows of a ranking. A page has fifty of six cells: the template engine takes ten times as long for them."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, Round
from langsen.contests.results.queries.pages import Shown
from langsen.foundation.core.text import moment_text, number_text

register = template.Library()
_NUMBER = '<td class="num" data-label="{label}">{value}</td>'
_TEXT = '<td data-label="{label}">{value}</td>'


@register.simple_tag
def standing_rows(contest: Contest, of: Round | None, lines: Iterable[Shown], office: bool = False) -> SafeString:
    """Draw the rows of a round, or of the whole contest; for the office with full names that open the entrant."""
    labels = {
        "place": _("Place in the standings"),
        "correct": _("Number of right answers"),
        "rounds": _("Rounds taken part in"),
        "time": _("Time taken (seconds)"),
        "moment": _("Handed in"),
        "attempts": _("Number of attempts"),
    }
    told: dict[str, str] = {name: escape(words) for name, words in labels.items()}
    entrants = reverse("contests:entrants", args=[contest.pk]) if office else ""
    return mark_safe("\n".join(_row(line, of, told, entrants) for line in lines))  # noqa: S308 - escaped piece by piece


def _row(line: Shown, of: Round | None, labels: dict[str, str], entrants: str) -> str:
    row = line.standing
    who: str = escape(line.name)
    if entrants:
        who = f'<a href="{entrants}{row.number}/">{escape(row.full_name or line.number)}</a>'
    unit = f" · {escape(line.unit)}" if line.unit else ""
    cells = [
        _NUMBER.format(label=labels["place"], value=number_text(line.place)),
        f'<th scope="row">{who} <span class="base">{line.number}{unit}</span></th>',
        _NUMBER.format(label=labels["correct"], value=number_text(row.correct)),
    ]
    if of is None:
        cells.append(_NUMBER.format(label=labels["rounds"], value=number_text(row.rounds)))
    else:
        cells.append(_NUMBER.format(label=labels["time"], value=line.time_taken))
        cells.append(_TEXT.format(label=labels["moment"], value=moment_text(row.submitted_at)))
    cells.append(_NUMBER.format(label=labels["attempts"], value=number_text(row.submitted)))
    return f"<tr>{''.join(cells)}</tr>"
