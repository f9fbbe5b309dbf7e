"""Prizes: proposed by rule, decided by the jury with its grounds; nobody gets more than the rules allow."""

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, ContestUnit, Entrant, PrizeRule, Round
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.rules import require_in
from langsen.contests.results.engine.facts import WHOLE
from langsen.contests.results.engine.prizes import Award, Proposal
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import PrizeAward
from langsen.contests.results.queries.proposals import WITHOUT, WON, closed_rounds, proposal_for, winner_of
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.core.states import transition

_Key = tuple[int, int, str]


@transaction.atomic(using=STORE)
def propose_prizes(contest: Contest, *, by: User) -> Proposal:
    """Bring the proposals up to what the rules give now; what the jury has decided stays as it is.

    Raises:
        BadInput: no round is closed yet.
    """
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    lock_contest(contest)
    if not closed_rounds(contest):
        raise BadInput(_("No round is closed yet, so no prize can be proposed."))
    proposal = propose_now(contest)
    record("contest_prizes.proposed", contest, by=by, data={"prizes": len(proposal.awards)})
    return proposal


@transaction.atomic(using=STORE)
def decide_prize(award: PrizeAward, *, by: User, grounds: str = "") -> None:
    """Decide that a proposed prize is given; `grounds` may be left to the rule's own.

    Raises:
        Conflict: it is no longer proposed, or the person already has as many prizes as the rules allow.
    """
    contest = award.prize_rule.contest
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    lock_contest(contest)
    _refuse_above_cap(award, contest)
    transition(
        award,
        PrizeStatus.DECIDED,
        decided_on=today(),
        decided_by_name=by.audit_name[:200],
        decided_reason=grounds.strip()[:500],
    )
    record("contest_prize.decided", award, by=by, data=_facts(award))
    raise_page_version(contest.pk)


@transaction.atomic(using=STORE)
def pass_over(award: PrizeAward, *, reason: str, by: User) -> None:
    """Leave somebody out with the jury's grounds; the next one moves up."""
    _leave_out(award, PrizeStatus.PASSED_OVER, "contest_prize.passed_over", reason=reason, by=by)


@transaction.atomic(using=STORE)
def withdraw_prize(award: PrizeAward, *, reason: str, by: User) -> None:
    """Take a decided prize back with grounds; the next one moves up."""
    _leave_out(award, PrizeStatus.WITHDRAWN, "contest_prize.withdrawn", reason=reason, by=by)


@transaction.atomic(using=STORE)
def reconsider_prize(award: PrizeAward, *, reason: str, by: User) -> None:
    """Put somebody who was passed over, or had a prize withdrawn, back in line; the rules decide again."""
    contest = award.prize_rule.contest
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    lock_contest(contest)
    transition(award, PrizeStatus.PROPOSED, decided_reason=_needed(reason), decided_by_name=by.audit_name[:200])
    record("contest_prize.reconsidered", award, by=by, data=_facts(award))
    propose_now(contest)
    raise_page_version(contest.pk)


@transaction.atomic(using=STORE)
def hand_over_prize(award: PrizeAward, *, by: User) -> None:
    """Record that a decided prize was handed over.

    Raises:
        BadInput: the person's identity has not been checked.
    """
    contest = award.prize_rule.contest
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    if award.entrant_id and not Entrant.objects.filter(pk=award.entrant_id, identity_checked_at__isnull=False).exists():
        raise BadInput(_("Check this person's identity first; then the prize can be handed over."))
    transition(award, PrizeStatus.PAID)
    record("contest_prize.handed_over", award, by=by, data=_facts(award))


def lock_contest(contest: Contest) -> None:
    """Let one decision about prizes of a contest follow the other."""
    Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)


def _leave_out(award: PrizeAward, status: PrizeStatus, verb: str, *, reason: str, by: User) -> None:
    contest = award.prize_rule.contest
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    lock_contest(contest)
    transition(award, status, decided_reason=_needed(reason), decided_on=today(), decided_by_name=by.audit_name[:200])
    record(verb, award, by=by, data=_facts(award))
    propose_now(contest)
    raise_page_version(contest.pk)


def _needed(reason: str) -> str:
    if not reason.strip():
        raise BadInput(_("Write the grounds; they are published."))
    return reason.strip()[:500]


def _facts(award: PrizeAward) -> dict[str, object]:
    return {"who": winner_of(award), "rank": award.prize_rule.rank, "reason": award.decided_reason}


def _refuse_above_cap(award: PrizeAward, contest: Contest) -> None:
    if award.entrant_id is None:
        return
    mine = PrizeAward.objects.filter(prize_rule__contest=contest, entrant_id=award.entrant_id, status__in=WON)
    mine = mine.exclude(pk=award.pk)
    cap = contest.prize_cap_contest
    if cap is not None and mine.count() >= cap:
        raise Conflict(_("This person already has %(count)s prizes, as many as the rules allow.") % {"count": cap})
    if award.round_id and mine.filter(round=award.round_id).count() >= contest.prize_cap_round:
        raise Conflict(
            _("This person already has %(count)s prizes in this round, as many as the rules allow.")
            % {"count": contest.prize_cap_round}
        )


def propose_now(contest: Contest) -> Proposal:
    """Bring the proposals up to what the rules give; the caller has locked the contest."""
    proposal = proposal_for(contest)
    rounds = closed_rounds(contest)
    rules = {(rule.subject, rule.scope, rule.rank): rule for rule in contest.prize_rules.all()}
    standing: dict[_Key, PrizeAward] = {}
    rows = PrizeAward.objects.filter(prize_rule__contest=contest).exclude(status__in=WITHOUT)
    for row in rows.select_related("prize_rule", "round", "entrant", "unit").order_by("pk"):
        standing[row.prize_rule_id, row.round.number if row.round else WHOLE, winner_of(row)] = row
    wanted = {
        (rules[one.prize.subject, one.prize.scope, one.prize.rank].pk, one.round, one.winner): one
        for one in proposal.awards
    }
    stale = [row.pk for key, row in standing.items() if key not in wanted and row.status == PrizeStatus.PROPOSED]
    PrizeAward.objects.filter(pk__in=stale).delete()
    for key, one in wanted.items():
        held = standing.get(key)
        if held is None:
            _add(contest, rules[one.prize.subject, one.prize.scope, one.prize.rank], rounds.get(one.round), one)
        elif held.status == PrizeStatus.PROPOSED and held.place != one.place:
            PrizeAward.objects.filter(pk=held.pk).update(place=one.place, grounds=_grounds(one))
    return proposal


def _add(contest: Contest, rule: PrizeRule, of: Round | None, one: Award) -> None:
    person = unit = None
    if one.prize.subject == "person":
        person = Entrant.objects.get(contest=contest, number=int(one.winner.removeprefix("TS-")))
    else:
        unit = ContestUnit.objects.get(contest=contest, code=one.winner)
    PrizeAward.objects.create(
        prize_rule=rule, round=of, place=one.place, entrant=person, unit=unit, grounds=_grounds(one)
    )


def _grounds(one: Award) -> str:
    if one.by_lot:
        return _("By the rules: place %(place)s, drawn by lot among those tied.") % {"place": one.place}
    return _("By the rules: place %(place)s.") % {"place": one.place}
