"""Prizes of a contest of the demonstration: who is due one by its rules, decided on the days its story tells."""

from collections.abc import Mapping
from datetime import date

from langsen.contests.contests.models import Contest
from langsen.contests.results.engine.facts import WHOLE
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import PrizeAward
from langsen.contests.results.services.prizes import propose_now


def decide_prizes(contest: Contest, decided_on: Mapping[int, date], *, jury: str) -> list[PrizeAward]:
    """Decide the prizes the rules give; `decided_on` by round number, `WHOLE` for the whole contest.

    The contest's summaries must have been counted.
    """
    propose_now(contest)
    awards = list(PrizeAward.objects.filter(prize_rule__contest=contest).select_related("round").order_by("pk"))
    for award in awards:
        award.status = PrizeStatus.DECIDED
        award.decided_on = decided_on[award.round.number if award.round else WHOLE]
        award.decided_by_name = jury
        award.decided_reason = "Đúng thể lệ, không có khiếu nại."
    PrizeAward.objects.bulk_update(awards, ["status", "decided_on", "decided_by_name", "decided_reason"])
    return awards
