"""Measuring the arena: its store, its clients, and what they find."""

from bench.table import Table


def measure_contest(table: Table) -> None:
    """The arena by everything that has a limit, on the store of the process; its pages are a part of their own."""
    from bench.contest.cores import measure_load, measure_one_core
    from bench.contest.opening import measure_opening
    from bench.contest.ordinary import measure_ordinary
    from bench.contest.submits import measure_submits

    measure_load(table)
    submit_rate = measure_submits(table)
    measure_ordinary(table, submit_rate)
    measure_opening(table)
    measure_one_core(table)
