"""Third-party files are laid out whole, with licences and hashes, or not at all."""

import gzip
import json
from pathlib import Path

import brotli
import pytest

from tools import assets


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A node_modules folder as npm would leave it, with short files."""
    modules = tmp_path / "node_modules"
    for name in assets.COPIES:
        (modules / name).parent.mkdir(parents=True, exist_ok=True)
        (modules / name).write_text(f"content of {name}", encoding="utf-8")
    fonts = modules / assets.FONT / "files"
    fonts.mkdir(parents=True)
    for subset in assets.FONT_RANGES:
        for weight in assets.FONT_WEIGHTS:
            (fonts / assets.font_file(subset, weight)).write_bytes(b"font")
    monkeypatch.setattr(assets, "MODULES", modules)
    return modules


def test_everything_is_there_with_licences_hashes_and_compressed_forms(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    assert assets.build(vendor, fetch=lambda: None) is True
    assert assets.faults(vendor) == []
    css = (vendor / "bootstrap.min.css").read_bytes()
    assert gzip.decompress((vendor / "bootstrap.min.css.gz").read_bytes()) == css
    assert brotli.decompress((vendor / "bootstrap.min.css.br").read_bytes()) == css
    listed = json.loads((vendor / assets.MANIFEST).read_text(encoding="utf-8"))["files"]
    assert "licences/bootstrap.txt" in listed
    assert {path.name for path in (vendor / "fonts").iterdir()} <= {Path(name).name for name in listed}
    assert not list(tmp_path.glob("vendor.*"))


def test_a_second_time_nothing_is_fetched(modules: Path, tmp_path: Path) -> None:
    assets.build(tmp_path / "vendor", fetch=lambda: None)

    def never() -> None:
        raise AssertionError("fetched again")

    assert assets.build(tmp_path / "vendor", fetch=never) is False


def test_a_file_that_was_changed_or_lost_is_told_and_made_again(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    assets.build(vendor, fetch=lambda: None)
    (vendor / "font.css").write_text("changed", encoding="utf-8")
    (vendor / "echarts.min.js").unlink()
    assert assets.faults(vendor) == ["echarts.min.js is missing", "font.css differs from its manifest"]
    assert assets.build(vendor, fetch=lambda: None) is True
    assert assets.faults(vendor) == []


def test_an_interrupted_build_leaves_the_old_files(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    assets.build(vendor, fetch=lambda: None)
    (vendor / "font.css").unlink()
    (modules / "bootstrap" / "LICENSE").unlink()
    with pytest.raises(FileNotFoundError):
        assets.build(vendor, fetch=lambda: None)
    assert (vendor / "bootstrap.min.css").is_file()


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads(assets.LOCK.read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all("resolved" not in package and package["integrity"] for package in packages.values())
