"""For each thing the doctor looks at, a fault is planted and must be found, with advice; without one all is well."""

import contextlib
import hashlib
import json
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from langsen.config import doctor
from langsen.config.cli import cli
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.evidence import storage
from langsen.registers.study.models import SessionEvidence
from tests.factories import attach_photo, make_session, make_unit
from tests.runtime.owners import run
from tests.two_stores import url_of

pytestmark = pytest.mark.django_db


def finding(name: str) -> doctor.Finding:
    return next(one for one in doctor.examine() if one.name == name)


def test_an_attached_file_that_is_gone(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    row = attach_photo(SessionEvidence, make_session(make_unit("C1")), system_user(), "hội trường.jpg")
    assert finding("evidence").well
    storage.path_of(row.file.stored_name).unlink()
    assert "hội trường.jpg" in finding("evidence").found
    assert "backup" in finding("evidence").advice


def test_a_sound_installation_has_nothing_wrong(assets: Path) -> None:
    wrong = [one for one in doctor.examine() if not one.well]
    assert wrong == []


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    """A folder of assets as `make assets` leaves it, so that the tests do not need the real one."""
    (tmp_path / "a.css").write_bytes(b"a{}")
    digest = hashlib.sha256(b"a{}").hexdigest()
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {"a.css": digest}}))
    monkeypatch.setattr(doctor.finders, "find", lambda name: str(tmp_path / "manifest.json"))
    settings.PACKAGE_DIR = tmp_path
    return tmp_path


def test_an_old_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_SERVER", 99)
    assert "DATABASE_URL" in finding("database").advice


def test_text_that_is_folded_wrongly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.text, "fold", str.lower)  # what keeps đ and the tones
    assert finding("folding").advice


def test_a_job_nobody_takes() -> None:
    assert finding("queue").well
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)"
            " VALUES ('default', 'nobody.knows', '{}', 'todo', now() - interval '1 hour')"
        )
    assert "langsen worker" in finding("queue").advice


def test_an_event_nobody_seals() -> None:
    assert finding("seals").well
    AuditEvent.objects.create(
        at=timezone.now() - timedelta(minutes=10), actor_name="thử", verb="x.tried", object_type="x", digest="0" * 64
    )
    assert "audit seal" in finding("seals").advice


class TestTheContestStore:
    def test_an_event_nobody_seals(self) -> None:
        assert finding("contests").well
        AuditEvent.objects.using("contests").create(
            at=timezone.now() - timedelta(minutes=10), actor_name="thử", verb="x.y", object_type="x", digest="0" * 64
        )
        assert "audit seal" in finding("contests").advice

    def test_tables_of_an_older_version(self) -> None:
        with connections["contests"].cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'results'")
        assert "results.0001_initial" in finding("contests").found
        assert "langsen migrate" in finding("contests").advice

    def test_commits_that_wait_for_no_disk(self) -> None:
        with connections["contests"].cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        assert "synchronous_commit = on" in finding("contests").advice

    def test_an_old_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "OLDEST_SERVER", 99)
        assert "LANGSEN_CONTESTS_URL" in finding("contests").advice

    @pytest.mark.slow
    def test_a_server_of_its_own_that_is_away(self, tmp_path: Path) -> None:
        away = f"postgresql:///contests?host={tmp_path}"
        url = url_of(str(connections["default"].settings_dict["NAME"]))
        done = run(tmp_path / "home", "doctor", "--json", DATABASE_URL=url, LANGSEN_CONTESTS_URL=away)
        found = {one["name"]: one for one in json.loads(done.stdout)}
        assert done.returncode == 1
        assert not found["contests"]["well"]
        assert found["database"]["well"], "the registers work without it"


def test_a_clock_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    late = timezone.now() - timedelta(minutes=3)
    monkeypatch.setattr(doctor.timezone, "now", lambda: late)
    assert "NTP" in finding("clock").advice


def test_tables_of_an_older_version() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    assert "langsen migrate" in finding("tables").advice


def test_a_folder_that_cannot_be_written(settings: Settings) -> None:
    settings.FILES_DIR = Path("/proc/langsen")
    assert finding("files").advice


def test_a_disk_that_is_nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_SPACE_AT_LEAST", 1 << 60)
    assert "room" in finding("files").advice


def test_a_mail_server_that_does_not_answer(settings: Settings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
        assert "LANGSEN_SMTP_URL" in finding("mail").advice


def test_an_asset_that_is_missing_or_altered(assets: Path) -> None:
    assert finding("assets").well
    (assets / "a.css").write_bytes(b"b{}")
    assert "a.css" in finding("assets").found
    (assets / "a.css").unlink()
    assert "a.css" in finding("assets").found


def test_translations_that_are_not_compiled(assets: Path) -> None:
    folder = assets / "locale" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").touch()
    assert "make assets messages" in finding("assets").advice


def test_another_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.django, "VERSION", (6, 1, 0, "final", 0))
    assert finding("versions").advice


def test_the_command_prints_json_and_says_by_its_exit_code_that_something_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [doctor.Finding("clock", "slow", "Wind it up.")]
    monkeypatch.setattr(doctor, "examine", lambda: found)
    monkeypatch.setattr("langsen.config.cli.doctor.database_running", contextlib.nullcontext)
    answer = CliRunner().invoke(cli, ["doctor", "--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.stdout) == [
        {"name": "clock", "found": "slow", "advice": "Wind it up.", "well": False},
    ]


@pytest.mark.slow
def test_without_a_database_the_rest_is_still_examined(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "doctor")
    assert done.returncode == 4
    assert "langsen up" in done.stdout
    assert "files" in done.stdout
    done = run(tmp_path / "home", "doctor", DATABASE_URL="postgresql:///x?host=/nonexistent")
    assert done.returncode == 4
    assert "does not answer" in done.stdout
