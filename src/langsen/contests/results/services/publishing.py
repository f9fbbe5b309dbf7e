"""Publishing results: of a round, of the whole contest with its bundle; once, whoever clicks at the same moment."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.rules import require_in
from langsen.contests.results.engine.bundle import file_digest
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import PrizeAward, ResultBundle
from langsen.contests.results.queries.proposals import proposal_for
from langsen.contests.results.services.bundling import write_bundle
from langsen.contests.results.services.prizes import lock_contest
from langsen.contests.results.services.summaries import refresh_summaries
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.jobs import defer
from langsen.foundation.core.states import transition


@transaction.atomic(using=STORE)
def publish_round(of: Round, *, by: User) -> None:
    """Publish the results of a closed round.

    Raises:
        Conflict: it is not closed, or was published already.
    """
    require_in(by, Permission.CONTESTS_DECIDE, of.contest)
    at = timezone.now()
    ready = Round.objects.filter(pk=of.pk, results_published_at=None, is_dry_run=False).exclude(closed_at=None)
    if ready.update(results_published_at=at) != 1:
        raise Conflict(_("This round is not closed yet, or its results were published already."))
    of.results_published_at = at
    record("contest_round.published", of, by=by)
    raise_page_version(of.contest_id)


@transaction.atomic(using=STORE)
def start_judging(contest: Contest, *, by: User) -> None:
    """Hand a contest to the jury once all its rounds are closed.

    Raises:
        Conflict: a round is not closed, or the contest is not announced any more.
    """
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    lock_contest(contest)
    real = contest.rounds.filter(is_dry_run=False)
    if not real.exists() or real.filter(closed_at=None).exists():
        raise Conflict(_("A round is not closed yet."))
    transition(contest, ContestStatus.JUDGING)
    record("contest.judged", contest, by=by)
    raise_page_version(contest.pk)


@transaction.atomic(using=STORE)
def publish_contest(contest: Contest, *, by: User) -> ResultBundle:
    """Publish standings, prizes, draws and the bundle from which anyone reckons them again.

    Raises:
        BadInput: a round is open, a tie is not drawn yet, or a prize waits for the jury.
        Conflict: not at the jury, or somebody has just published it.
    """
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    lock_contest(contest)
    at = timezone.now()
    # Somebody may have been found not eligible since the last counting.
    refresh_summaries(contest, at=at)
    _refuse_unready(contest)
    fresh = Contest.objects.get(pk=contest.pk)
    transition(fresh, ContestStatus.PUBLISHED, published_at=at)
    contest.status, contest.published_at = fresh.status, at
    real = contest.rounds.filter(is_dry_run=False, results_published_at=None)
    real.update(results_published_at=at)
    made = _keep_bundle(contest, by)
    record("contest_results.published", contest, by=by, data={"sha256": made.sha256})
    raise_page_version(contest.pk)
    transaction.on_commit(lambda: defer("tallies.copy_contest", contest_id=contest.pk), using=STORE)
    return made


def bundle_path(kept: ResultBundle) -> Path:
    """Return where the file of a bundle lies."""
    return bundle_folder() / kept.stored_name


def bundle_folder() -> Path:
    """Return the folder of published bundles, made when missing."""
    folder = Path(settings.FILES_DIR) / "contest_results"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _refuse_unready(contest: Contest) -> None:
    if contest.rounds.filter(is_dry_run=False, closed_at=None).exists():
        raise BadInput(_("A round is not closed yet."))
    proposal = proposal_for(contest)
    if proposal.ties:
        raise BadInput(_("Some are still tied over a prize. Announce and hold the draw by lot first."))
    awards = PrizeAward.objects.filter(prize_rule__contest=contest)
    if proposal.awards and not awards.exists():
        raise BadInput(_("Propose the prizes by the rules first."))
    if waiting := awards.filter(status=PrizeStatus.PROPOSED).count():
        raise BadInput(_("%(count)s proposed prizes wait for the jury's decision.") % {"count": waiting})


def _keep_bundle(contest: Contest, by: User) -> ResultBundle:
    name = f"{uuid.uuid4().hex}.zip"
    path = bundle_folder() / name
    try:
        write_bundle(contest, path)
        last = ResultBundle.objects.filter(contest=contest).order_by("-version").first()
        return ResultBundle.objects.create(
            contest=contest,
            version=last.version + 1 if last else 1,
            stored_name=name,
            sha256=file_digest(path),
            size=path.stat().st_size,
            made_by_name=by.audit_name[:200],
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
