"""Take the README's pictures from a fresh demonstration, so that they stay true.

    python tools/screenshots.py      (or: make screenshots)

Starts its own owner in a temporary folder, signs in as the people of the demonstration, and writes docs/screenshots/.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]

_SETTLED = 1000  # ms: transitions have ended, a tick is saved


@dataclass(frozen=True)
class Picture:
    """One picture: whose screen, which page, how large; `follow` are links pressed from there, one after the other.

    Without an account it is a visitor's, who types the demonstration's personal code where one is asked for.
    """

    name: str
    account: str
    address: str
    width: int
    height: int
    follow: tuple[str, ...] = ()


SHOTS = (
    Picture("desk", "tinh.chuyenvien", "/", 1366, 900),
    Picture("figures", "lch.chuyenvien", "/so-lieu/?unit=LCH&from=2021-05-18&to=2023-05-17", 1366, 900),
    Picture(
        "report-editor",
        "lch.chuyenvien",
        "/bao-cao/",
        1366,
        900,
        ("main tbody th a", "main a[href$='/soan/']", "main nav a:has-text('Kết quả thực hiện')"),
    ),
    Picture("meeting-phone", "chibo.chiuy", "/hoi-nghi/ghi-nhan/", 390, 844),
    Picture("contest-results", "", "/cuoc-thi/thanh-uy-lao-cai-2023/ket-qua/", 1366, 900),
    Picture(
        "quiz-phone",
        "",
        "/cuoc-thi/muong-sen-lam-theo-loi-bac/vao-thi/",
        390,
        844,
        ("main button.btn-primary", "main button:has-text('Vào thi')", "main label:has(input) >> nth=1"),
    ),
)


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="langsen-pictures-"))
    try:
        with _running(home) as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            password, code = ((home / f"demo-{name}").read_text().split()[0] for name in ("password", "entrant-code"))
            for shot in SHOTS:
                _take(browser, base, shot, password, code)
            browser.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _take(browser: Browser, base: str, shot: Picture, password: str, code: str) -> None:
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    page = context.new_page()
    if shot.account:
        page.goto(f"{base}/tai-khoan/dang-nhap/")
        page.fill("input[name=login]", shot.account)
        page.fill("input[name=password]", password)
        page.click("main button.btn-primary")
    page.goto(base + shot.address, wait_until="networkidle")
    if page.locator("input[name=code]").count():
        page.fill("input[name=code]", code)
    for link in shot.follow:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_timeout(_SETTLED)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{shot.name}.png")
    context.close()
    print(f"{shot.name}.png: {page.url if not page.is_closed() else shot.address}")


@contextmanager
def _running(home: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "LANGSEN_HOME": str(home), "LANGSEN_PORT": str(port)}
    environment.pop("DATABASE_URL", None)
    owner = subprocess.Popen([sys.executable, "-m", "langsen", "up", "--demo"], env=environment)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{base}/tai-khoan/dang-nhap/", owner)
        yield base
    finally:
        owner.send_signal(signal.SIGTERM)
        owner.wait(60)


def _wait(address: str, owner: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 600
    while time.monotonic() < end and owner.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError(address)


if __name__ == "__main__":
    main()
