"""A run before a worker: queued, found again when its worker has died, never worked on twice."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.core import jobs
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.models import ImportProgress, ImportRun, ImportStage, ImportStatus

SILENCE = timedelta(minutes=2)  # a worker that lives says something far more often
_JOBS = {ImportStatus.READING.value: "core.read_import", ImportStatus.QUEUED.value: "core.apply_import"}


def queue(run: ImportRun) -> None:
    """Put a run that waits to be read, or to be applied, before a worker."""
    fresh = {"stage": ImportStage.WAITING, "done": 0, "total": 0, "told_at": timezone.now()}
    ImportProgress.objects.update_or_create(run_id=run.pk, defaults=fresh)
    jobs.defer(_JOBS[run.status], run_id=run.pk)


def progress_of(run: ImportRun) -> ImportProgress | None:
    """Return how far the job of a run is, if it has one."""
    return ImportProgress.objects.filter(run_id=run.pk).first()


def is_silent(run: ImportRun, told: ImportProgress | None) -> bool:
    """Say whether a run waits or is worked on, and nothing was heard of it for longer than a worker keeps quiet."""
    heard_at = told.told_at if told else run.sent_at
    return run.status in _JOBS and heard_at < timezone.now() - SILENCE


@transaction.atomic
def push_on(run: ImportRun) -> None:
    """Queue a run again whose worker has died. Of two calls one does it; an old worker and a new one import once.

    Raises:
        Conflict: it is being worked on, has just been queued, or has ended.
    """
    current = at_rest(run)
    if not is_silent(current, progress_of(current)):
        raise _at_work()
    queue(current)


def at_rest(run: ImportRun) -> ImportRun:
    """Return the run, locked until the transaction ends, as it stands now.

    Raises:
        Conflict: somebody holds it: its worker is alive.
    """
    current = ImportRun.objects.select_for_update(skip_locked=True).filter(pk=run.pk).first()
    if current is None:
        raise _at_work()
    return current


def _at_work() -> Conflict:
    return Conflict(_("This file is being worked on. Wait a little, then look again."))
