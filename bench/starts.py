"""How long it takes until the pages answer: the first time with the demonstration, and again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.table import Table

LIMIT = 300


def measure_starts(table: Table, home: Path) -> None:
    """Start and stop the owner twice in `home`."""
    first, stopped = _start_and_stop(home)
    second, _ = _start_and_stop(home)
    table.add("first start until the pages answer, demonstration loaded", f"{first:.1f} s", "limit 240 s, set-up apart")
    table.add("second start until the pages answer", f"{second:.1f} s", "limit 5 s")
    table.add("stop on SIGTERM", f"{stopped:.1f} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start_and_stop(home: Path) -> tuple[float, float]:
    port = free_port()
    environment = {**os.environ, "LANGSEN_HOME": str(home), "LANGSEN_PORT": str(port)}
    log = (home / "bench-owner.log").open("ab")
    began = time.perf_counter()
    owner = subprocess.Popen([sys.executable, "-m", "langsen", "up", "--demo"], env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/tai-khoan/dang-nhap/", owner)
        started = time.perf_counter() - began
    finally:
        owner.send_signal(signal.SIGTERM)
        stopping = time.perf_counter()
        owner.wait(60)
        log.close()
    return started, time.perf_counter() - stopping


def _wait(address: str, owner: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if owner.poll() is not None:
            raise RuntimeError("the owner ended before the pages answered; see bench-owner.log")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(address)
