"""Where the embedded database lies and under whom it runs: long paths, closed homes, half-made clusters, root."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from langsen.foundation.core.runtime import cluster as clusters
from langsen.foundation.core.runtime import places
from langsen.foundation.core.runtime.binaries import DatabaseUnavailable
from langsen.foundation.core.runtime.cluster import Cluster, installation_home
from langsen.foundation.core.runtime.database import database_running, start_once, using
from tests.runtime.owners import open_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="asks what root does")


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder("langsen-place-") as name:
        yield name


def answer(cluster: Cluster) -> str:
    with psycopg.connect(cluster.url("postgres")) as connection:
        row = connection.execute("SELECT lower('ĐẶNG THỊ ƯỚC')").fetchone()
    assert row
    return str(row[0])


def modes(*paths: Path) -> list[int]:
    return [stat.S_IMODE(path.stat().st_mode) for path in paths]


@pytest.mark.slow
def test_a_path_too_long_for_a_socket_gets_a_short_private_one(folder: Path) -> None:
    cluster = Cluster(folder / ("rất dài " * 8) / "postgres", throw_away=True)
    cluster.initialise()
    try:
        cluster.start(tied_to_us=True)
        assert answer(cluster) == "đặng thị ước"
        assert len(os.fsencode(cluster.sockets)) < 100
        assert modes(cluster.sockets) == [0o700]
    finally:
        cluster.stop()
        shutil.rmtree(cluster.sockets, ignore_errors=True)


@pytest.mark.slow
def test_a_cluster_killed_while_being_made_is_made_again(folder: Path) -> None:
    cluster = Cluster(folder / "postgres", throw_away=True)
    (folder / "postgres" / "data.draft" / "base").mkdir(parents=True)
    (folder / "postgres").chmod(0o711)
    cluster.initialise()
    assert cluster.initialised


def test_a_socket_folder_of_somebody_else_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(folder / "postgres", throw_away=True)
    cluster.initialise()
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (folder / "link").symlink_to(elsewhere)
    monkeypatch.setattr(Cluster, "sockets", folder / "link")
    with pytest.raises(DatabaseUnavailable, match="somebody else"):
        cluster.start(tied_to_us=True)


@as_root
@pytest.mark.slow
def test_root_s_closed_home_is_left_as_it_is_and_the_database_lies_in_var_lib(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(clusters, "_SYSTEM_HOME", folder / "var-lib-langsen")
    monkeypatch.setenv("LANGSEN_HOME", str(closed / "home"))
    monkeypatch.delenv("DATABASE_URL")
    cluster = Cluster.of_this_installation()
    assert cluster.home.parent == folder / "var-lib-langsen"
    with using(cluster):
        assert answer(cluster) == "đặng thị ước"
        assert cluster.data.stat().st_uid != 0
    assert modes(closed) == [0o700]
    assert installation_home() == cluster.home, "found again"


@as_root
@pytest.mark.slow
def test_programs_the_account_cannot_read_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from langsen.foundation.core.runtime import binaries

    monkeypatch.setattr(binaries, "_runs", lambda _account, _program: False)
    cluster = Cluster(folder / "postgres", throw_away=True)
    cluster.initialise()
    assert cluster.programs.is_relative_to(folder)
    try:
        cluster.start(tied_to_us=True)
        assert answer(cluster) == "đặng thị ước"
    finally:
        cluster.stop()


@pytest.mark.slow
def test_the_last_to_leave_stops_the_database(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSEN_HOME", str(folder / "home"))
    cluster = Cluster.of_this_installation()
    with using(cluster):
        with using(Cluster.of_this_installation()):
            pass
        assert cluster.poll(), "somebody still uses it"
    assert cluster.pid() is None


@pytest.mark.slow
def test_starting_twice_is_starting_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSEN_HOME", str(folder / "home"))
    cluster = Cluster.of_this_installation()
    try:
        start_once(cluster)
        pid = cluster.pid()
        start_once(Cluster.of_this_installation())
        assert cluster.pid() == pid
    finally:
        cluster.stop()


def test_a_store_never_made_is_refused_with_what_to_type(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSEN_HOME", str(folder / "home"))
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(DatabaseUnavailable, match="langsen up"), database_running():
        pass


def test_the_key_is_made_once_and_kept_to_its_owner(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSEN_HOME", str(folder / "home"))
    key = places.secret_key()
    assert key == places.secret_key()
    assert modes(folder / "home" / "secret_key") == [0o600]
    assert [path.name for path in (folder / "home").iterdir()] == ["secret_key"]


def test_where_nothing_can_be_written_the_key_is_this_process_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSEN_HOME", "/proc/langsen")
    assert len(places.secret_key()) > 40
