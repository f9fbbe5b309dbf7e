"""The drill: a store is copied, restored elsewhere, and is the same; what cannot be restored well is refused."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from langsen.config import doctor
from langsen.config.cli import cli
from langsen.foundation.core.backup import making
from langsen.foundation.core.backup.archive import Archive, verified
from langsen.foundation.core.runtime.cluster import Cluster
from tests.runtime.archives import contest_event, database, newer, of_the_first_form, tables
from tests.runtime.owners import command, environment, eventually, everything, open_folder, owner, run
from tests.two_stores import url_of

LCH = ("figures", "--unit", "LCH", "--from", "2021-05-18", "--to", "2023-05-17", "--tree", "today", "--json")
STORED = "evidence/ab/cd/abcd0000000000000000000000000000"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with open_folder("sao lưu-") as found:
        yield found


def with_demo_files(home: Path) -> Path:
    """A home with the demonstration's photos and papers, which its loading left in this session's own home."""
    shutil.copytree(Path(os.environ["LANGSEN_HOME"]) / "files", home / "files")
    return home


@pytest.fixture(scope="module")
def original(folder: Path, demo_template: str) -> tuple[Path, str]:
    """A home with a file and a key, and a copy of the demonstration whose events are sealed."""
    home, url = with_demo_files(folder / "a"), database("backup_original", demo_template)
    contest_event(url)
    (home / "files" / STORED).parent.mkdir(parents=True)
    (home / "files" / STORED).write_bytes(b"%PDF-1.7 " + os.urandom(2000))
    done = run(home, "audit", "seal", DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    return home, url


@pytest.fixture(scope="module")
def archive(folder: Path, original: tuple[Path, str]) -> Path:
    home, url = original
    path = folder / "langsen.tar.gz"
    done = run(home, "backup", str(path), DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == str(path)
    assert verified(path).missing == ()
    return path


def facts_of(home: Path, **extra: str) -> dict[str, str]:
    """What must be the same: figures of LCH, the state of the audit trail, the key."""
    figures, trail = run(home, *LCH, **extra), run(home, "audit", "verify", **extra)
    assert (figures.returncode, trail.returncode) == (0, 0), figures.stderr + trail.stderr
    assert '"study.sessions"' in figures.stdout
    return {"figures": figures.stdout, "trail": trail.stdout, "key": (home / "secret_key").read_text()}


@pytest.mark.slow
def test_restored_elsewhere_the_store_is_the_same(folder: Path, original: tuple[Path, str], archive: Path) -> None:
    home, url = original
    there = folder / "b"
    done = run(there, "restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert "0 different" in done.stdout
    assert "faults 0" in done.stdout
    assert facts_of(there) == facts_of(home, DATABASE_URL=url)
    assert "8198" in facts_of(there)["figures"]
    assert (there / "files" / STORED).read_bytes() == (home / "files" / STORED).read_bytes()
    assert [path.stat().st_mode & 0o777 for path in (there / "files", there / "files" / STORED)] == [0o700, 0o600]
    seals = [store.facts["last_seal"] for store in verified(archive).stores.values()]
    trail = run(there, "audit", "verify").stdout
    assert [f"last seal {seals[0]}" in trail, f"contests: last seal {seals[1]}" in trail] == [True, True]
    assert not list(there.glob(".restore-*"))
    again = run(there, "restore", str(archive))
    assert again.returncode == 1
    assert "LANGSEN_HOME" in again.stderr
    (there / "files").rename(there / "elsewhere")  # the database alone is refused as well
    again = run(there, "restore", str(archive))
    assert (again.returncode, "không trống" in again.stderr) == (1, True), again.stderr
    assert run(there, *LCH).returncode == 0


@pytest.mark.slow
def test_the_archive_is_the_owners_alone_and_is_never_replaced(original: tuple[Path, str], archive: Path) -> None:
    home, url = original
    before = archive.read_bytes()
    assert archive.stat().st_mode & 0o777 == 0o600
    done = run(home, "backup", str(archive), DATABASE_URL=url)
    assert done.returncode == 1
    assert str(archive) in done.stderr
    assert archive.read_bytes() == before
    assert [path.name for path in archive.parent.iterdir() if ".part" in path.name] == []
    listed = run(home, "backup", "--list", str(archive))
    assert listed.returncode == 0
    for store in verified(archive).stores.values():
        assert store.facts["last_seal"] in listed.stdout


@pytest.mark.slow
def test_a_store_that_holds_anything_is_refused_and_left_as_it_is(original: tuple[Path, str], archive: Path) -> None:
    home, url = original
    figures = run(home, *LCH, DATABASE_URL=url).stdout
    done = run(home.with_name("c"), "restore", str(archive), DATABASE_URL=url)
    assert done.returncode == 1
    assert "không trống" in done.stderr
    assert run(home, *LCH, DATABASE_URL=url).stdout == figures


@pytest.mark.slow
def test_tables_nobody_has_used_yet_are_no_obstacle(folder: Path, archive: Path) -> None:
    home, url = folder / "d", database("backup_fresh")
    assert run(home, "migrate", DATABASE_URL=url).returncode == 0
    done = run(home, "restore", str(archive), DATABASE_URL=url)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_damaged_cut_or_newer_archive_touches_nothing(folder: Path, archive: Path) -> None:
    url = database("backup_untouched")
    sound = archive.read_bytes()
    early = len(sound) // 50  # in the first member, the dump of the register store
    altered = bytearray(sound)
    altered[early] ^= 0x10
    for name, content, words in [
        ("damaged", bytes(altered), "database.dump"),
        ("cut", sound[:early], "database.dump"),
        ("newer", newer(archive, folder), "phiên bản mới hơn"),
    ]:
        path = folder / f"{name}.tar.gz"
        path.write_bytes(content)
        done = run(folder / "e", "restore", str(path), DATABASE_URL=url)
        assert done.returncode == 1, name
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert tables(url) == 0
        assert not (folder / "e" / "files").exists()


@pytest.mark.slow
def test_an_archive_from_before_the_contest_store_is_restored(folder: Path, archive: Path) -> None:
    url, path = database("backup_first_form"), folder / "first-form.tar.gz"
    path.write_bytes(of_the_first_form(archive, folder))
    done = run(folder / "k", "restore", str(path), DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert "contest store begins empty" in done.stderr
    assert "contests: events 0" in done.stdout
    assert "8198" in run(folder / "k", *LCH, DATABASE_URL=url).stdout


@pytest.mark.slow
def test_a_contest_store_that_holds_anything_is_refused(folder: Path, archive: Path) -> None:
    url = database("backup_contests_filled")
    assert run(folder / "l", "migrate", DATABASE_URL=url).returncode == 0
    contest_event(url)
    before = tables(url)
    done = run(folder / "l", "restore", str(archive), DATABASE_URL=url)
    assert (done.returncode, "không trống" in done.stderr) == (1, True), done.stderr
    assert tables(url) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["database.dump", "contests.dump"])
def test_a_dump_that_cannot_be_loaded_leaves_the_store_empty(folder: Path, archive: Path, name: str) -> None:
    """Sound by its digests, yet no dump: everything that was put in place, in either store, is taken away again."""
    manifest, place, bad = verified(archive), folder / f"unpacked-bad-{name}", folder / f"bad-{name}.tar.gz"
    with tarfile.open(archive) as tar:
        tar.extractall(place, filter="data")
    dump = (place / name).read_bytes()
    (place / name).write_bytes(dump[: len(dump) * 2 // 3])
    with bad.open("wb") as out:
        anew = Archive(out)
        for member in manifest.members:
            anew.add(member.name, place / member.name)
        anew.close_with(replace(manifest, members=tuple(anew.members)))
    url, home = database("backup_bad"), folder / f"f-{name}"
    assert run(home, "backup", "--list", str(bad), DATABASE_URL=url).returncode == 0
    key = (home / "secret_key").read_text()
    done = run(home, "restore", str(bad), DATABASE_URL=url)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert tables(url) == 0
    assert not (home / "files").exists()
    assert (home / "secret_key").read_text() == key
    assert run(home, "restore", str(archive), DATABASE_URL=url).returncode == 0


@pytest.mark.slow
@pytest.mark.kill
def test_a_running_site_is_backed_up_but_not_restored_into(folder: Path, archive: Path) -> None:
    home = folder / "g"
    assert run(home, "migrate").returncode == 0
    with owner(home) as running:
        eventually(lambda: running.status() == 200)
        assert run(home, "backup", str(folder / "running.tar.gz")).returncode == 0
        done = run(home, "restore", str(archive))
        assert done.returncode == 1
        assert running.address in done.stderr
        assert running.status() == 200
    assert everything(home) == []


@pytest.mark.slow
def test_a_store_somebody_is_connected_to_is_refused(folder: Path, archive: Path) -> None:
    url = database("backup_in_use")
    with psycopg.connect(url):
        done = run(folder / "h", "restore", str(archive), DATABASE_URL=url)
    assert done.returncode == 1
    assert "đang được sử dụng" in done.stderr


@pytest.mark.slow
@pytest.mark.kill
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_backup_leaves_no_archive(folder: Path, original: tuple[Path, str], sign: int) -> None:
    home, url = original
    place = folder / f"interrupted-{sign}"
    place.mkdir()
    with subprocess.Popen(
        command("backup", str(place / "a.tar.gz")),
        env=environment(home, DATABASE_URL=url),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as process:
        eventually(lambda: any(path.name.endswith(".part") for path in place.iterdir()))
        process.send_signal(sign)
        process.wait(timeout=30)
    assert not (place / "a.tar.gz").exists()
    if sign != signal.SIGKILL:  # who is killed clears away nothing; the next one does
        assert list(place.iterdir()) == []
        assert not list(home.glob(".backup-files-*"))
    done = run(home, "backup", str(place / "a.tar.gz"), DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert not list(home.glob(".backup-files-*"))
    verified(place / "a.tar.gz")


@pytest.mark.slow
def test_a_backup_taken_while_meetings_are_recorded_is_of_one_moment(folder: Path, demo_template: str) -> None:
    """Meetings are recorded, photos attached and taken off all the while; the copy is sound and lacks no file."""
    home, url = with_demo_files(folder / "i"), database("backup_busy", demo_template)
    there = database("backup_busy_copy")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.runtime.recorder", "MSE-XNX-A4"],
        env=environment(home, DATABASE_URL=url, DJANGO_SETTINGS_MODULE="langsen.config.settings"),
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as recorder:
        try:
            assert recorder.stdout is not None
            first = int(recorder.stdout.readline())
            done = run(home, "backup", str(folder / "busy.tar.gz"), DATABASE_URL=url)
            assert recorder.poll() is None
            time.sleep(0.5)
        finally:
            recorder.kill()
            last = [int(line) for line in recorder.stdout or ()][-1]
    assert done.returncode == 0, done.stderr
    manifest = verified(folder / "busy.tar.gz")
    assert manifest.missing == ()
    done = run(folder / "j", "restore", str(folder / "busy.tar.gz"), DATABASE_URL=there)
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(there) as copy:
        row = copy.execute(
            "SELECT max(s.id), count(*) FILTER (WHERE e.object_id IS NULL) FROM study_studysession s"
            " LEFT JOIN audit_auditevent e ON e.object_type = 'study.studysession' AND e.object_id = s.id"
            " AND e.verb = 'session.recorded' WHERE s.id >= %s",
            [first],
        ).fetchone()
        named = copy.execute("SELECT stored_name FROM evidence_storedfile").fetchall()
    assert row
    assert first <= row[0] < last, "taken in the middle"
    assert row[1] == 0, "every meeting has its audit row"
    assert named
    for (name,) in named:
        assert (folder / "j" / "files" / "evidence" / name[:2] / name[2:4] / name).is_file()


@pytest.fixture
def store(settings: Settings, tmp_path: Path, transactional_db: None) -> Path:
    """The test's own database and a runtime folder, for what is asked inside this process."""
    settings.RUNTIME_DIR = tmp_path / "home"
    settings.FILES_DIR = tmp_path / "home" / "files"
    settings.FILES_DIR.mkdir(parents=True)
    return tmp_path


