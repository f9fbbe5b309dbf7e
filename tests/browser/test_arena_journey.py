"""A quiz on a phone, from the first page to the receipt, against a real arena."""

import re
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.arena_site import Site
from tests.browser.looking import faults_shown

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "contests"], transaction=True)]

MOST_BYTES = 60_000


def enter(page: Page, site: Site) -> None:
    site.let_in(page.context)
    page.goto(site.page)
    page.get_by_role("button", name="Vào thi").click()
    expect(page.locator("#question")).to_be_focused()


def answer(page: Page, option: int) -> None:
    page.locator(".option").nth(option).click()
    expect(page.locator(".status")).to_have_text(re.compile("Đã lưu câu"))


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Nộp bài thi?")).to_be_focused()
    page.get_by_role("button", name="Nộp bài ngay").click()
    expect(page.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_focused()


def kept_by_the_worker(page: Page) -> None:
    """Wait until the page would open without a network; from the first visit on, without another one."""
    for _ in range(100):
        if page.evaluate("caches.match(location.pathname, {ignoreVary: true}).then(Boolean)"):
            return
        page.wait_for_timeout(100)
    pytest.fail("the worker did not keep the page")


def test_the_whole_journey_on_a_phone(page: Page, site: Site, said: list[str]) -> None:
    enter(page, site)
    assert "Câu 1 / 5" in page.locator("h1").inner_text()
    for place in range(1, 6):
        answer(page, place % 4)
        expect(page.locator(".status")).to_have_text(f"Đã lưu câu {place}")
        if place < 5:
            page.get_by_role("button", name="Câu tiếp").click()
            expect(page.locator("#question")).to_be_focused()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_text("Bạn đã trả lời cả 5 câu.")).to_be_visible()
    page.get_by_label(re.compile("Câu dự đoán")).fill("12.957")
    page.get_by_role("button", name="Nộp bài ngay").click()
    expect(page.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_focused()
    [attempt] = site.attempts()
    assert attempt.submitted_at is not None
    assert all(attempt.answers)
    expect(page.locator(".lines")).to_contain_text("5/5")
    page.get_by_role("button", name="Về danh sách đợt thi").click()
    expect(page.get_by_text("Đã thi 1/7 lượt")).to_be_visible()
    expect(page.get_by_text("Bạn đã dự đoán 12.957.")).to_be_visible()
    expect(page.get_by_text("Đã ghi nhận lúc")).to_be_visible()
    assert said == []


@pytest.mark.slow
def test_unanswered_questions_are_named_before_handing_in(page: Page, site: Site) -> None:
    enter(page, site)
    answer(page, 0)
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_text("Còn 4 câu chưa trả lời:")).to_be_visible()
    page.get_by_role("button", name="Câu 3", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Câu 3 / 5")
    assert site.attempts()[0].submitted_at is None


@pytest.mark.slow
@pytest.mark.parametrize("wording", [{"kind": "multiple"}])
def test_several_answers_of_one_question_are_kept_together(page: Page, site: Site) -> None:
    enter(page, site)
    page.locator(".option").nth(0).click()
    page.locator(".option").nth(2).click()
    expect(page.locator(".status")).to_have_text("Đã lưu câu 1")
    page.reload()
    expect(page.locator(".option.on")).to_have_count(2)


@pytest.mark.slow
def test_everything_with_the_keyboard_alone(page: Page, site: Site) -> None:
    site.let_in(page.context)
    page.goto(site.page)
    page.get_by_role("button", name="Vào thi").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".option").nth(1)).to_have_class("option on")
    expect(page.locator(".status")).to_have_text("Đã lưu câu 1")
    expect(page.locator("#spoken")).to_have_text("Đã lưu câu 1")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("Nộp bài"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nộp bài thi?")).to_be_focused()
    page.get_by_role("button", name="Nộp bài ngay").press("Enter")
    expect(page.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_focused()


EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"
EVIL_WORDING = {"text": EVIL, "options": [{"text": f"{EVIL}{n}", "right": n == 0} for n in range(4)]}


@pytest.mark.slow
@pytest.mark.parametrize("wording", [EVIL_WORDING])
def test_markup_in_a_name_or_a_question_is_text(page: Page, site: Site, said: list[str]) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    site.let_in(page.context)
    page.goto(site.page)
    expect(page.get_by_text("Lò Thị <i>Mai</i>")).to_be_visible()
    expect(page.get_by_role("heading", name="Cuộc thi tìm hiểu <b>truyền thống</b>")).to_be_visible()
    page.get_by_role("button", name="Vào thi").click()
    expect(page.locator("#question")).to_contain_text(EVIL)
    assert page.locator("main img, main script").count() == 0
    assert asked == []
    assert said == []


@pytest.mark.slow
def test_a_first_visit_is_light(page: Page, site: Site) -> None:
    addresses: list[str] = []
    page.context.on("request", lambda request: addresses.append(request.url))
    enter(page, site)
    answer(page, 0)
    kept_by_the_worker(page)
    files = {path for path, _size in site.sent if path.startswith("/thi/assets/")}
    sent = sum(size for _path, size in site.sent)
    print(f"first visit up to the first saved answer: {sent / 1000:.1f} KB, {len(files)} files")
    assert {name.rpartition(".")[2] for name in files} == {"css", "js", "svg"}
    assert all(address.startswith(site.base) for address in addresses)
    assert sent < MOST_BYTES


REFUSALS = [
    (503, {"error": "wait", "message": "", "position": 1214, "place": "x", "retry_ms": 60_000}, "Đang có nhiều người"),
    (409, {"error": "open_paper", "message": ""}, "Bài đang được làm trên thiết bị khác"),
    (409, {"error": "closed", "message": "Đợt thi đã đóng."}, "Hiện chưa thực hiện được"),
]


def _refused(status: int, body: dict[str, Any], route: Route) -> None:
    route.fulfill(status=status, json=body)


def _refused_screens(page: Page) -> list[str]:
    """The waiting room, a paper on another device, and trouble; back on the entry page afterwards."""
    faults = list[str]()
    for status, body, heading in REFUSALS:
        answered = partial(_refused, status, body)
        page.route("**/thi/api/start", answered)
        page.get_by_role("button", name=re.compile("Vào thi|Thi lượt")).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        faults += faults_shown(page, heading)
        page.get_by_role("button", name=re.compile("Rời hàng chờ|Để sau|Thử lại")).first.click()
        page.unroute("**/thi/api/start")
        expect(page.get_by_role("button", name=re.compile("Vào thi|Thi lượt"))).to_be_visible()
    return faults


def _every_screen(context: BrowserContext, site: Site) -> list[str]:
    page = context.new_page()
    page.goto(site.page)
    expect(page.get_by_role("heading", name="Vào thi bằng mã cá nhân")).to_be_visible()
    faults = list(faults_shown(page, "sign in"))
    site.let_in(context)
    page.goto(site.page)
    page.get_by_role("button", name=re.compile("Vào thi|Thi lượt")).wait_for()
    faults += faults_shown(page, "entry")
    faults += _refused_screens(page)
    page.get_by_role("button", name=re.compile("Vào thi|Thi lượt")).click()
    expect(page.locator("#question")).to_be_focused()
    answer(page, 1)
    faults += faults_shown(page, "paper")
    page.evaluate("document.documentElement.setAttribute('data-text', 'largest')")
    faults += faults_shown(page, "paper with the largest letters")
    page.get_by_role("button", name="Nộp bài").click()
    faults += faults_shown(page, "last look")
    context.set_offline(True)
    page.get_by_role("button", name="Nộp bài ngay").click()
    expect(page.get_by_role("heading", name="Bài đã làm xong, chưa gửi được")).to_be_visible()
    faults += faults_shown(page, "kept")
    context.set_offline(False)
    expect(page.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_visible(timeout=20_000)
    return [*faults, *faults_shown(page, "receipt")]


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 1366])
def test_every_screen_is_readable_by_everyone(browser: Browser, site: Site, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN", service_workers="block")
    assert _every_screen(context, site) == []


@pytest.mark.slow
def test_in_english_on_demand(page: Page, site: Site, said: list[str]) -> None:
    cookie: Any = {"name": "langsen_language", "value": "en", "url": site.base}
    page.context.add_cookies([cookie])
    site.let_in(page.context)
    page.goto(site.page)
    page.get_by_role("button", name="Start").click()
    expect(page.locator("h1")).to_contain_text("Question 1 / 5")
    assert page.locator("html").get_attribute("lang") == "en"
    assert said == []
