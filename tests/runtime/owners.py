"""A real owner in a folder of its own, started and watched as a person would."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from django.urls import reverse

START_WITHIN = 120.0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "langsen", *arguments]


def environment(home: Path, **extra: str) -> dict[str, str]:
    """The machine's environment without this test session's database."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "LANGSEN_TEST_CLUSTER"}}
    return {**kept, "LANGSEN_HOME": str(home), **extra}


def run(home: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run one command of this installation to its end."""
    return subprocess.run(
        command(*arguments),
        env=environment(home, **extra),
        capture_output=True,
        encoding="utf-8",
        timeout=START_WITHIN,
        check=False,
    )


@contextlib.contextmanager
def open_folder(prefix: str) -> Iterator[Path]:
    """A temporary folder the database's account can pass through; pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        Path(name).chmod(0o711)
        yield Path(name)


class RunningOwner:
    """`langsen up`, its output, and its family of processes."""

    def __init__(self, home: Path, *arguments: str, **extra: str) -> None:
        self.home = home
        self.out = home.parent / "up.out"
        self.err = home.parent / "up.err"
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                command("up", *arguments), env=environment(home, **extra), stdout=out, stderr=err, cwd="/"
            )
        self.address = self._address()

    def _address(self) -> str:
        def printed() -> str | None:
            if self.process.poll() is not None:
                raise AssertionError(f"up ended with {self.process.returncode}: {self.err.read_text()}")
            words = self.out.read_text().split()
            return next((word for word in words if word.startswith("http://")), None)

        return str(eventually(printed, within=START_WITHIN))

    def status(self) -> int:
        """The status of the sign-in page, 0 when nothing answers."""
        return status(self.address.rstrip("/") + reverse("account_login"))

    def arena_status(self) -> int:
        """The status of the arena, through the same address; 0 when nothing answers."""
        return status(self.address.rstrip("/") + "/thi/healthz")

    def members(self) -> dict[str, psutil.Process]:
        """The processes that serve this home, by what they are."""
        return family(self.home)

    def end(self, sign: int = signal.SIGTERM, within: float = 40.0) -> int:
        """Ask it to stop and wait for it; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        return self.process.wait(timeout=within)


def eventually(look: Callable[[], object], within: float = 60.0) -> object:
    """The first truthy answer of `look`; fails when there is none in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {within:.0f} s: {look}")


def status(address: str) -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        # A session's cookie makes the page look into the store.
        request = urllib.request.Request(address, headers={"Cookie": "sessionid=" + "x" * 32})
        with opener.open(request, timeout=15) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def family(home: Path) -> dict[str, psutil.Process]:
    """Every live process of this home: postgres by its data folder, the others by the mark in their environment."""
    found = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            words = process.cmdline()
            if process.status() == psutil.STATUS_ZOMBIE or not words:
                continue
            if words[0].endswith("/postgres") and any(word.startswith(str(home)) for word in words):
                found["postgres"] = process
            elif process.environ().get("LANGSEN_OWNED_BY") == str(home):
                name = next((one for one in ("worker", "arena", "front") if one in words), "web")
                # The pages' first process starts the others.
                if name not in found or process.create_time() < found[name].create_time():
                    found[name] = process
    return found


def everything(home: Path) -> list[psutil.Process]:
    """Every process that belongs to this home, the owner included."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.status() != psutil.STATUS_ZOMBIE and (
                process.environ().get("LANGSEN_HOME") == str(home) or str(home) in " ".join(process.cmdline())
            ):
                found.append(process)
    return found


@contextlib.contextmanager
def owner(home: Path, *arguments: str, **extra: str) -> Iterator[RunningOwner]:
    """A running owner that is gone afterwards, whatever the test did to it."""
    running = RunningOwner(home, *arguments, **extra)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.process.wait(timeout=40)
        for process in [running.process, *family(home).values()]:
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                process.kill()
