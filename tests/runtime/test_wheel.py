"""The built wheel runs elsewhere: an empty environment, no checkout, no Node, no compiling."""

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.owners import eventually, open_folder, status

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.kill, pytest.mark.slow]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network by the locked hatchling."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Iterator[Path]:
    """The wheel in an environment of its own, in a folder that the database's account can enter.

    Tests reach no registry, so the packages langsen depends on come from the environment of the tests by a .pth file,
    less langsen itself: its own editable entry there is a .pth too, and a .pth inside such a folder is not read.
    """
    with open_folder("langsen wheel-") as folder:
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        packages = next((folder / "venv" / "lib").glob("python*/site-packages"))
        (packages / "locked.pth").write_text(next(path for path in sys.path if path.endswith("site-packages")) + "\n")
        install = [
            str(python),
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--no-index",
            "--force-reinstall",
            str(wheel),
        ]
        subprocess.run(install, check=True, capture_output=True, cwd=folder)
        yield folder


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}


def test_the_wheel_carries_pages_translations_and_licences_but_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for ending in ("vendor/manifest.json", "vendor/bootstrap.min.css", "vi/LC_MESSAGES/django.mo", "licenses/LICENSE"):
        assert any(name.endswith(ending) for name in names), ending
    assert not [name for name in names if "/tests/" in name]


def test_the_wheel_starts_where_there_is_nothing_else(installed: Path) -> None:
    langsen = installed / "venv" / "bin" / "langsen"
    where = subprocess.run(
        [str(installed / "venv" / "bin" / "python"), "-c", "import langsen; print(langsen.__file__)"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=installed,
    )
    assert where.stdout.startswith(str(installed)), "the wheel, not the checkout"
    out, err = installed / "up.out", installed / "up.err"
    with out.open("w") as result, err.open("w") as progress:
        owner = subprocess.Popen(
            [str(langsen), "up"], env=environment(installed), cwd="/", stdout=result, stderr=progress
        )
    try:
        eventually(lambda: "Ctrl-C" in out.read_text() or owner.poll() is not None, within=180)
        assert owner.poll() is None, err.read_text()
        address = next(word for word in out.read_text().split() if word.startswith("http://"))
        assert status(address) in (200, 302)
        assert status(address + "static/vendor/bootstrap.min.css") == 200
        assert (installed / "state" / "langsen" / "secret_key").is_file()
        doctor = subprocess.run([str(langsen), "doctor"], env=environment(installed), capture_output=True, check=False)
        assert doctor.returncode == 0, doctor.stdout.decode()
    finally:
        owner.terminate()
        assert owner.wait(timeout=40) == 0
