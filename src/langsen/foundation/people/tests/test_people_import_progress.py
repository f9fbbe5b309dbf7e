"""A large import says how far it is while it runs, and is pushed on when its worker has died: once."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import xlsxwriter
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.core import tasks
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.models import ImportProgress, ImportRun, ImportStage
from langsen.foundation.core.sheets import progress, runs, waiting
from langsen.foundation.core.sheets.kinds import Context, kind_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.imports import applying
from langsen.foundation.people.models import Person
from tests.factories import make_tree, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ["Lò Thị Mây", "Vàng A Páo", "Trần Thị Cúc"]


@pytest.fixture
def officer(settings, tmp_path, monkeypatch) -> User:
    settings.FILES_DIR = tmp_path
    monkeypatch.setattr(runs, "INLINE_ROWS", 1)
    tree = make_tree(TI=("province", None), C1=("cell", "TI"))
    return make_user(Role.ORGANISATION_OFFICER, tree["TI"])


@pytest.fixture
def queued(officer: User) -> ImportRun:
    """A file of three people whose import waits for a worker."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet().write_column(0, 0, ["Họ và tên", *NAMES])
    book.close()
    size = stream.tell()
    stream.seek(0)
    context = Context(officer, OrgUnit.objects.get(code="C1").pk)
    run = runs.receive(kind_of("people"), stream, name="x.xlsx", size=size, context=context)
    runs.apply(run)
    return run


@pytest.fixture
def dead(queued: ImportRun) -> ImportRun:
    """The same, and nothing was heard of it for long."""
    ImportProgress.objects.filter(run_id=queued.pk).update(
        told_at=timezone.now() - waiting.SILENCE - timedelta(seconds=1)
    )
    return queued


@pytest.fixture
def held(dead: ImportRun) -> Iterator[ImportRun]:
    """The same, but its worker lives: it holds the run in a transaction."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("UPDATE core_importrun SET status = 'applied' WHERE id = %s", [dead.pk])
    yield dead
    other.rollback()
    other.close()


def jobs_of(run: ImportRun) -> int:
    return ProcrastinateJob.objects.filter(task_name="core.apply_import", args={"run_id": run.pk}).count()


def test_rows_done_are_seen_while_the_import_is_not_committed(queued, monkeypatch):
    monkeypatch.setattr(progress, "_PAUSE", 0)
    monkeypatch.setattr(progress, "_LOOK", 1)
    monkeypatch.setattr(applying, "_BATCH", 1)
    seen, enrol = [], applying.enrol

    def watched(rows, *, by):
        told = ImportProgress.objects.get(run_id=queued.pk)
        seen.append((told.stage, told.done, told.total, round(told.share, 2)))
        return enrol(rows, by=by)

    monkeypatch.setattr(applying, "enrol", watched)
    tasks.apply_import(queued.pk)
    assert seen == [(ImportStage.WRITING, done, 3, round((2 + done / 3) / 3, 2)) for done in range(3)]
    assert {person.full_name for person in Person.objects.all()} == set(NAMES)
    assert not ImportProgress.objects.exists()


def test_an_import_goes_on_when_it_cannot_say_how_far_it_is(queued):
    with transaction.atomic():
        ImportProgress.objects.filter(run_id=queued.pk).update(done=1)  # the row is locked: no word gets through
        tasks.apply_import(queued.pk)
    assert Person.objects.count() == 3


def test_a_run_whose_worker_died_is_pushed_on_once_and_imported_once(dead):
    assert jobs_of(dead) == 1
    results = at_once(*[lambda: waiting.push_on(ImportRun.objects.get(pk=dead.pk))] * 2)
    assert sum(isinstance(result, Conflict) for result in results) == 1, results
    assert jobs_of(dead) == 2
    at_once(*[lambda: tasks.apply_import(dead.pk)] * 2)
    assert Person.objects.count() == 3


@pytest.mark.parametrize("state", ["queued", "held"])
def test_a_run_with_a_living_worker_is_neither_pushed_on_nor_discarded(request, state):
    run = request.getfixturevalue(state)
    with pytest.raises(Conflict):
        waiting.push_on(run)
    if state == "held":
        with pytest.raises(Conflict):
            runs.discard(run)
    assert jobs_of(run) == 1


def test_a_file_whose_reader_died_is_read_again_and_two_readers_keep_its_rows_once(dead):
    ImportRun.objects.filter(pk=dead.pk).update(status="reading")
    waiting.push_on(ImportRun.objects.get(pk=dead.pk))
    at_once(*[lambda: tasks.read_import(dead.pk)] * 2)
    dead.refresh_from_db()
    assert (dead.status, dead.rows.count(), dead.fault) == ("previewed", 3, "")


def test_the_page_shows_how_far_it_is_and_offers_to_run_it_again_when_nothing_is_heard(client: Client, officer, queued):
    client.force_login(officer)
    address = reverse("people:roster_import_run", args=[queued.pk])
    ImportProgress.objects.filter(run_id=queued.pk).update(stage="checking", done=1200, total=2000)
    page = client.get(address).content.decode()
    assert "53,3%" in page
    assert "1.200 / 2.000" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'value="push"' not in page
    assert client.post(address, {"action": "push"}).status_code == 409
    ImportProgress.objects.update(told_at=timezone.now() - timedelta(hours=1))
    assert 'value="push"' in client.get(address).content.decode()
    assert client.post(address, {"action": "push"}).status_code == 302
    assert jobs_of(queued) == 2
    ImportProgress.objects.update(told_at=timezone.now() - timedelta(hours=1))
    assert client.post(address, {"action": "discard"}).status_code == 302
    queued.refresh_from_db()
    assert queued.status == "discarded"
    tasks.apply_import(queued.pk)
    assert not Person.objects.exists()
