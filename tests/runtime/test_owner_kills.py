"""What the owner promises when processes die: repaired, adopted, nothing left behind."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.runtime.owners import RunningOwner, eventually, everything, family, open_folder, owner, run

pytestmark = [pytest.mark.kill, pytest.mark.slow]


MEMBERS = ["postgres", "front", "web", "arena", "worker"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home whose path has spaces and letters of Vietnamese; made once, its tables too."""
    with open_folder("Làng Sen có dấu cách-") as folder:
        done = run(folder / "home", "migrate")
        assert done.returncode == 0, done.stderr
        yield folder / "home"


@pytest.fixture
def running(home: Path) -> Iterator[RunningOwner]:
    with owner(home) as found:
        yield found


@pytest.mark.parametrize("name", MEMBERS)
def test_a_killed_process_is_replaced_and_the_pages_come_back(running: RunningOwner, name: str) -> None:
    eventually(lambda: running.members().keys() >= set(MEMBERS))
    victim = running.members()[name]
    victim.kill()
    victim.wait(timeout=10)

    def replaced() -> bool:
        members = running.members()
        whole = members.keys() >= set(MEMBERS) and members[name].pid != victim.pid
        return whole and running.status() == 200 and running.arena_status() == 200

    eventually(replaced)
    assert running.process.poll() is None


def test_pages_and_arena_do_not_need_one_another(running: RunningOwner) -> None:
    """Each is away for a while: the front says so of it alone."""
    eventually(lambda: running.members().keys() >= set(MEMBERS) and running.arena_status() == 200)
    for name, here, there in [
        ("arena", running.status, running.arena_status),
        ("web", running.arena_status, running.status),
    ]:
        running.members()[name].kill()
        assert here() == 200
        assert there() in {200, 502}
        eventually(lambda there=there: there() == 200)


def test_a_killed_page_process_is_replaced(running: RunningOwner) -> None:
    """The pages' second process, started by their first."""
    web = running.members()["web"]
    eventually(lambda: len(web.children()) >= 2)
    victim = web.children()[0]
    victim.kill()
    eventually(lambda: running.status() == 200 and len(web.children()) >= 2 and victim not in web.children())


def test_after_the_owner_is_killed_the_next_start_works_and_leaves_nothing(home: Path) -> None:
    with owner(home) as first:
        eventually(lambda: first.members().keys() >= set(MEMBERS))
        database = first.members()["postgres"].pid
        old = {process.pid for name, process in first.members().items() if name != "postgres"}
        first.process.kill()
        first.process.wait()
        with owner(home) as second:
            eventually(lambda: second.status() == 200)
            members = second.members()
            assert members["postgres"].pid == database, "the live database is adopted"
            assert not old & {process.pid for process in everything(home)}
            assert second.end() == 0
    assert everything(home) == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(home: Path, sign: int) -> None:
    with owner(home) as running:
        eventually(lambda: running.members().keys() >= set(MEMBERS))
        began = time.monotonic()
        assert running.end(sign) == 0
        assert time.monotonic() - began < 35
        assert everything(home) == []
    port = int(running.address.rsplit(":", 1)[1].strip("/"))
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_second_start_names_the_first_and_succeeds(running: RunningOwner) -> None:
    done = run(running.home, "up")
    assert done.returncode == 0
    assert running.address in done.stdout


def test_a_command_uses_the_running_database_and_leaves_it_running(running: RunningOwner) -> None:
    database = running.members()["postgres"].pid
    done = run(running.home, "audit", "verify")
    assert done.returncode == 0, done.stderr
    assert family(running.home)["postgres"].pid == database


def test_a_command_alone_starts_the_database_and_stops_it(home: Path) -> None:
    done = run(home, "audit", "verify")
    assert done.returncode == 0, done.stderr
    assert everything(home) == []


def test_a_taken_port_is_passed_over_unless_it_was_asked_for(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run(home, "up", LANGSEN_PORT=port)
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert everything(home) == []


def test_language_and_library_variables_of_the_caller_do_not_matter(home: Path) -> None:
    with owner(home, LANG="", LC_ALL="POSIX", PGHOST="elsewhere.invalid", PGUSER="nobody") as running:
        assert running.status() == 200


def test_pages_say_that_the_database_is_away_and_come_back_without_a_restart(running: RunningOwner) -> None:
    eventually(lambda: running.members().keys() >= set(MEMBERS))
    web = running.members()["web"].pid
    postgres = running.members()["postgres"]
    postgres.suspend()  # alive for the owner, silent for the pages: nobody starts another
    children = [child for child in postgres.children() if psutil.pid_exists(child.pid)]
    for child in children:
        child.kill()
    try:
        assert eventually(lambda: running.status() == 503)
    finally:
        postgres.resume()
    eventually(lambda: running.status() == 200)
    assert running.members()["web"].pid == web
