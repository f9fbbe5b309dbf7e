"""The frame and the components: readable by everyone, light, and whole without JavaScript."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, Request, expect

from langsen.foundation.accounts.models import User
from tests.browser.conftest import SignIn

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.style_urls"),
]

FIRST_VISIT_BYTES = 200_000
STYLE = "/style/?q=lao+cai&mode=direct"
OPEN_PAGES = ["/tai-khoan/dang-nhap/", "/tai-khoan/quen-mat-khau/", "/ngoai-mang/"]


@pytest.fixture(autouse=True)
def _developer(settings: Any) -> None:
    settings.DEBUG = True


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("thu", "mat-khau-dai-lam", display_name="Lò Thị Thử")


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]


def widest(page: Page) -> int:
    return int(page.evaluate("() => document.documentElement.scrollWidth"))


@pytest.mark.parametrize("width", [320, 390, 683, 1366])  # 683: 1366 at 200 % zoom
@pytest.mark.parametrize("address", [STYLE, *OPEN_PAGES])
def test_pages_are_accessible_and_fit(
    browser: Browser, live_server: Any, sign_in: SignIn, user: User, address: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN", bypass_csp=True)
    page = context.new_page()
    if address == STYLE:
        sign_in(context, user)
    page.goto(live_server.url + address)
    assert violations(page) == []
    assert widest(page) == width
    context.close()


def test_the_largest_letters_fit_a_small_phone(browser: Browser, live_server: Any, sign_in: SignIn, user: User) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="vi-VN", bypass_csp=True)
    sign_in(context, user)
    context.add_cookies([{"name": "langsen_text", "value": "largest", "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + STYLE)
    assert page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)") == 22
    assert violations(page) == []
    assert widest(page) == 320
    context.close()


def test_nothing_breaks_the_content_policy(
    page: Page, live_server: Any, sign_in: SignIn, user: User, said: list[str]
) -> None:
    sign_in(page.context, user)
    page.goto(live_server.url + STYLE)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".chart-area canvas")).to_be_visible()
    assert said == []


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def real_server(transactional_db: None) -> Iterator[str]:
    """The site as it is served outside tests: with the middleware that compresses and sends files."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Threads)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.mark.parametrize("address", ["/tai-khoan/dang-nhap/", STYLE])
def test_a_first_visit_is_light(page: Page, real_server: str, sign_in: SignIn, user: User, address: str) -> None:
    sizes: dict[str, int] = {}

    def weigh(request: Request) -> None:
        if "echarts" not in request.url and "/sw.js" not in request.url:  # both after the page has loaded
            sizes[request.url] = request.sizes()["responseBodySize"]

    if address == STYLE:
        sign_in(page.context, user, real_server)
    page.on("requestfinished", weigh)
    page.goto(real_server + address, wait_until="load")
    page.wait_for_timeout(500)
    assert sum(sizes.values()) < FIRST_VISIT_BYTES, sorted(sizes.items(), key=lambda item: -item[1])
    assert len(sizes) > 5
    assert all(url.startswith(real_server) for url in sizes)


def test_menu_text_size_and_language_work_without_javascript(
    browser: Browser, live_server: Any, sign_in: SignIn, user: User
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="vi-VN", java_script_enabled=False)
    sign_in(context, user)
    page = context.new_page()
    page.goto(live_server.url + STYLE)
    menu = page.locator("details.menu")
    expect(menu.get_by_role("button", name="Chữ to hơn")).to_be_hidden()
    menu.locator("summary").click()
    menu.get_by_role("button", name="Chữ to hơn").click()
    expect(page.locator("html")).to_have_attribute("data-text", "large")
    page.goto(live_server.url + "/ngoai-mang/")
    expect(page.locator("html")).to_have_attribute("data-text", "large")
    page.goto(live_server.url + STYLE)
    page.locator("details.menu summary").click()
    page.locator("details.menu").get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert STYLE in page.url
    context.close()


def test_the_whole_page_is_reached_by_keyboard(page: Page, live_server: Any, sign_in: SignIn, user: User) -> None:
    sign_in(page.context, user)
    page.goto(live_server.url + "/tai-khoan/phien/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
