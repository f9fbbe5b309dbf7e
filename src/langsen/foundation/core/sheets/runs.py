"""The life of an import: received, read and judged, looked at, applied once.

Judging happens twice: for the preview, and again inside the transaction that applies, on the store as it is then.
"""

import gc
import hashlib
import json
import logging
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.core import text
from langsen.foundation.core.copying import CopyValue, copy_rows
from langsen.foundation.core.errors import BadInput, Conflict, LangsenError, NotFound
from langsen.foundation.core.models import (
    ImportMapping,
    ImportProgress,
    ImportRow,
    ImportRun,
    ImportStage,
    ImportStatus,
)
from langsen.foundation.core.sheets import reading
from langsen.foundation.core.sheets.cells import cell_name
from langsen.foundation.core.sheets.headers import Header, find_header, guess_mapping, read_rows
from langsen.foundation.core.sheets.kinds import Context, ImportKind, Judgement, State, Verdict, kind_of
from langsen.foundation.core.sheets.progress import SILENT, Progress
from langsen.foundation.core.sheets.waiting import at_rest, queue
from langsen.foundation.core.states import transition

logger = logging.getLogger("langsen.sheets")

INLINE_BYTES = 150 * 1024  # about 2,000 rows: read and judged within the request
INLINE_ROWS = 1_500
KEPT_DAYS = 14
_BATCH = 2_000
_ROW_COLUMNS = ("run_id", "number", "cells", "state", "label", "reasons", "candidates", "choice")


def folder() -> Path:
    path = Path(settings.FILES_DIR) / "imports"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def context_of(run: ImportRun, progress: Progress = SILENT) -> Context:
    """Return who imports where, with the account as it is now."""
    return Context(get_user_model().objects.get(pk=run.user_id), run.org_unit_id, run.subject_id, progress)


def run_for(user: Any, kind: ImportKind, pk: int) -> ImportRun:
    """Return the user's own run.

    Raises:
        NotFound: there is none, or somebody else sent it.
    """
    run = ImportRun.objects.filter(pk=pk, kind=kind.code, user_id=user.pk).first()
    if run is None:
        raise NotFound()
    return run


