"""Attaching files to records and taking them off again."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record as record_event
from langsen.foundation.core import jobs
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.text import clean
from langsen.foundation.evidence import inspection, rules, storage
from langsen.foundation.evidence.models import EvidenceLink, StoredFile

logger = logging.getLogger("langsen.evidence")


@dataclass(frozen=True)
class Refused:
    """A file that was not kept, under the name it was sent by, and why."""

    name: str
    reason: str


@dataclass
class Attached:
    """What became of the files of one request: every one of them stands in exactly one of the lists."""

    kept: list[EvidenceLink] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass
class _Coming:
    """A file on its way: where its bytes lie now and what they are."""

    name: str
    caption: str
    path: Path
    picture: Path
    thumbnail: Path
    digest: str
    verdict: inspection.Verdict = field(default_factory=inspection.Verdict)

    @property
    def kept_path(self) -> Path:
        return self.picture if self.verdict.width else self.path


def attach_files(
    link: type[EvidenceLink],
    record: Any,
    uploads: Sequence["UploadedFile[Any]"],
    *,
    captions: Sequence[str] = (),
    is_signed_paper: bool = False,
    permission: Permission,
    by: User,
) -> Attached:
    """Attach files to `record`; each is kept whole or not at all, and the answer says which.

    `captions` go with the uploads in order; a missing one is empty. What the record has already, byte for byte, is not
    kept twice: sending again after a broken connection does no harm.

    Raises:
        NotAllowed: `by` has not `permission` in the record's unit.
        Conflict: the record takes no files now.
        BadInput: no file, or more than a record may have; nothing was kept.
    """
    require(by, permission, record.org_unit)
    _refuse_closed(link, record)
    if not uploads:
        raise BadInput(_("Choose at least one photo or paper."), fields={"chosen": _("Choose at least one.")})
    there = set(link.rows_of(record).values_list("file__source_sha256", flat=True))
    if len(uploads) > rules.most_files():
        rules.check_count(len(there), len(uploads))
    texts = [clean(text)[: rules.CAPTION_LENGTH] for text in captions]
    texts += [""] * (len(uploads) - len(texts))
    answer = Attached()
    with _received(uploads, texts, answer) as coming:
        fresh = _fresh(coming, there, answer)
        rules.check_count(len(there), len(fresh))
        good = _looked_at(fresh, answer)
        if good:
            _keep(link, record, good, answer, is_signed_paper=is_signed_paper, by=by)
    return answer


def _refuse_closed(link: type[EvidenceLink], record: Any) -> None:
    if why := link.refuse_change(record):
        raise Conflict(why)


@contextmanager
def _received(
    uploads: Sequence["UploadedFile[Any]"], texts: Sequence[str], answer: Attached
) -> Iterator[list[_Coming]]:
    """Write what came to places of ours and remove them afterwards; what is kept was moved away by then."""
    coming: list[_Coming] = []
    try:
        for upload, text in zip(uploads, texts, strict=False):
            name = rules.clean_name(upload.name or "")
            try:
                rules.check_size(upload.size or 0)
                rules.refuse_secret(name, text)
            except BadInput as error:
                answer.refused.append(Refused(name, str(error.message)))
            else:
                one = _Coming(name, text, storage.incoming_path(), storage.incoming_path(), storage.incoming_path(), "")
                coming.append(one)
                one.digest = _write(upload, one.path)
        yield coming
    finally:
        for one in coming:
            for path in (one.path, one.picture, one.thumbnail):
                path.unlink(missing_ok=True)


def _write(upload: "UploadedFile[Any]", path: Path) -> str:
    path.touch(mode=0o600)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
            digest.update(chunk)
    return digest.hexdigest()


def _fresh(coming: Sequence[_Coming], there: set[str], answer: Attached) -> list[_Coming]:
    """Return those that are not attached yet and stand here once: the others need not even be opened."""
    fresh, seen = [], set(there)
    for one in coming:
        if one.digest in seen:
            answer.already.append(one.name)
        else:
            seen.add(one.digest)
            fresh.append(one)
    return fresh


def _looked_at(coming: Sequence[_Coming], answer: Attached) -> list[_Coming]:
    verdicts = inspection.inspect([inspection.Job(one.path, one.picture, one.thumbnail) for one in coming])
    good = []
    for one, verdict in zip(coming, verdicts, strict=True):
        one.verdict = verdict
        if verdict.refusal:
            answer.refused.append(Refused(one.name, verdict.refusal))
        else:
            good.append(one)
    return good


def _keep(
    link: type[EvidenceLink],
    record: Any,
    good: Sequence[_Coming],
    answer: Attached,
    *,
    is_signed_paper: bool,
    by: User,
) -> None:
    """Record the good files in one transaction; their bytes are on the disk before, and leave it when it fails."""
    written: list[str] = []
    try:
        with transaction.atomic():
            locked = _locked(record)
            _refuse_closed(link, locked)
            rows: Any = link.rows_of(locked)
            there = set(rows.values_list("file__source_sha256", flat=True))
            last = max(rows.values_list("position", flat=True), default=0)
            rules.check_count(len(there), len({one.digest for one in good} - there))
            for one in good:
                if one.digest in there:  # somebody sent the same while it was being looked at
                    answer.already.append(one.name)
                    continue
                file = _stored(one, written)
                last += 1
                facts = {"caption": one.caption, "is_signed_paper": is_signed_paper, "position": last}
                answer.kept.append(rows.create(record=locked, file=file, added_by=by, **facts))
            if answer.kept:
                data = {
                    "files": "; ".join(row.file.name for row in answer.kept)[:1000],
                    "digests": "; ".join(row.file.sha256 for row in answer.kept),
                }
                record_event("evidence.attached", locked, by=by, data=data)
    except BaseException:
        for name in written:
            storage.remove(name)
        answer.kept.clear()
        raise


def _locked(record: Any) -> Any:
    """The record, locked: two people attaching at once cannot pass the limit together."""
    rows: Any = type(record)._default_manager
    return rows.select_for_update(of=("self",)).select_related("org_unit").get(pk=record.pk)


def _stored(one: _Coming, written: list[str]) -> StoredFile:
    name = storage.new_name()
    written.append(name)
    is_picture = one.verdict.width is not None
    sha256 = _digest(one.picture) if is_picture else one.digest
    size = one.kept_path.stat().st_size
    storage.keep(one.kept_path, storage.path_of(name))
    if is_picture:
        storage.keep(one.thumbnail, storage.thumbnail_of(name))
    return StoredFile.objects.create(
        name=one.name,
        format=one.verdict.format,
        size=size,
        sha256=sha256,
        source_sha256=one.digest,
        stored_name=name,
        width=one.verdict.width,
        height=one.verdict.height,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@transaction.atomic
def detach_file(row: EvidenceLink, *, reason: str, permission: Permission, by: User) -> None:
    """Take a file off its record. The trail keeps its name, digest and the reason.

    The bytes leave the disk in a job, when no other record refers to them.

    Raises:
        NotAllowed: `by` has not `permission` in the record's unit.
        Conflict: somebody has taken it off already, or the record is closed.
        BadInput: no reason given.
    """
    require(by, permission, row.record.org_unit)
    words = clean(reason)[: rules.REASON_LENGTH]
    if not words:
        raise BadInput(_("Say why."), fields={"reason": _("Say why.")})
    record = _locked(row.record)
    _refuse_closed(type(row), record)
    gone, _counts = type(row)._default_manager.filter(pk=row.pk).delete()
    if not gone:
        raise Conflict(_("Somebody else has taken this file off meanwhile."))
    data = {"files": row.file.name, "digests": row.file.sha256, "reason": words}
    record_event("evidence.detached", record, by=by, data=data)
    jobs.defer("evidence.remove_file", file_id=row.file_id)


@transaction.atomic
def change_caption(row: EvidenceLink, caption: str, *, permission: Permission, by: User) -> bool:
    """Change what stands below an attached file, also to nothing; say whether anything changed.

    Raises:
        NotAllowed: `by` has not `permission` in the record's unit.
        Conflict: somebody has taken the file off, or the record is closed.
        BadInput: too long, or the caption says that the paper is classified.
    """
    require(by, permission, row.record.org_unit)
    text = clean(caption)
    rules.check_caption(text)
    record = _locked(row.record)
    _refuse_closed(type(row), record)
    rows: Any = type(row)._default_manager
    before = rows.filter(pk=row.pk).values_list("caption", flat=True).first()
    if before is None:
        raise Conflict(_("Somebody else has taken this file off meanwhile."))
    if text == before:
        return False
    rows.filter(pk=row.pk).update(caption=text)
    record_event("evidence.captioned", record, by=by, data={"files": row.file.name, "caption": [before, text]})
    return True


def remove_unneeded(file: StoredFile) -> bool:
    """Delete the file, row and bytes, when no record refers to it any more; say whether it was."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().filter(pk=file.pk).first()
        if locked is None or _is_needed(locked):
            return False
        locked.delete()
        transaction.on_commit(lambda: storage.remove(file.stored_name))
    return True


def _is_needed(file: StoredFile) -> bool:
    return any(table._default_manager.filter(file=file).exists() for table in link_tables())


def link_tables() -> Iterator[type[Model]]:
    """Yield the link table of every register that attaches files."""
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.is_relation and isinstance(relation.related_model, type):
            yield relation.related_model
