"""Attaching and taking off: whole or not at all, the right people, the trail, the disk."""

import hashlib
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.evidence import services, storage
from langsen.foundation.evidence.models import StoredFile
from langsen.foundation.evidence.sweeping import Swept, missing_files, sweep
from langsen.foundation.evidence.tasks import remove_file
from langsen.registers.study.models import SessionEvidence
from langsen.registers.study.services.sessions import cancel_session
from tests import evidence_samples as samples
from tests.evidence_samples import upload
from tests.factories import make_session, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(own_files: Path) -> Path:
    return own_files / "evidence"


@pytest.fixture
def cell():
    return make_unit("C1")


@pytest.fixture
def session(cell):
    return make_session(cell)


@pytest.fixture
def secretary(cell):
    return make_user("cell_secretary", cell)


def attach(session, by, *uploads, **options) -> services.Attached:
    options = {"permission": Permission.STUDY_RECORD} | options
    return services.attach_files(SessionEvidence, session, uploads, by=by, **options)


def detach(row, by, reason="Nhầm tệp") -> None:
    services.detach_file(row, reason=reason, permission=Permission.STUDY_RECORD, by=by)


def on_disk(files: Path) -> list[Path]:
    return sorted(path for path in files.rglob("*") if path.is_file())


def test_good_and_bad_together(session, secretary, files) -> None:
    sent = samples.word()
    answer = attach(
        session,
        secretary,
        upload(samples.photo(), "../../hội trường.jpg"),
        upload(b"MZ\x90", "báo cáo.docx"),
        upload(sent, "chương trình.docx"),
        upload(b"", "trống.pdf"),
        upload(samples.pdf(), "CV 7 TỐI MẬT.pdf"),
        captions=["Quang cảnh", "", "Chương trình"],
        is_signed_paper=True,
    )
    assert [row.file.name for row in answer.kept] == ["hội trường.jpg", "chương trình.docx"]
    assert [row.caption for row in answer.kept] == ["Quang cảnh", "Chương trình"]
    assert all(row.is_signed_paper for row in answer.kept)
    assert {one.name for one in answer.refused} == {"báo cáo.docx", "trống.pdf", "CV 7 TỐI MẬT.pdf"}
    photo, paper = (row.file for row in answer.kept)
    assert storage.path_of(paper.stored_name).read_bytes() == sent
    assert paper.sha256 == paper.source_sha256 == hashlib.sha256(sent).hexdigest()
    assert photo.sha256 == hashlib.sha256(storage.path_of(photo.stored_name).read_bytes()).hexdigest()
    assert len(on_disk(files)) == 3  # the photo, its small picture, the paper: nothing of the refused ones


def test_no_name_of_the_sender_reaches_the_disk_and_only_we_read_it(session, secretary, files) -> None:
    attach(session, secretary, upload(samples.photo(), "../../../etc/cron.d/x.jpg"))
    for path in on_disk(files):
        assert path.name.removesuffix(".thumb").isalnum()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


def test_the_same_file_sent_again_is_kept_once(session, secretary) -> None:
    sent = samples.photo()
    attach(session, secretary, upload(sent, "a.jpg"))
    again = attach(session, secretary, upload(sent, "b.jpg"), upload(samples.pdf(), "c.pdf"), upload(samples.pdf()))
    assert (len(again.kept), again.already) == (1, ["b.jpg", "anh.jpg"])
    assert session.evidence.count() == 2


def test_too_many_files_leave_nothing_behind(session, secretary, files, settings) -> None:
    settings.EVIDENCE_FILES = 3
    attach(session, secretary, upload(samples.pdf(), "a.pdf"))
    with pytest.raises(BadInput, match="chỉ nhận thêm được 2"):
        attach(session, secretary, *(upload(samples.pdf(b"/N %d" % number), f"{number}.pdf") for number in range(3)))
    assert (session.evidence.count(), len(on_disk(files))) == (1, 1)


def test_a_full_record_may_be_sent_its_own_files_again(session, secretary, settings) -> None:
    settings.EVIDENCE_FILES = 2
    sent = [samples.pdf(), samples.word()]
    attach(session, secretary, *map(upload, sent))
    again = attach(session, secretary, *map(upload, sent))
    assert (again.kept, len(again.already)) == ([], 2)


