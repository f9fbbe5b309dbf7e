"""`make bench`: everything in docs/performance.md, in one run on this machine.

    python -m bench                        the size of the country (about 20 minutes on 2 quiet cores)
    python -m bench --size small           one province of 10,000 units for everything (about 8 minutes)
    python -m bench --keep                 leave the invented stores under bench/results for the next run
    python -m bench --only rollups,pages   some parts
    python -m bench --write docs/performance.md

Each part runs in a process of its own against an embedded server in a folder of its own; the two sides of a ratio are
taken in turn within one part. Medians of five with their spread where nothing else is said. A part's rows are kept
under bench/results with their hour and load, so the table shows every part's newest run and a part that fails costs the
others nothing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from bench.machine import described
from bench.starts import measure_starts
from bench.table import Measured, Table

RESULTS = Path(__file__).resolve().parent / "results"
_BEGIN, _END = "<!-- bench: from here -->", "<!-- bench: to here -->"
PARTS = ("starts", "rollups", "recording", "sheets", "pages", "contest", "standings")
# part -> the store it is measured on, by size
_STORES = {
    "small": dict.fromkeys(PARTS[1:], "province"),
    "national": dict.fromkeys(PARTS[1:], "province") | {"rollups": "nation", "recording": "nation"},
}


def main() -> None:
    """Run what was asked for and print one table of all parts; nothing outside bench/results is touched."""
    asked = _arguments()
    stores = _STORES[asked.size]
    RESULTS.mkdir(exist_ok=True)
    failed = []
    try:
        for part in asked.only.split(",") if asked.only else PARTS:
            began = time.perf_counter()
            try:
                _measure(part, stores.get(part, ""), asked.size)
            except subprocess.CalledProcessError:
                failed.append(part)
            print(f"{part}: {time.perf_counter() - began:.0f} s{', FAILED' * (part in failed)}", flush=True)
    finally:
        if not asked.keep:
            for shape in set(stores.values()):
                shutil.rmtree(RESULTS / shape, ignore_errors=True)
        text = f"{described()} Size: {asked.size}.\n\n{_table(asked.size)}"
        print(text)
        if asked.write:
            _write(Path(asked.write), text)
    sys.exit(1 if failed else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", choices=list(_STORES), default="national")
    parser.add_argument("--only", default="", help=f"parts, by comma: {', '.join(PARTS)}")
    parser.add_argument("--keep", action="store_true", help="keep the stores for the next run")
    parser.add_argument("--write", default="", help="put the table between the markers of this file")
    return parser.parse_args()


def _measure(part: str, shape: str, size: str) -> None:
    """Measure one part, on the store it needs, and keep its rows."""
    rows = _rows_of(part, size)
    rows.unlink(missing_ok=True)
    if part == "starts":
        home = Path(tempfile.mkdtemp(prefix="starts-", dir=RESULTS))
        home.chmod(0o755)  # the server runs as an account of its own when we are root
        try:
            table = Table()
            measure_starts(table, home)
            rows.write_text(table.kept(), encoding="utf-8")
        finally:
            shutil.rmtree(home, ignore_errors=True)
        return
    home = RESULTS / shape
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "LANGSEN_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    for step in ("store", part):
        command = [sys.executable, "-m", "bench.part", step, shape, str(rows)]
        subprocess.run(command, env=environment, check=True)


def _rows_of(part: str, size: str) -> Path:
    return RESULTS / f"{part}-{size}.json"


def _table(size: str) -> str:
    """Every part's newest rows, each under a line that says when and under what load it ended."""
    table = Table()
    for part in PARTS:
        path = _rows_of(part, size)
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            ended = datetime.fromtimestamp(path.stat().st_mtime).strftime("%H:%M %d/%m/%Y")  # noqa: DTZ006
            table.add(f"**{part}**", "", note=f"measured until {ended}, load {kept['load']}")
            table.rows += [Measured(**row) for row in kept["rows"]]
    return table.text()


def _write(path: Path, text: str) -> None:
    """Put `text` between the markers of `path`; the rest of the page is written by people."""
    page = path.read_text(encoding="utf-8")
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    path.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
