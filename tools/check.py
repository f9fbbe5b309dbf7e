"""`make check`: every static check, offline. Runs them all, shows what failed, exits 1 if any did.

python tools/check.py [name ...]     all of them, or those named
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SOURCES = ["src", "tests", "tools", *(["bench"] if (ROOT / "bench").is_dir() else []), "conftest.py"]
# No database is asked: the models alone say whether a migration is missing.
NO_DATABASE = "postgresql:///none?host=/nonexistent"


def checks() -> dict[str, list[str]]:
    """Name of each check and its command."""
    templates = sorted(str(path) for path in (ROOT / "src").rglob("templates/**/*.html"))
    python = str(BIN / "python")
    return {
        "ruff": [str(BIN / "ruff"), "check", *SOURCES],
        "format": [str(BIN / "ruff"), "format", "--check", *SOURCES],
        "templates": [str(BIN / "djade"), "--target-version", "5.2", "--check", *templates],
        "imports": [str(BIN / "lint-imports"), "--no-cache"],
        "types": [str(BIN / "mypy")],
        "migrations": [python, "-W", "ignore", "-m", "langsen", "manage", "makemigrations", "--check", "--dry-run"],
        "translations": [python, "tools/messages.py", "check"],
        "system": [python, "-W", "ignore", "-m", "langsen", "manage", "check", "--fail-level", "WARNING"],
    }


def main(wanted: list[str]) -> int:
    known = checks()
    if unknown := set(wanted) - known.keys():
        print(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return 2
    environment = {**os.environ, "DATABASE_URL": NO_DATABASE, "PYTHONPATH": str(ROOT / "src")}
    failed = []
    for name in wanted or known:
        began = time.monotonic()
        done = subprocess.run(
            known[name], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:13}{verdict:7}{time.monotonic() - began:6.1f} s", flush=True)
        if done.returncode != 0:
            failed.append(name)
            print("    " + (done.stdout + done.stderr).strip().replace("\n", "\n    "), flush=True)
    print("all checks pass" if not failed else f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
