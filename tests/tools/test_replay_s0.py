"""A small part of S0's contest through a real arena process over real HTTP: what was sent is what is counted again."""

import os
import subprocess
import sys

import pytest

from tests.two_stores import administer, drop_stores, url_of

pytestmark = pytest.mark.slow
DATABASE = "replay_s0"


def test_a_part_of_the_replay_is_equal_figure_by_figure() -> None:
    drop_stores(DATABASE)
    administer(f"CREATE DATABASE {DATABASE}")
    try:
        run = subprocess.run(
            [sys.executable, "-m", "bench.replay_s0", "--part", "0.003"],
            env={**os.environ, "DATABASE_URL": url_of(DATABASE)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=600,
        )
    finally:
        drop_stores(DATABASE)
    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
    rows = [line for line in run.stdout.splitlines() if line.endswith("equal |")]
    assert len(rows) == 14
    assert "Refused: none" in run.stdout
