"""Papers of a contest that is copied: their plans, not yet frozen, for the rounds of the new one."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from langsen.contests.contests.models import Round
from langsen.contests.quizzes.models import PaperPlan
from langsen.contests.quizzes.services.plans import copy_plan
from langsen.foundation.accounts.models import User


def copy_papers(rounds: Mapping[int, Round], by: User) -> list[str]:
    """Carry the plans of papers over to new rounds, by the old round's id, and say how many."""
    plans = list(PaperPlan.objects.filter(round_id__in=list(rounds)).select_related("round__contest").order_by("id"))
    for plan in plans:
        copy_plan(plan, rounds[plan.round_id], by=by)
    return [_("plans of papers: %(count)s") % {"count": len(plans)}] if plans else []
