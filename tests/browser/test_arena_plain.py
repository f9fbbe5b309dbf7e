"""The whole contest without scripts: plain forms, and nothing that was ticked is lost."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.arena_site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "contests"], transaction=True),
]


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone that runs no scripts, signed in."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="vi-VN", java_script_enabled=False, service_workers="block"
    )
    site.let_in(context)
    yield context.new_page()
    context.close()


def start(plain: Page, site: Site) -> None:
    plain.goto(site.page)
    plain.get_by_role("link", name="Thi bằng trang đơn giản").click()
    plain.get_by_role("button", name="Vào thi").click()
    expect(plain.locator("fieldset")).to_have_count(5)


def tick(plain: Page, question: int, option: int) -> None:
    plain.locator("fieldset").nth(question - 1).locator("input").nth(option).check()


def test_the_whole_journey_without_scripts(plain: Page, site: Site) -> None:
    start(plain, site)
    tick(plain, 1, 0)
    tick(plain, 3, 2)
    plain.get_by_role("button", name="Lưu câu trả lời").click()
    expect(plain.get_by_text(re.compile(r"Đã lưu lúc \d\d:\d\d:\d\d"))).to_be_visible()
    expect(plain.locator("input:checked")).to_have_count(2)
    assert [bool(mask) for mask in site.attempts()[0].answers] == [True, False, True, False, False]
    plain.get_by_role("button", name="Nộp bài").click()
    expect(plain.get_by_text("Chưa trả lời các câu: 2, 4, 5. Vẫn nộp bài?")).to_be_visible()
    assert site.attempts()[0].submitted_at is None
    for question in (2, 4, 5):
        tick(plain, question, 1)
    plain.get_by_label(re.compile("Câu dự đoán")).fill("1.234")
    plain.get_by_role("button", name="Nộp bài ngay").click()
    expect(plain.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_visible()
    [attempt] = site.attempts()
    assert attempt.submitted_at is not None
    assert all(attempt.answers)
    plain.get_by_role("link", name="Về danh sách đợt thi").click()
    expect(plain.get_by_text("Đã thi 1/7 lượt")).to_be_visible()


def test_a_paper_is_taken_up_again_with_what_was_saved(plain: Page, site: Site) -> None:
    start(plain, site)
    tick(plain, 2, 3)
    plain.get_by_role("button", name="Lưu câu trả lời").click()
    plain.goto(f"{site.page}bai/")
    plain.get_by_role("button", name="Làm tiếp").click()
    expect(plain.locator("fieldset").nth(1).locator("input").nth(3)).to_be_checked()
    assert len(site.attempts()) == 1


def test_when_the_ticket_is_over_the_ticks_stay(plain: Page, site: Site) -> None:
    start(plain, site)
    tick(plain, 4, 2)
    site.shut_out(plain.context)
    plain.get_by_role("button", name="Lưu câu trả lời").click()
    expect(plain.get_by_text("Chưa lưu được. Bạn nhập mã ở cửa sổ khác")).to_be_visible()
    expect(plain.locator("fieldset").nth(3).locator("input").nth(2)).to_be_checked()
    site.let_in(plain.context)
    plain.get_by_role("button", name="Lưu câu trả lời").click()
    expect(plain.get_by_text("Đã lưu lúc")).to_be_visible()
    assert site.attempts()[0].answers[3] != 0


def test_a_paper_taken_over_elsewhere_can_be_taken_back_with_its_ticks(plain: Page, page: Page, site: Site) -> None:
    start(plain, site)
    site.let_in(page.context)
    page.goto(site.page)
    page.get_by_role("button", name="Tiếp tục ở đây").click()
    page.get_by_role("button", name="Tiếp tục ở đây").click()
    expect(page.locator("#question")).to_be_visible()
    tick(plain, 5, 1)
    plain.get_by_role("button", name="Lưu câu trả lời").click()
    expect(plain.get_by_text("Bài đang được làm trên thiết bị khác.")).to_be_visible()
    expect(plain.locator("fieldset").nth(4).locator("input").nth(1)).to_be_checked()
    plain.get_by_role("button", name="Tiếp tục ở đây").click()
    expect(plain.get_by_text("Đã lưu lúc")).to_be_visible()
    assert site.attempts()[0].answers[4] != 0


def test_a_prediction_that_is_no_number_is_told_and_the_ticks_stay(plain: Page, site: Site) -> None:
    start(plain, site)
    for question in range(1, 6):
        tick(plain, question, 0)
    plain.get_by_label(re.compile("Câu dự đoán")).fill("nhiều lắm")
    plain.get_by_role("button", name="Nộp bài").click()
    expect(plain.get_by_text("Vui lòng chỉ nhập chữ số.")).to_be_visible()
    expect(plain.locator("input:checked")).to_have_count(5)
    assert site.attempts()[0].submitted_at is None


@pytest.mark.parametrize("rules", [{"time_limit_seconds": 1, "grace_seconds": 0}])
def test_what_comes_too_late_is_told(plain: Page, site: Site) -> None:
    start(plain, site)
    tick(plain, 1, 0)
    plain.wait_for_timeout(2500)
    plain.get_by_role("button", name="Lưu câu trả lời").click()
    expect(plain.get_by_text(re.compile("Hết giờ|đã được nộp")).first).to_be_visible()


def test_a_form_of_another_page_starts_nothing(plain: Page, site: Site) -> None:
    answer = plain.request.post(f"{site.page}bai/", form={"do": "start", "key": "x", "round": str(site.round.pk)})
    assert answer.status == 400
    assert site.attempts() == []


@pytest.mark.parametrize(
    "form", [{}, {"do": "save"}, {"do": "submit", "token": "x"}, {"do": "start", "round": "9" * 40}]
)
def test_broken_forms_are_answered_with_a_page(plain: Page, site: Site, form: dict[str, str]) -> None:
    answer = plain.request.post(f"{site.page}bai/", form=form)
    assert 400 <= answer.status < 500
    assert "<h1>" in answer.text()


def test_without_a_ticket_the_way_to_it_is_shown(plain: Page, site: Site) -> None:
    site.shut_out(plain.context)
    plain.goto(f"{site.page}bai/")
    expect(plain.get_by_role("link", name="Nhập mã để vào thi")).to_be_visible()
    answer = plain.goto(f"{site.base}/thi/khong-co/")
    assert answer is not None
    assert answer.status == 404
    expect(plain.get_by_role("heading", name="Không có cuộc thi này")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1366])
def test_the_plain_pages_are_readable_by_everyone(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    site.let_in(page.context)
    page.goto(f"{site.page}bai/")
    faults = Axe().run(page).response["violations"]
    page.get_by_role("button", name="Vào thi").click()
    faults += Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("button", name="Nộp bài ngay").click()
    expect(page.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_visible()
    assert faults + Axe().run(page).response["violations"] == []