def test_a_file_too_large_is_refused_by_its_size(session, secretary, settings) -> None:
    settings.EVIDENCE_FILE_MB = 0
    assert "MB" in attach(session, secretary, upload(samples.pdf(), "a.pdf")).refused[0].reason


def test_who_may_not(session, cell) -> None:
    for user in (make_user("viewer", cell), make_user("cell_secretary", make_unit("C2"))):
        with pytest.raises(NotAllowed):
            attach(session, user, upload(samples.pdf(), "a.pdf"))


def test_no_file_and_a_cancelled_session(session, secretary) -> None:
    with pytest.raises(BadInput):
        attach(session, secretary)
    attached = attach(session, secretary, upload(samples.pdf(), "a.pdf")).kept[0]
    cancel_session(session, reason="Hoãn", by=secretary)
    session.refresh_from_db()
    with pytest.raises(Conflict):
        attach(session, secretary, upload(samples.word(), "b.docx"))
    with pytest.raises(Conflict):
        detach(attached, secretary)


def test_a_failure_while_recording_takes_the_bytes_along(session, secretary, files, monkeypatch) -> None:
    def fails(*args: object, **options: object) -> None:
        raise IntegrityError("the disk of the trail is full")

    monkeypatch.setattr(services, "record_event", fails)
    with pytest.raises(IntegrityError):
        attach(session, secretary, upload(samples.photo()), upload(samples.word(), "b.docx"))
    assert on_disk(files) == []
    assert StoredFile.objects.count() == session.evidence.count() == 0


def test_taken_off_with_a_reason(session, secretary, files, django_capture_on_commit_callbacks) -> None:
    row = attach(session, secretary, upload(samples.photo(), "a.jpg")).kept[0]
    with pytest.raises(BadInput):
        detach(row, secretary, reason="  ")
    detach(row, secretary)
    assert session.evidence.count() == 0
    events = {event.verb: event.data for event in history_of(session)}
    assert events["evidence.detached"] == {"files": "a.jpg", "digests": row.file.sha256, "reason": "Nhầm tệp"}
    assert events["evidence.attached"]["files"] == "a.jpg"
    job = ProcrastinateJob.objects.get(task_name="evidence.remove_file")
    assert len(on_disk(files)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        remove_file(**job.args)
    assert on_disk(files) == []
    assert not StoredFile.objects.exists()
    remove_file(**job.args)  # run twice: nothing happens


def test_taken_off_twice(session, secretary) -> None:
    row = attach(session, secretary, upload(samples.pdf(), "a.pdf")).kept[0]
    same = SessionEvidence.objects.get(pk=row.pk)
    detach(row, secretary)
    with pytest.raises(Conflict):
        detach(same, secretary)


def test_a_file_another_record_needs_stays(session, cell, secretary, files) -> None:
    row = attach(session, secretary, upload(samples.pdf(), "a.pdf")).kept[0]
    other = make_session(cell, title="Hội nghị khác")
    SessionEvidence.objects.create(record=other, file=row.file, added_by=secretary)
    detach(row, secretary)
    remove_file(row.file_id)
    assert len(on_disk(files)) == 1


def test_the_sweep_removes_what_nobody_knows(session, secretary, files, django_capture_on_commit_callbacks) -> None:
    kept = attach(session, secretary, upload(samples.photo(), "a.jpg")).kept[0]
    lost = attach(session, secretary, upload(samples.pdf(), "b.pdf")).kept[0]
    SessionEvidence.objects.filter(pk=lost.pk).delete()
    (files / "incoming").mkdir(exist_ok=True)
    (files / "incoming" / "half").write_bytes(b"half")
    assert sweep() == Swept(0, 0)  # all of it may belong to a request still under way
    StoredFile.objects.update(stored_at=timezone.now() - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep(older_than=0).unneeded == 1
    sweep(older_than=-1)
    names = {path.name.removesuffix(".thumb") for path in on_disk(files)}
    assert names == {kept.file.stored_name}


def test_missing_files_are_known(session, files) -> None:
    row = attach(session, system_user(), upload(samples.pdf(), "a.pdf")).kept[0]
    assert missing_files() == []
    storage.path_of(row.file.stored_name).unlink()
    assert missing_files() == ["a.pdf"]
