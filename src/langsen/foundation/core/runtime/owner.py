"""The one process that owns an installation: it starts database, front, pages, arena and background work,
repairs and stops them.

It never imports Django and has one thread, so it stays small and has little to fail on.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

from langsen.foundation.core.runtime import places
from langsen.foundation.core.runtime.binaries import DatabaseUnavailable
from langsen.foundation.core.runtime.cluster import Cluster
from langsen.foundation.core.runtime.database import check_server, start_once, using
from langsen.foundation.core.runtime.owned import Service, end_leftovers, environment, langsen
from langsen.foundation.core.runtime.ports import hold_port
from langsen.foundation.core.runtime.preparation import is_prepared, mark_of, set_prepared
from langsen.foundation.core.runtime.sockets import socket_of

_LOOK_EVERY = 0.2
_STOP_SERVICES_WITHIN = 10.0
_PAGES_FIRST_FOR = 15.0
_PAGES_AWAY = 502


class AlreadyRunning(Exception):
    """Another owner holds this installation; `address` is where it answers, None while it is still starting."""

    def __init__(self, address: str | None, pid: int | None) -> None:
        super().__init__(address)
        self.address = address
        self.pid = pid


class Stopped(Exception):
    """Somebody asked the owner to stop."""


class Owner:
    """Runs one installation until asked to stop.

    `prepare`: commands run once before the pages open (tables, demonstration); `say` takes progress.
    """

    def __init__(self, *, prepare: Sequence[Sequence[str]], say: Callable[[str], None], port: int | None) -> None:
        self.prepare = prepare
        self.say = say
        self.wanted_port = port
        self._stop = False

    def run(self, ready: Callable[[str, list[str]], None]) -> None:
        """Start everything, call `ready(address, what the preparing commands printed)`, and tend until stopped.

        Raises AlreadyRunning, DatabaseUnavailable, or OSError for a port that is taken.
        """
        with owner_lock():
            places.make_runtime_folders()
            self._heed_signals()
            with contextlib.suppress(Stopped):
                if end_leftovers():
                    self.say("Ended processes that a killed owner had left behind.")
                if url := os.environ.get("DATABASE_URL"):
                    check_server(url, migrated=False)
                    self._run_on(url, None, ready)
                else:
                    cluster = Cluster.of_this_installation()
                    if not cluster.initialised:
                        self.say("Making the database (once)")
                    with using(cluster, wait=self._look):
                        try:
                            self._run_on(cluster.url(), cluster, ready)
                        finally:
                            cluster.stop()

    def _run_on(self, url: str, cluster: Cluster | None, ready: Callable[[str, list[str]], None]) -> None:
        printed = self._prepare(url)
        with hold_port(self.wanted_port) as held:
            self._serve(url, cluster, held.getsockname()[1], lambda address: ready(address, printed))

    def _prepare(self, url: str) -> list[str]:
        """Run the preparing commands, unless this version has already run them on this database."""
        mark = mark_of(self.prepare)
        if is_prepared(url, mark):
            return []
        printed = [self._run_once(command, {"DATABASE_URL": url}) for command in self.prepare]
        set_prepared(url, mark)
        return [text for text in printed if text]

    def _serve(self, url: str, cluster: Cluster | None, port: int, ready: Callable[[str], None]) -> None:
        extra = {"DATABASE_URL": url}
        pages, arena = str(socket_of("pages")), str(socket_of("arena"))
        front = langsen("front", "--port", str(port), "--pages", pages, "--arena", arena)
        first = [
            Service("front", front, self.say),
            Service("web", langsen("serve", "--socket", pages), self.say),
        ]
        services = [
            *first,
            Service("arena", langsen("arena", "--socket", arena), self.say),
            Service("worker", langsen("worker"), self.say),
        ]
        address = f"http://127.0.0.1:{port}/"
        try:
            opened = time.monotonic()
            while not _answers(address):
                # The pages come first; the others do not contend with them for the processor, but not for ever.
                waits = time.monotonic() - opened < _PAGES_FIRST_FOR
                self._tend(cluster, first if waits else services, extra)
            _write_state(address)
            ready(address)
            while True:
                self._tend(cluster, services, extra)
        finally:
            self._stop_services(services)

    def _tend(self, cluster: Cluster | None, services: Sequence[Service], extra: dict[str, str]) -> None:
        self._look()
        if cluster is not None and not cluster.poll():
            self.say("The database ended; starting it again")
            try:
                start_once(cluster, wait=self._look)
            except DatabaseUnavailable as error:
                self.say(str(error))
                self._rest(2)
        for service in services:
            service.tend(extra)
        time.sleep(_LOOK_EVERY)

    def _look(self) -> None:
        if self._stop:
            raise Stopped

    def _rest(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._look()
            time.sleep(_LOOK_EVERY)

    def _run_once(self, command: Sequence[str], extra: dict[str, str]) -> str:
        """Run a preparing command to its end and return its stdout; its progress passes through."""
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, env=environment(extra), start_new_session=True, text=True, encoding="utf-8"
        ) as process:
            try:
                while True:
                    try:
                        printed, _ = process.communicate(timeout=_LOOK_EVERY)
                        break
                    except subprocess.TimeoutExpired:
                        self._look()
            except Stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                raise
        if process.returncode != 0:
            raise DatabaseUnavailable(f"`langsen {' '.join(command[4:])}` failed ({process.returncode}), see above.")
        return printed.strip()

    def _stop_services(self, services: Sequence[Service]) -> None:
        _state_file().unlink(missing_ok=True)
        for service in services:
            service.ask_to_stop()
        deadline = time.monotonic() + _STOP_SERVICES_WITHIN
        for service in services:
            service.stop(deadline)

    def _heed_signals(self) -> None:
        def stop(_sign: int, _frame: FrameType | None) -> None:
            self._stop = True

        signal.signal(signal.SIGTERM, stop)
        # A shell starts background jobs with SIGINT ignored, nohup with SIGHUP; both still mean what they say to us
        # except the deliberate nohup.
        signal.signal(signal.SIGINT, stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, stop)


def running_address() -> str | None:
    """Where this installation's owner answers, None when none has got that far."""
    try:
        return str(json.loads(_state_file().read_text())["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _state_file() -> Path:
    return places.runtime_dir() / "owner.json"


def _write_state(address: str) -> None:
    draft = _state_file().with_suffix(".draft")
    draft.write_text(json.dumps({"address": address, "pid": os.getpid()}))
    draft.replace(_state_file())


@contextlib.contextmanager
def owner_lock() -> Iterator[None]:
    """Hold the installation; the system lets go of it however we end. Raises AlreadyRunning when another holds it."""
    with (places.make_runtime_dir() / "owner.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            text = file.read().strip()
            raise AlreadyRunning(running_address(), int(text) if text.isdigit() else None) from None
        _state_file().unlink(missing_ok=True)  # a killed owner's
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _answers(address: str) -> bool:
    """Do the pages answer there, be it with an error page? 502 is the front's word that they do not yet."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(address, timeout=5).close()
    except urllib.error.HTTPError as error:
        return error.code != _PAGES_AWAY
    except OSError:
        return False
    return True
