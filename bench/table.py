"""Rows of the printed table and the clock behind them."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

ROUNDS = 5


@dataclass
class Table:
    """What was measured: name, value with spread, the limit or the other side, and a remark."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, name: str, value: str, against: str = "", note: str = "") -> None:
        self.rows.append((name, value, against, note))

    def text(self) -> str:
        heads = ("what", "median (min-max)", "against", "note")
        lines = ["| " + " | ".join(heads) + " |", "|---|---|---|---|"]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows])


def timed(work: Callable[[], object]) -> float:
    """Return how long `work` took, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def interleaved(*sides: Callable[[], object], rounds: int = ROUNDS) -> list[list[float]]:
    """Time every side `rounds` times, one after the other in each round, after one untimed round."""
    for side in sides:
        side()
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, kept in zip(sides, times, strict=True):
            kept.append(timed(side))
    return times


def milliseconds(times: list[float]) -> str:
    return f"{statistics.median(times) * 1000:.0f} ms ({min(times) * 1000:.0f}-{max(times) * 1000:.0f})"


def ratio(side: list[float], other: list[float]) -> str:
    return f"{statistics.median(side) / statistics.median(other):.2f} x"
