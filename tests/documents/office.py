"""LibreOffice and poppler: another program than ours opens what we wrote."""

import shutil
import subprocess
from pathlib import Path

import pytest

PROGRAMS = ("soffice", "pdftotext", "pdfinfo")


def needs_office() -> None:
    """Skip by name where a program is missing."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"missing: {', '.join(missing)} (make documents)")


def converted(path: Path, to: str) -> Path:
    """Return the file as LibreOffice writes it, opened with a profile of its own."""
    profile = path.parent / "profile"
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", to, "--outdir",
         str(path.parent), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return path.with_suffix(f".{to.partition(':')[0]}")


def pages_of(pdf: Path) -> list[str]:
    """Return the text of each page, its lines as they lie on the paper."""
    run = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, encoding="utf-8")
    return run.stdout.split("\f")[:-1]
