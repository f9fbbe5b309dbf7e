"""`make bench`: everything in docs/performance.md, in one run on this machine.

    python -m bench                        the size of the country (about 20 minutes on 2 quiet cores)
    python -m bench --size small           one province of 10,000 units for everything (about 8 minutes)
    python -m bench --keep                 leave the invented stores under bench/results for the next run
    python -m bench --only rollups,pages   some parts
    python -m bench --write docs/performance.md

Each part runs in a process of its own against an embedded server in a folder of its own; the two sides of a ratio are
taken in turn within one part. Medians of five with their spread where nothing else is said.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.machine import described
from bench.starts import measure_starts
from bench.table import Measured, Table

RESULTS = Path(__file__).resolve().parent / "results"
_BEGIN, _END = "<!-- bench: from here -->", "<!-- bench: to here -->"
# part -> the store it is measured on, by size
_STORES = {
    "small": dict.fromkeys(("rollups", "recording", "sheets", "pages"), "province"),
    "national": {"rollups": "nation", "recording": "nation", "sheets": "province", "pages": "province"},
}


def main() -> None:
    """Run what was asked for and print one table; nothing outside bench/results is touched."""
    asked = _arguments()
    began = time.perf_counter()
    table = Table()
    parts = asked.only.split(",") if asked.only else ["starts", *_STORES["national"]]
    RESULTS.mkdir(exist_ok=True)
    try:
        if "starts" in parts:
            _starts(table)
        for part, shape in _STORES[asked.size].items():
            if part in parts:
                _run("store", shape, table)
                _run(part, shape, table)
    finally:
        if not asked.keep:
            for shape in set(_STORES[asked.size].values()):
                _remove(RESULTS / shape)
    minutes = (time.perf_counter() - began) / 60
    text = f"{described()} Size: {asked.size}. The run took {minutes:.0f} minutes.\n\n{table.text()}"
    print(text)
    if asked.write:
        _write(Path(asked.write), text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", choices=list(_STORES), default="national")
    parser.add_argument("--only", default="", help="parts, by comma: starts, rollups, recording, sheets, pages")
    parser.add_argument("--keep", action="store_true", help="keep the stores for the next run")
    parser.add_argument("--write", default="", help="put the table between the markers of this file")
    return parser.parse_args()


def _starts(table: Table) -> None:
    home = Path(tempfile.mkdtemp(prefix="starts-", dir=RESULTS))
    home.chmod(0o755)  # the server runs as an account of its own when we are root
    try:
        measure_starts(table, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(part: str, shape: str, table: Table) -> None:
    home, rows = RESULTS / shape, RESULTS / f"{part}-{shape}.json"
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "LANGSEN_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bench.part", part, shape, str(rows)], env=environment, check=True)
    print(f"{part} on {shape}: {time.perf_counter() - began:.0f} s", flush=True)
    table.rows += [Measured(**row) for row in json.loads(rows.read_text(encoding="utf-8"))]
    rows.unlink()


def _remove(home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    """Put `text` between the markers of `path`; the rest of the page is written by people."""
    page = path.read_text(encoding="utf-8")
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    path.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
