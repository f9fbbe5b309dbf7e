"""Appeals: an entrant asks to have something looked at again, an officer answers."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, Entrant
from langsen.contests.contests.rules import require_in
from langsen.contests.results.enums import AppealStatus
from langsen.contests.results.models import Appeal, Regrading
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.core.states import transition

MOST_OPEN = 3
LENGTH = 2000


def may_appeal(contest: Contest) -> bool:
    """Say whether appeals are taken today: some days after results of a round or the contest, or after a regrading."""
    if Regrading.objects.filter(round__contest=contest, appeal_until__gte=today()).exists():
        return True
    since = timezone.now() - timedelta(days=contest.appeal_days)
    if contest.published_at is not None and contest.published_at >= since:
        return True
    return contest.rounds.filter(results_published_at__gte=since).exists()


@transaction.atomic(using=STORE)
def raise_appeal(contest: Contest, entrant: Entrant, text: str) -> Appeal:
    """Keep what an entrant asks to have looked at again.

    Raises:
        BadInput: empty or too long, not in the days for it, or three appeals wait already.
    """
    words = text.strip()
    if not words or len(words) > LENGTH:
        raise BadInput(_("Write what should be looked at again, in at most 2,000 letters."))
    if not may_appeal(contest):
        raise BadInput(_("The days for appeals are over, or have not begun."))
    Entrant.objects.select_for_update().get(pk=entrant.pk)
    if Appeal.objects.filter(entrant=entrant, status=AppealStatus.OPEN).count() >= MOST_OPEN:
        raise BadInput(_("Your earlier appeals are still being looked at."))
    made = Appeal.objects.create(contest=contest, entrant=entrant, text=words)
    record("contest_appeal.raised", made, by=system_user(), data={"entrant": entrant.public_number})
    return made


@transaction.atomic(using=STORE)
def answer_appeal(appeal: Appeal, *, accepted: bool, answer: str, by: User) -> None:
    """Answer an appeal, once; the entrant reads the answer with their code."""
    require_in(by, Permission.CONTESTS_DECIDE, appeal.contest)
    words = answer.strip()
    if not words or len(words) > LENGTH:
        raise BadInput(_("Write the answer, in at most 2,000 letters."))
    status = AppealStatus.ACCEPTED if accepted else AppealStatus.ANSWERED
    transition(appeal, status, answer=words, answered_at=timezone.now(), answered_by_name=by.audit_name[:200])
    record("contest_appeal.answered", appeal, by=by, data={"accepted": accepted})
