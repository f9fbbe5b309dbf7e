"""A half-year report on its way: drafted, written, signed, sent, supplemented; with JavaScript and without."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from langsen.registers.study.bulk import NewPoint
from langsen.reports.models import Report
from tests.browser.conftest import SignIn
from tests.factories import make_session
from tests.reports_world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WRITTEN = "Có 413 lượt người tham dự hội nghị."
Opened = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None) -> World:
    made = make_world()
    point = NewPoint(made.unit("C1"), {"members": 431}, is_main=True)
    make_session(made.unit("C1"), date(2025, 8, 2), points=[point])
    made.call()
    return made


@pytest.fixture
def opened(browser: Browser, live_server: Any, sign_in: SignIn) -> Any:
    contexts = []

    def page(user: Any, *, scripts: bool) -> Page:
        context = browser.new_context(
            viewport={"width": 1366, "height": 900},
            locale="vi-VN",
            base_url=live_server.url,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        sign_in(context, user)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


def press(page: Page, name: str) -> None:
    """Press the page's own button or link of that name."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name).or_(
            page.locator("main").get_by_role("link", name=name)
        ).last.click()


def write(page: Page, text: str, *, scripts: bool) -> None:
    if scripts:
        page.locator(".rich").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(text)
    else:
        area = page.locator("textarea[name=body]")
        area.fill(area.input_value() + text)
    press(page, "Lưu dự thảo")


def record_paper(page: Page, number: str) -> None:
    press(page, "Chốt số liệu, trình ký")
    press(page, "Chốt số liệu, trình ký")
    press(page, "Ghi nhận theo văn bản đã ký")
    page.locator("[name=signed_number]").fill(number)
    page.locator("[name=signed_on]").fill("5/1/2026")
    page.locator("[name=signed_by]").fill("Lò Thị Mai")
    page.locator("[name=place]").fill("Bản Mới")
    press(page, "Ghi nhận đã phát hành")
    press(page, "Gửi cấp trên")
    press(page, "Gửi cấp trên")
    expect(page.get_by_text("Đã gửi báo cáo")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_outline_to_the_supplement(world: World, opened: Opened, scripts: bool) -> None:
    commune, province = opened(world.commune, scripts=scripts), opened(world.province, scripts=scripts)

    commune.goto("/bao-cao/?tab=due")
    press(commune, "Lập báo cáo")
    press(commune, "Lập dự thảo")
    press(commune, "Kết quả")
    write(commune, f" {WRITTEN}", scripts=scripts)
    press(commune, "Thay bằng số 431")
    report = Report.objects.get()
    assert report.sections.get(position=2).body.endswith("Có {study.attendances} lượt người tham dự hội nghị.")
    record_paper(commune, "7-BC/ĐU")

    province.goto("/bao-cao/?tab=below")
    press(province, "Đơn vị X1")
    expect(province.get_by_text("chờ tiếp nhận")).to_be_visible()
    expect(province.locator(".paper")).to_contain_text("Có 431 lượt người tham dự hội nghị.")
    press(province, "Đề nghị bổ sung")
    province.locator("[name=reason]").fill("Nêu rõ kết quả khắc phục hạn chế")
    press(province, "Đề nghị bổ sung")

    commune.goto(report.get_absolute_url())
    expect(commune.get_by_text("Nêu rõ kết quả khắc phục hạn chế").first).to_be_visible()
    press(commune, "Lập báo cáo bổ sung")
    press(commune, "Lập báo cáo bổ sung")
    press(commune, "Soạn")
    press(commune, "Kết quả")
    write(commune, " Hạn chế kỳ trước đã khắc phục xong.", scripts=scripts)
    press(commune, "Toàn văn, phụ lục số liệu")
    record_paper(commune, "8-BC/ĐU")

    province.goto("/bao-cao/?tab=below&kind=supplement")
    press(province, "Đơn vị X1")
    press(province, "Khác gì so với bản trước")
    expect(province.locator("ins")).to_contain_text("Hạn chế kỳ trước đã khắc phục xong.")
    province.go_back()
    press(province, "Tiếp nhận")
    expect(province.locator(".notice.ok")).to_contain_text("Đã tiếp nhận báo cáo")
    assert set(Report.objects.values_list("status", flat=True)) == {"received"}