def backup_here(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setenv("DATABASE_URL", url_of(str(connection.settings_dict["NAME"])))
    done = CliRunner().invoke(cli, ["backup", str(path)])
    return done.exit_code, done.output


def test_a_full_disk_leaves_nothing_behind(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Archive, "add", full)
    code, words = backup_here(store / "a.tar.gz", monkeypatch)
    assert (code, "disk is full" in words) == (1, True), words
    assert [path.name for path in store.iterdir()] == ["home"]
    assert not list((store / "home").glob(".backup-files-*"))


def test_a_server_newer_than_pg_dump_is_said(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("langsen.foundation.core.backup.programs.version_of", lambda program: 9)
    code, words = backup_here(store / "a.tar.gz", monkeypatch)
    assert code == 1
    assert "pg_dump" in words
    assert [path.name for path in store.iterdir()] == ["home"]


@pytest.mark.parametrize("place", ["no/such/folder/a.tar.gz", "home/taken"])
def test_a_place_that_will_not_do(store: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    (store / "home" / "taken").write_text("kept")
    assert backup_here(store / place, monkeypatch)[0] == 1
    assert (store / "home" / "taken").read_text() == "kept"


def test_rows_that_must_not_come_back_stay_out(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, words = backup_here(store / "a.tar.gz", monkeypatch)
    assert code == 0, words
    stores = verified(store / "a.tar.gz").stores
    assert list(stores) == ["default", "contests"]
    assert not {table for one in stores.values() for table in one.rows} & set(making.WITHOUT_ROWS)


def test_the_doctor_asks_for_a_backup_made_not_long_ago(store: Path, settings: Settings, monkeypatch) -> None:
    settings.LANGSEN_BACKUP_DAYS = 3
    assert doctor.check_backup().well
    assert backup_here(store / "a.tar.gz", monkeypatch)[0] == 0
    found = doctor.check_backup()
    assert found.well
    assert "a.tar.gz" in found.found
    mark = store / "home" / making.MARK
    facts = json.loads(mark.read_text())
    mark.write_text(json.dumps(facts | {"made_at": (timezone.now() - timedelta(days=4)).isoformat()}))
    assert "langsen backup" in doctor.check_backup().advice
    settings.LANGSEN_BACKUP_DAYS = 0
    assert doctor.check_backup().well


@pytest.mark.slow
def test_no_command_left_a_server_behind(folder: Path) -> None:
    for home in (folder / "b", folder / "g"):
        assert Cluster(home / "postgres").pid() is None
        shutil.rmtree(home, ignore_errors=True)
