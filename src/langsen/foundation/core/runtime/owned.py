"""The processes an owner runs beside the database, and how they are recognised when their owner was killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

import psutil

from langsen.foundation.core.runtime import places

# Every process below an owner carries the owner's runtime folder in its environment; a process id alone may be reused.
MARK = "LANGSEN_OWNED_BY"
_FIRST_PAUSE, _LONGEST_PAUSE, _STEADY = 0.5, 15.0, 60.0


def langsen(*arguments: str) -> list[str]:
    """The command line of another `langsen` command, on this interpreter and not on a module of the current folder."""
    return [sys.executable, "-P", "-m", "langsen", *arguments]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process that belongs to this installation's owner."""
    return {**os.environ, **(extra or {}), MARK: str(places.runtime_dir())}


class Service:
    """A process that is started again whenever it ends, after a pause that grows while it keeps failing."""

    def __init__(self, name: str, command: Sequence[str], say: Callable[[str], None]) -> None:
        self.name = name
        self.command = list(command)
        self.say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = _FIRST_PAUSE
        self._not_before = 0.0

    def tend(self, extra: Mapping[str, str]) -> None:
        """Start the process if it is not running and its pause is over."""
        now = time.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._end_group()
            self._process = None
            self._pause = _FIRST_PAUSE if now - self._started > _STEADY else min(self._pause * 2, _LONGEST_PAUSE)
            self._not_before = now + self._pause
            self.say(f"{self.name} ended ({code}); starting it again in {self._pause:.0f} s")
        elif now >= self._not_before:
            self._started = now
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno(),  # the owner's own stdout carries the address only
                env=environment(extra),
                start_new_session=True,  # Ctrl-C is for the owner; and the group can be ended as a whole
            )

    def ask_to_stop(self) -> None:
        """Ask it to finish what it has begun."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait for it until the deadline (monotonic), then end it and all it started."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=max(0.0, deadline - time.monotonic()))
        self._end_group()
        self._process.wait()
        self._process = None

    def _end_group(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def end_leftovers(timeout: float = 5) -> int:
    """End every process that a killed owner of this runtime folder left behind; return how many there were.

    Call it only while holding the owner's lock: then none of them has a living owner.
    """
    mark = str(places.runtime_dir())
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    left = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid not in ours and process.environ().get(MARK) == mark:
                process.terminate()
                left.append(process)
    _, alive = psutil.wait_procs(left, timeout=timeout)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=timeout)
    return len(left)


def owned() -> bool:
    """Was this process started by an owner?"""
    return MARK in os.environ


def end_with_owner() -> None:
    """Called by an owned process as it starts: it ends when its owner does (Linux; elsewhere at the next start)."""
    if not owned():
        return
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
    if os.getppid() == 1:  # the owner went before we could ask
        sys.exit(1)
