"""Draws by lot: announced with the list and the numbers to come, held once when the numbers are out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.rules import require_in
from langsen.contests.results.engine.lots import list_digest, transcript
from langsen.contests.results.engine.prizes import Tie
from langsen.contests.results.models import Draw
from langsen.contests.results.queries.proposals import closed_rounds, proposal_for
from langsen.contests.results.services.prizes import lock_contest, propose_now
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text

MOST_SOURCES, MOST_NUMBERS, LARGEST = 10, 30, 10**12


@dataclass(frozen=True)
class Source:
    """A public number to come: what it is, and the day it comes out."""

    name: str
    day: date


@transaction.atomic(using=STORE)
def announce_draw(contest: Contest, tie: Tie, sources: Sequence[Source], *, by: User) -> Draw:
    """Publish who is drawn among, the list's SHA-256, and which public numbers will decide, before they exist.

    Raises:
        BadInput: no source, or one whose day is not still to come.
        Conflict: this tie is no longer what the rules give, or was announced already.
    """
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    lock_contest(contest)
    _check_sources(sources)
    if tie not in proposal_for(contest).ties:
        raise Conflict(_("The standings have changed meanwhile. Open the prizes again."))
    of = closed_rounds(contest).get(tie.round)
    waiting = Draw.objects.filter(contest=contest, round=of, prize_rule__subject=tie.prize.subject, drawn_at=None)
    if any(set(one.listed) & set(tie.listed) for one in waiting):
        raise Conflict(_("A draw among these has been announced already."))
    rule = contest.prize_rules.get(subject=tie.prize.subject, scope=tie.prize.scope, rank=tie.prize.rank)
    made = Draw.objects.create(
        contest=contest,
        round=of,
        prize_rule=rule,
        title=_("Place %(place)s: %(rank)s") % {"place": tie.place, "rank": rule.get_rank_display()},
        places=tie.places,
        listed=list(tie.listed),
        list_digest=list_digest(tie.listed),
        sources=[{"name": one.name.strip()[:200], "day": one.day.isoformat()} for one in sources],
        announced_at=timezone.now(),
    )
    record("contest_draw.announced", made, by=by, data={"listed": len(tie.listed), "digest": made.list_digest})
    raise_page_version(contest.pk)
    return made


@transaction.atomic(using=STORE)
def hold_draw(draw: Draw, numbers: Sequence[Sequence[int]], *, by: User) -> None:
    """Draw with the numbers that came out, once; the transcript is kept and published, the prizes proposed anew.

    Raises:
        BadInput: a source without numbers, or one whose day has not come.
        Conflict: this draw was held already; it cannot be held again nor its numbers changed.
    """
    require_in(by, Permission.CONTESTS_DECIDE, draw.contest)
    lock_contest(draw.contest)
    locked = Draw.objects.select_for_update(of=("self",)).get(pk=draw.pk)
    if locked.drawn_at is not None:
        raise Conflict(_("This draw was held on %(day)s. It cannot be held again, nor its numbers be changed.")
                       % {"day": day_text(timezone.localdate(locked.drawn_at))})  # fmt: skip
    came = _checked_numbers(locked, numbers)
    draw.numbers = came
    draw.transcript = transcript(locked.listed, came, locked.places)
    draw.drawn_at = timezone.now()
    draw.save(update_fields=["numbers", "transcript", "drawn_at"])
    record("contest_draw.held", draw, by=by, data={"numbers": came})
    propose_now(draw.contest)
    raise_page_version(draw.contest_id)


def _check_sources(sources: Sequence[Source]) -> None:
    if not 0 < len(sources) <= MOST_SOURCES or not all(one.name.strip() for one in sources):
        raise BadInput(_("Name one to ten public numbers that are still to come."))
    if any(one.day <= today() for one in sources):
        raise BadInput(_("Each number must come out on a day after today; nobody may know it now."))


def _checked_numbers(draw: Draw, numbers: Sequence[Sequence[int]]) -> list[list[int]]:
    if len(numbers) != len(draw.sources):
        raise BadInput(_("Type the numbers of every source."))
    for source, came in zip(draw.sources, numbers, strict=True):
        day = date.fromisoformat(source["day"])
        if day > today():
            raise BadInput(
                _("%(source)s: the numbers come out on %(day)s.") % {"source": source["name"], "day": day_text(day)}
            )
        if not 0 < len(came) <= MOST_NUMBERS or not all(0 <= number < LARGEST for number in came):
            raise BadInput(_("%(source)s: type the whole numbers that came out.") % {"source": source["name"]})
    return [list(came) for came in numbers]