def receive(
    kind: ImportKind, stream: IO[bytes], *, name: str, size: int, context: Context, at_once: bool = False
) -> ImportRun:
    """Keep the file and read it now, or queue the reading when it is large and nobody can wait (not `at_once`).

    Raises:
        BadInput: too large, no Excel file, damaged.
        NotAllowed, NotFound: the user may not import into the unit.
    """
    kind.check(context)
    reading.check_upload(stream, size)
    content = stream.read(reading.MAX_BYTES + 1)
    stored_name = f"{uuid.uuid4().hex}.bin"
    path = folder() / stored_name
    path.touch(mode=0o600)
    path.write_bytes(content)
    with transaction.atomic():
        run = ImportRun.objects.create(
            kind=kind.code,
            user_id=context.user.pk,
            org_unit_id=context.org_unit_id,
            subject_id=context.subject_id,
            file_name=text.clean(Path(name.replace("\\", "/")).name)[-200:] or "excel",
            stored_name=stored_name,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        if len(content) > INLINE_BYTES and not at_once:
            queue(run)
            return run
    read(run)
    return run


def read(run: ImportRun, progress: Progress = SILENT) -> None:
    """Read the file, keep its rows, judge them; a fault becomes the run's own, in words, with nothing kept.

    A run that another worker has meanwhile read is left as it is.
    """
    try:
        header = find_header(reading.read_sheets(folder() / run.stored_name), kind_of(run.kind).columns)
        if len(header.rows) > reading.MAX_ROWS:
            raise BadInput(_("The file has too many rows. Divide it into several files."))
        with _nothing_swept(), transaction.atomic():
            if not ImportRun.objects.select_for_update().filter(pk=run.pk, status=ImportStatus.READING).exists():
                return
            _describe(run, header)
            _keep(run, header.rows, _judged(run, header.rows, progress=progress), progress)
    except LangsenError as fault:
        transition(run, ImportStatus.FAILED, fault=str(fault.message)[:500])
    except FileNotFoundError:
        transition(run, ImportStatus.FAILED, fault=_("The file is no longer there. Send it again."))


@contextmanager
def _nothing_swept() -> Iterator[None]:
    """Leave Python's collector of cycles aside: what a file's rows become lives to the end of the step anyway.

    A file has at most `MAX_ROWS`; looking through all of them again and again took a quarter of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _describe(run: ImportRun, header: Header) -> None:
    """Keep what stands above the data, and which column is taken for which."""
    columns = kind_of(run.kind).columns
    remembered = ImportMapping.objects.filter(kind=run.kind, signature=header.signature).first()
    mapping = remembered.columns if remembered else guess_mapping(header.titles, columns)
    above = header.above[-30:]
    run.signature, run.mapping = header.signature, mapping
    run.head = {
        "above": [row.cells for row in above],
        "titles": {str(index): title for index, title in header.titles.items()},
        "examples": {str(index): header.example(index) for index in header.titles},
    }
    run.save(update_fields=["signature", "mapping", "head"])


def _keep(run: ImportRun, rows: Sequence[reading.RawRow], judgement: Judgement, progress: Progress) -> None:
    """Keep the rows of the file with their verdicts, for the preview."""
    run.rows.all().delete()
    verdicts = {verdict.row.number: verdict for verdict in judgement.verdicts}

    def kept(row: reading.RawRow) -> tuple[CopyValue, ...]:
        state, label, reasons, candidates = _marks(verdicts.get(row.number), run.mapping)
        told = (json.dumps(reasons) if reasons else "[]", json.dumps(candidates) if candidates else "[]")
        return (run.pk, row.number, json.dumps(row.cells), state, label, *told, "")

    copy_rows(ImportRow, _ROW_COLUMNS, map(kept, progress.through(rows, ImportStage.WRITING, len(rows))))
    _previewed(run, judgement)


def _marks(verdict: Verdict | None, mapping: Mapping[str, int]) -> tuple[str, str, list[list[str]], list[list[str]]]:
    """What a row keeps of its verdict: state, label, reasons, candidates."""
    if verdict is None:
        return "", "", [], []
    candidates = [[one.value, one.label] for one in verdict.candidates]
    return verdict.state.value, verdict.label[:300], _named(verdict, mapping), candidates


def _judged(
    run: ImportRun,
    raw: Sequence[reading.RawRow],
    choices: Mapping[int, str] | None = None,
    progress: Progress = SILENT,
) -> Judgement:
    if missing_columns(run):
        return Judgement([])
    kind = kind_of(run.kind)
    told = progress.through(raw, ImportStage.READING, len(raw))
    read_now = read_rows(told, kind.columns, run.mapping, choices or {})
    good = [row for row in read_now if not row.faults]
    judgement = kind.judge(good, context_of(run, progress))
    faulty = [
        Verdict(row, State.REJECTED, label="", reasons=list(row.faults.items())) for row in read_now if row.faults
    ]
    for verdict in faulty:
        verdict.label = next((str(value) for value in verdict.row.values.values()), "")[:300]
    return Judgement(sorted([*judgement.verdicts, *faulty], key=lambda one: one.row.number), judgement.remarks)


def missing_columns(run: ImportRun) -> list[str]:
    """Return the labels of required columns that no column of the file is mapped to."""
    return [
        str(column.label) for column in kind_of(run.kind).columns if column.required and column.key not in run.mapping
    ]


def judge(run: ImportRun) -> None:
    """Judge every row by the run's mapping and keep the verdicts for the preview; nothing else is written."""
    rows = list(run.rows.all())
    judgement = _judged(run, *_cells_and_choices((row.number, row.cells, row.choice) for row in rows))
    verdicts = {verdict.row.number: verdict for verdict in judgement.verdicts}
    changed = []
    for row in rows:
        marks = _marks(verdicts.get(row.number), run.mapping)
        if marks != (row.state, row.label, row.reasons, row.candidates):
            row.state, row.label, row.reasons, row.candidates = marks
            changed.append(row)
    _rewrite(changed)
    _previewed(run, judgement)


def _cells_and_choices(
    rows: Iterable[tuple[int, list[reading.Cell], str]],
) -> tuple[list[reading.RawRow], dict[int, str]]:
    raw, choices = [], {}
    for number, cells, choice in rows:
        raw.append(reading.RawRow(number, cells))
        if choice:
            choices[number] = choice
    return raw, choices


def _previewed(run: ImportRun, judgement: Judgement) -> None:
    transition(
        run,
        ImportStatus.PREVIEWED,
        counts=_counts(judgement),
        remarks=[[title, lines] for title, lines in judgement.remarks],
        fault="",
    )


def _rewrite(rows: list[ImportRow]) -> None:
    """Store changed verdicts by upsert: a hundred times faster than `bulk_update` on a large file."""
    ImportRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["run", "number"],
        update_fields=["state", "label", "reasons", "candidates", "choice"],
        batch_size=_BATCH,
    )


def _counts(judgement: Judgement) -> dict[str, int]:
    found = Counter(str(verdict.state) for verdict in judgement.verdicts)
    return {state: found[state] for state in State}


def _named(verdict: Verdict, mapping: Mapping[str, int]) -> list[list[str]]:
    """Reasons as [cell name, words]; the cell is empty when the reason is not about one."""
    number = verdict.row.number
    return [[cell_name(number, mapping[key]) if key in mapping else "", words] for key, words in verdict.reasons]


