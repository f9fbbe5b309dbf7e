"""Publishing results: of a round, of the whole contest with its bundle; once, whoever clicks at the same moment."""

import logging
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.rules import require_in
from langsen.contests.results.engine.bundle import file_digest
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import PrizeAward, Publication, ResultBundle
from langsen.contests.results.queries.proposals import proposal_for
from langsen.contests.results.services.bundling import write_bundle
from langsen.contests.results.services.prizes import lock_contest
from langsen.contests.results.services.summaries import refresh_summaries
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict, LangsenError
from langsen.foundation.core.jobs import defer
from langsen.foundation.core.states import transition

logger = logging.getLogger("langsen.results")


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
def ask_to_publish(contest: Contest, *, by: User) -> Publication:
    """Have a job publish standings, prizes, draws and the bundle from which anyone reckons them again.

    Raises:
        BadInput: a round is open, a tie is not drawn yet, or a prize waits for the jury.
        Conflict: not at the jury, published, or somebody has just asked for it.
    """
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    lock_contest(contest)
    if not Contest.objects.filter(pk=contest.pk, status=ContestStatus.JUDGING).exists():
        raise Conflict(_("Only results that lie with the jury can be published; perhaps somebody was faster."))
    if Publication.objects.filter(contest=contest, ended_at=None).exists():
        raise Conflict(_("The results are being published already."))
    _refuse_unready(contest)
    asked = Publication.objects.create(contest=contest, asked_by_id=by.pk, asked_by_name=by.audit_name[:200])
    record("contest_results.asked", contest, by=by)
    transaction.on_commit(lambda: defer("results.publish", publication_id=asked.pk), using=STORE)
    return asked


def publish(asked: Publication) -> ResultBundle | None:
    """Do the work of a publication, all of it or nothing; None when it failed, ended before, or another does it.

    A worker that dies leaves the publication open and nothing published; it is simply done again. What stands in the
    way is kept in words, and the organiser may ask again.
    """
    try:
        with transaction.atomic(using=STORE):
            # Of two workers the second finds it taken or ended.
            held = Publication.objects.select_for_update(skip_locked=True).filter(pk=asked.pk, ended_at=None).first()
            return None if held is None else _publish(held)
    except LangsenError as error:
        _end_with(asked, str(error.message))
    except DatabaseError:
        raise  # the store is away or was stopped: the publication stays open and is done when it answers again
    except Exception:
        logger.exception("publication %s", asked.pk)
        _end_with(asked, _("Something unexpected happened. Please ask again; if it fails again, tell your operator."))
    return None


def publish_due() -> int:
    """Do the publications that are still open, whose worker perhaps died; return how many were published."""
    return sum(publish(one) is not None for one in Publication.objects.filter(ended_at=None).order_by("pk"))


def _publish(held: Publication) -> ResultBundle:
    contest = Contest.objects.get(pk=held.contest_id)
    by = User.objects.filter(pk=held.asked_by_id).first() or system_user()
    lock_contest(contest)
    at = timezone.now()
    # Somebody may have been found not eligible since the last counting.
    refresh_summaries(contest, at=at)
    _refuse_unready(contest)
    transition(contest, ContestStatus.PUBLISHED, published_at=at)
    contest.rounds.filter(is_dry_run=False, results_published_at=None).update(results_published_at=at)
    made = _keep_bundle(contest, held)
    held.bundle, held.ended_at = made, timezone.now()
    held.save(update_fields=["bundle", "ended_at"])
    record("contest_results.published", contest, by=by, data={"sha256": made.sha256})
    raise_page_version(contest.pk)
    transaction.on_commit(lambda: defer("tallies.copy_contest", contest_id=contest.pk), using=STORE)
    return made


@transaction.atomic(using=STORE)
def _end_with(asked: Publication, fault: str) -> None:
    ended = Publication.objects.filter(pk=asked.pk, ended_at=None)
    if ended.update(ended_at=timezone.now(), fault=fault[:500]):
        record("contest_results.not_published", asked.contest, by=system_user(), data={"fault": ["", fault[:500]]})


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


def _keep_bundle(contest: Contest, held: Publication) -> ResultBundle:
    # A worker that was killed leaves its file; doing the same publication again writes over it.
    name = f"{held.asked_at:%Y%m%d%H%M%S%f}-{held.pk}.zip"
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
            made_by_name=held.asked_by_name,
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
