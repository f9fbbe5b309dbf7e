"""Results on paper: the sheet of results and the certificate of participation, set by Typst.

What is printed travels as data beside the fixed layout, so nothing in a name or title can be read as markup.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.results.queries.pages import lines_of_pages, own_results, public_prizes
from langsen.contests.results.queries.parts import PartLine, part_tables
from langsen.contests.results.queries.ranked import Ranking
from langsen.contests.results.rules import published_name
from langsen.foundation.core.text import day_text, moment_text, number_text

_LAYOUTS = Path(__file__).parent / "layouts"
MOST_PAGES = 2


def results_pdf(contest: Contest, of: Round | None, *, public: bool = True) -> bytes:
    """Return the results of a round or the contest: figures, prizes, parts, the first hundred places.

    `public`: small groups are joined, as on the public page.
    """
    ranking = Ranking(contest, of)
    totals = ranking.totals
    figures = [] if totals is None else [
        [_("People"), number_text(totals.people)],
        [_("Number of attempts"), number_text(totals.attempts)],
        [_("All-correct people"), number_text(totals.all_correct_people)],
        [_("All-correct attempts"), number_text(totals.all_correct_attempts)],
    ]  # fmt: skip
    facts = {
        "organiser": contest.organiser_name,
        "title": contest.title,
        "what": of.title if of else _("Whole contest"),
        "as_of": _("As of %(moment)s") % {"moment": moment_text(totals.made_at)} if totals else "",
        "figures": figures,
        "prizes_title": _("Prizes"),
        "prizes": [[one.prize_rule.get_rank_display(), _winner(one, contest)] for one in public_prizes(contest, of)],
        "places_title": _("The first places"),
        "heads": [_("Place in the standings"), _("Number"), _("Full name"), _("Unit"), _("Number of right answers")],
        "places": [
            [str(one.place), one.number, one.name, one.unit, str(one.standing.correct)]
            for one in lines_of_pages(ranking, 1, MOST_PAGES)
        ],
        "part_heads": [_("Group"), _("People"), _("Number of attempts"), _("All-correct people"),
                       _("All-correct attempts")],
        "parts": [
            {"title": str(table.title), "note": str(table.note), "rows": [_part_row(line) for line in table.lines]}
            for table in part_tables(totals, public=public)
        ],
    }  # fmt: skip
    return _set("results.typ", facts)


def _part_row(line: PartLine) -> list[str]:
    cells = [number_text(count) for count in line.counts] if line.counts else [str(line.instead), "–", "–", "–"]
    return [line.label, *cells]


def certificate_pdf(entrant: Entrant) -> bytes:
    """Return the certificate that this person took part; it names no place and no prize."""
    contest = entrant.contest
    rounds = own_results(entrant)
    facts = {
        "organiser": contest.organiser_name,
        "heading": _("CERTIFICATE OF PARTICIPATION"),
        "confirms": _("The organisers of the contest confirm that"),
        "name": entrant.full_name,
        "unit": entrant.unit.path if entrant.unit else "",
        "took_part": _("took part in the contest"),
        "title": contest.title,
        "lines": [
            _("%(round)s: %(attempts)s attempts, best counted result %(correct)s right answers")
            % {"round": one.round.title, "attempts": len(one.attempts), "correct": one.standing.correct}
            for one in rounds
        ],
        "number": f"{entrant.public_number} · {day_text(timezone.localdate())}",
    }
    return _set("certificate.typ", facts)


def _winner(award: Any, contest: Contest) -> str:
    if award.entrant is None:
        return str(award.unit.path)
    unit = f" ({award.entrant.unit.path})" if award.entrant.unit else ""
    return f"{award.entrant.public_number} · {published_name(award.entrant, contest)}{unit}"


def _set(layout: str, facts: Mapping[str, object]) -> bytes:
    data = json.dumps(facts, ensure_ascii=False)
    made = typst.compile(str(_LAYOUTS / layout), root=str(_LAYOUTS), sys_inputs={"facts": data})
    if not isinstance(made, bytes):
        raise TypeError(layout)
    return made