@transaction.atomic
def remap(run: ImportRun, mapping: Mapping[str, int]) -> None:
    """Judge anew with another mapping and remember it for files with the same headings.

    Raises:
        BadInput: one column of the file is named twice, or does not exist.
        Conflict: the run has meanwhile been applied or discarded.
    """
    known = {column.key for column in kind_of(run.kind).columns}
    indexes = {int(index) for index in run.head["titles"]}
    if not set(mapping) <= known or not set(mapping.values()) <= indexes:
        raise BadInput(_("This column is not in the file."))
    if len(set(mapping.values())) < len(mapping):
        raise BadInput(_("One column of the file was chosen twice. Each can be used once."))
    ImportMapping.objects.update_or_create(
        kind=run.kind,
        signature=run.signature,
        defaults={"columns": dict(mapping), "changed_by_id": run.user_id},
    )
    transition(run, ImportStatus.READING, mapping=dict(mapping))
    judge(run)


@transaction.atomic
def choose(run: ImportRun, choices: Mapping[int, str]) -> None:
    """Keep the answers to doubtful rows ({row number: candidate's value or "new" or ""}) and judge anew.

    Raises:
        BadInput: an answer that was not offered.
    """
    rows = list(run.rows.filter(number__in=choices.keys()).exclude(candidates=[]))
    for row in rows:
        choice = choices[row.number]
        if choice not in {"", "new", *(value for value, _label in row.candidates)}:
            raise BadInput(_("This answer was not offered for row %(row)s.") % {"row": row.number})
        row.choice = choice
    _rewrite(rows)
    transition(run, ImportStatus.READING)
    judge(run)


def apply(run: ImportRun) -> None:
    """Apply the good rows, or queue it when there are many. A second call changes nothing.

    Raises:
        Conflict: the run was discarded, or is not ready.
        BadInput: a required column is not mapped.
    """
    if run.status in {ImportStatus.APPLIED, ImportStatus.QUEUED}:
        return
    if missing_columns(run):
        raise BadInput(_("Say first which column holds: %(columns)s.") % {"columns": ", ".join(missing_columns(run))})
    if run.counts.get(State.NEW, 0) + run.counts.get(State.CHANGED, 0) <= INLINE_ROWS:
        apply_now(run)
        return
    with transaction.atomic():
        transition(run, ImportStatus.QUEUED)
        queue(run)


@transaction.atomic
def apply_now(run: ImportRun, progress: Progress = SILENT) -> None:
    """Write the good rows in one transaction; the guarded change of state makes it happen once.

    Raises:
        Conflict: somebody else's click was first, or the run was discarded.
        NotAllowed: the right was taken away meanwhile.
    """
    transition(run, ImportStatus.APPLIED, ended_at=timezone.now())
    kind, context = kind_of(run.kind), context_of(run, progress)
    kind.check(context)
    with _nothing_swept():
        sent = _cells_and_choices(run.rows.values_list("number", "cells", "choice").iterator())
        judgement = _judged(run, *sent, progress=progress)
        kind.apply(judgement, context)
    verdicts = {verdict.row.number: verdict for verdict in judgement.verdicts}
    before = run.rows.values_list("number", "state")
    stale = [number for number, state in before if number in verdicts and verdicts[number].state != state]
    rows = list(run.rows.filter(number__in=stale)) if stale else []
    for row in rows:
        row.state, row.reasons = verdicts[row.number].state, _named(verdicts[row.number], run.mapping)
    _rewrite(rows)
    run.counts = _counts(judgement)
    run.save(update_fields=["counts"])


def apply_queued(run: ImportRun, progress: Progress = SILENT) -> None:
    """Apply a queued run; on a fault it goes back to the preview with the reason."""
    try:
        apply_now(run, progress)
    except Conflict:
        logger.info("import %s was applied already", run.pk)
    except LangsenError as fault:
        transition(run, ImportStatus.PREVIEWED, fault=str(fault.message)[:500])
    except Exception:
        run.refresh_from_db()
        transition(run, ImportStatus.PREVIEWED, fault=_("Something went wrong on our side. Nothing was imported."))
        raise


def discard(run: ImportRun) -> None:
    """Throw a run away with its rows and its file.

    Raises:
        Conflict: a worker is at it, or it has ended.
    """
    with transaction.atomic():
        at_rest(run)
        transition(run, ImportStatus.DISCARDED, ended_at=timezone.now(), head={})
        run.rows.all().delete()
    (folder() / run.stored_name).unlink(missing_ok=True)


def forget_old() -> int:
    """Delete files and rows of runs older than `KEPT_DAYS`; the run itself stays with its counts. Returns how many."""
    limit = timezone.now() - timedelta(days=KEPT_DAYS)
    ImportProgress.objects.filter(told_at__lt=limit).delete()
    old = list(ImportRun.objects.filter(sent_at__lt=limit).exclude(stored_name=""))
    for run in old:
        with transaction.atomic():
            run.rows.all().delete()
            if ImportStatus.EXPIRED in run.TRANSITIONS[run.status]:
                transition(run, ImportStatus.EXPIRED, ended_at=timezone.now())
            path = folder() / run.stored_name
            ImportRun.objects.filter(pk=run.pk).update(stored_name="", head={}, remarks=[])
        path.unlink(missing_ok=True)
    return len(old)
