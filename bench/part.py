"""One part of the measurements in a process of its own, on the store below $LANGSEN_HOME: `python -m bench.part NAME`.

Its rows go to the file named last, as JSON; what it says meanwhile goes to the screen.
"""

import os
import sys
from pathlib import Path

from bench.table import Table


def main(part: str, shape: str, into: str) -> None:
    """Measure `part` on the store of `shape` and write the rows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "langsen.config.settings")
    os.environ["LANGSEN_DB_POOL"] = "16"  # eight clients and an import at once
    from langsen.foundation.core.runtime.database import database_running

    with database_running(initialise=True):
        table = Table()
        _measure(part, shape, table)
        Path(into).write_text(table.kept(), encoding="utf-8")


def _measure(part: str, shape: str, table: Table) -> None:
    if part == "store":
        from bench.world.shape import SHAPES
        from bench.world.store import make_store

        make_store(SHAPES[shape])
    elif part == "rollups":
        from bench.rollup import measure_rollups

        measure_rollups(table)
    elif part == "recording":
        from bench.recording import measure_recording

        measure_recording(table)
    elif part == "sheets":
        from bench.sheets import measure_sheets

        measure_sheets(table)
    elif part == "pages":
        from bench.pages import measure_pages

        measure_pages(table)
    elif part == "standings":
        from bench.contest.standings import measure_standings

        measure_standings(table)
    else:
        from bench.contest import measure_contest

        measure_contest(table)


if __name__ == "__main__":
    main(*sys.argv[1:4])
