"""The prizes a contest declares."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestStatus, PrizeRank, PrizeScope, PrizeSubject
from langsen.contests.contests.models import Contest, PrizeRule
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.services.steps import publish_change, reason_for, to_change
from langsen.contests.stores import STORE
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.text import number_text

MOST_PRIZES = 1000
MOST_AMOUNT = 1_000_000_000


@dataclass(frozen=True)
class PrizeFacts:
    """So many prizes of a rank, each of an amount in đồng."""

    subject: str
    scope: str
    rank: str
    count: int
    amount: int = 0


@transaction.atomic(using=STORE)
def save_prizes(contest: Contest, prizes: Sequence[PrizeFacts], *, reason: str = "", by: User) -> None:
    """Set all prizes of the contest; a line without prizes is left out.

    Raises:
        NotAllowed: `by` does not organise contests there.
        Conflict: the contest is over or cancelled.
        BadInput: a line named twice, a number out of bounds, or no reason after the announcement.
    """
    current = to_change(contest, by)
    if current.status not in (ContestStatus.DRAFT, ContestStatus.ANNOUNCED):
        raise Conflict(_("Prizes are being decided by what was announced; they stay."))
    wanted = {(one.subject, one.scope, one.rank): one for one in prizes if one.count}
    _check(prizes, wanted)
    why = reason_for(current, reason)
    was = words_of(current)
    for rule in current.prize_rules.all():
        if (rule.subject, rule.scope, rule.rank) not in wanted:
            rule.delete()
    for key, facts in wanted.items():
        subject, scope, rank = key
        PrizeRule.objects.update_or_create(
            contest=current,
            subject=subject,
            scope=scope,
            rank=rank,
            defaults={"count": facts.count, "amount": facts.amount},
        )
    now = words_of(current)
    if was != now:
        publish_change(current, _("Prizes"), was, now, reason=why, by=by)
        record("contest.prizes_saved", current, by=by, data={"prizes": [was, now]})
        raise_page_version(current.pk)


def words_of(contest: Contest) -> str:
    """Return the prizes in words, a line each."""
    rules = PrizeRule.objects.filter(contest=contest).order_by("subject", "scope", "id")
    return "\n".join(
        f"{one.get_subject_display()}, {one.get_scope_display()}: {one.count} {one.get_rank_display()}"
        + (f" × {number_text(one.amount)} đ" if one.amount else "")
        for one in rules
    )


def _check(prizes: Sequence[PrizeFacts], wanted: dict[tuple[str, str, str], PrizeFacts]) -> None:
    if len(wanted) != len([one for one in prizes if one.count]):
        raise BadInput(_("One kind of prize is named twice."))
    for one in wanted.values():
        known = one.subject in PrizeSubject.values and one.scope in PrizeScope.values and one.rank in PrizeRank.values
        if not known or not 0 < one.count <= MOST_PRIZES or not 0 <= one.amount <= MOST_AMOUNT:
            raise BadInput(_("A number of prizes or an amount is out of bounds. Check the noughts."))
