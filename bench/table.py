"""Rows of the printed table and the clock behind them."""

import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

ROUNDS = 5


@dataclass(frozen=True)
class Measured:
    """One line: what, its value with spread, what it is held against with the limit asked for, a remark.

    `kept` says whether the limit was kept; None where none was asked for.
    """

    name: str
    value: str
    against: str = ""
    note: str = ""
    kept: bool | None = None


@dataclass
class Table:
    """What was measured, in order."""

    rows: list[Measured] = field(default_factory=list)

    def add(self, name: str, value: str, against: str = "", note: str = "", *, kept: bool | None = None) -> None:
        self.rows.append(Measured(name, value, against, note, kept))

    def hold(self, name: str, value: float, *, most: float | None = None, least: float | None = None,
             against: str, note: str = "") -> None:  # fmt: skip
        """Add a ratio with the limit it must keep."""
        kept = (most is None or value <= most) and (least is None or value >= least)
        limit = f"at most {most:g}" if most is not None else f"at least {least:g}"
        self.add(name, f"**{value:.2f} x**", f"{against}; {limit}", note, kept=kept)

    def kept(self) -> str:
        """The rows as JSON, with the load of the machine at this moment."""
        load = " ".join(f"{value:.1f}" for value in os.getloadavg())
        return json.dumps({"load": load, "rows": [asdict(row) for row in self.rows]})

    def text(self) -> str:
        lines = ["| what | median (min-max) | against | kept | note |", "|---|---|---|---|---|"]
        words = {None: "", True: "yes", False: "**no**"}
        lines += [f"| {r.name} | {r.value} | {r.against} | {words[r.kept]} | {r.note} |" for r in self.rows]
        return "\n".join(lines)


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
    return f"{statistics.median(times) * 1000:,.0f} ms ({min(times) * 1000:,.0f}-{max(times) * 1000:,.0f})"


def seconds(times: list[float]) -> str:
    return f"{statistics.median(times):.2f} s ({min(times):.2f}-{max(times):.2f})"


def ratio(side: list[float], other: list[float]) -> float:
    return statistics.median(side) / statistics.median(other)
