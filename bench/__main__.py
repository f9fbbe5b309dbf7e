"""`make bench`: start-up, figures against the same SQL without their cache, pages with their query counts.

Everything runs against one embedded server in a folder of its own; sides interleaved, medians of five with spread.
"""

import os
import shutil
import tempfile
from pathlib import Path

from bench.machine import described
from bench.starts import measure_starts
from bench.table import Table


def main() -> None:
    """Run all measurements and print one table; nothing outside a temporary folder is touched."""
    home = Path(tempfile.mkdtemp(prefix="langsen-bench-"))
    os.environ["LANGSEN_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    try:
        table = Table()
        measure_starts(table, home)
        _measure_inside(table)
        print(described())
        print(table.text())
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure_inside(table: Table) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "langsen.config.settings")
    from langsen.foundation.core.runtime.database import database_running

    with database_running():
        from bench.figures import measure_figures
        from bench.pages import measure_pages

        measure_figures(table)
        measure_pages(table)


if __name__ == "__main__":
    main()
