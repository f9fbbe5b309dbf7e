"""A real arena process for a measurement, with the signing key and database of this one."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench.starts import free_port


@contextmanager
def arena(*, command: Sequence[str] = ("langsen", "arena"), pin: str = "") -> Iterator[int]:
    """Run an arena until the block ends; yields its port. `pin`: the cores it may use, as `taskset` names them."""
    port = free_port()
    pinned = ["taskset", "-c", pin] if pin else []
    process = subprocess.Popen([*pinned, sys.executable, "-m", *command, "--port", str(port)], env=os.environ)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, *, seconds: float = 30) -> None:
    """Wait until an arena answers there with its rules read."""
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/thi/healthz", timeout=2).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
