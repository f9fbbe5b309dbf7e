"""The editor of a section in a real browser: chips, typed numbers, marks, leaving, keyboard, a silent console."""

from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from langsen.registers.study.bulk import NewPoint
from langsen.reports.models import Report
from tests.browser.conftest import SignIn
from tests.factories import make_session
from tests.reports_world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def report(transactional_db: None) -> Report:
    world = make_world()
    point = NewPoint(world.unit("C1"), {"members": 431}, is_main=True)
    make_session(world.unit("C1"), date(2025, 8, 2), points=[point])
    return world.draft()


@pytest.fixture
def editor(page: Page, context: BrowserContext, live_server: Any, sign_in: SignIn, report: Report) -> Page:
    sign_in(context, report.opened_by)
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(f"{live_server.url}/bao-cao/{report.pk}/soan/?section=2")
    return page


def body(report: Report) -> str:
    return str(report.sections.get(position=2).body)


def save(editor: Page) -> None:
    with editor.expect_navigation():
        editor.get_by_role("button", name="Lưu dự thảo").click()
    expect(editor.get_by_text("Đã lưu dự thảo")).to_be_visible()


def at_the_end(editor: Page) -> None:
    editor.locator(".rich").click()
    editor.keyboard.press("Control+End")


def test_text_comes_back_as_it_went_with_its_chips(editor: Page, report: Report, said: list[str]) -> None:
    expect(editor.locator(".rich .bound")).to_have_text(["1", "431"])
    before = body(report)
    save(editor)
    assert body(report) == before
    at_the_end(editor)
    editor.keyboard.press("Enter")
    editor.keyboard.type("Các chi bộ ")
    editor.keyboard.press("Control+b")
    editor.keyboard.type("đã học")
    editor.keyboard.press("Control+b")
    editor.keyboard.type(" đủ.")
    editor.keyboard.press("Enter")
    editor.keyboard.type("Việc tiếp theo")
    editor.get_by_role("button", name="Gạch đầu dòng").click()
    save(editor)
    assert body(report) == f"{before}\nCác chi bộ **đã học** đủ.\n- Việc tiếp theo"
    assert said == []


def test_a_number_is_put_in_by_keyboard_alone(editor: Page, report: Report, said: list[str]) -> None:
    at_the_end(editor)
    editor.keyboard.type(" Có ")
    editor.get_by_role("button", name="Chèn số liệu").focus()
    editor.keyboard.press("Enter")
    dialog = editor.get_by_role("dialog")
    dialog.get_by_label("Số liệu", exact=True).select_option("study.attendances")
    dialog.get_by_label("Cách in").select_option("hơn")
    dialog.get_by_label("Số tròn").fill("500")
    editor.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("trái với số liệu")
    dialog.get_by_label("Số tròn").fill("400")
    editor.keyboard.press("Enter")
    expect(editor.locator(".rich .bound").last).to_have_text("hơn 400")
    editor.keyboard.type(" lượt.")
    save(editor)
    assert body(report).endswith("người. Có {study.attendances:hơn 400} lượt.")
    editor.locator(".rich .bound").last.focus()
    editor.keyboard.press("Enter")  # a chip opens its facts
    expect(editor.locator("details[data-number='study.attendances'] summary")).to_be_focused()
    assert [words for words in said if "422" not in words] == []  # the refused form is an answer, not a fault


def test_a_typed_number_is_underlined_named_and_replaced(editor: Page, report: Report, said: list[str]) -> None:
    at_the_end(editor)
    editor.keyboard.type(" Có 413 lượt người tham dự hội nghị.")
    save(editor)
    expect(editor.get_by_role("heading", name="1 số liệu chưa có nguồn")).to_be_visible()
    assert editor.evaluate("[...CSS.highlights.get('loose')].map(String)") == ["413"]
    at_the_end(editor)
    editor.keyboard.type(" Thêm một câu.")
    with editor.expect_navigation():
        editor.get_by_role("button", name="Thay bằng số 431").click()
    expect(editor.locator(".rich .bound")).to_have_text(["1", "431", "431"])
    assert body(report).endswith("Có {study.attendances} lượt người tham dự hội nghị. Thêm một câu.")
    assert said == []


def test_text_is_pasted_plain_and_a_copied_chip_stays_bound(editor: Page, report: Report) -> None:
    editor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    before = body(report)
    editor.locator(".rich").click()
    editor.keyboard.press("Control+a")
    editor.keyboard.press("Control+c")
    at_the_end(editor)
    editor.keyboard.press("Enter")
    editor.keyboard.press("Control+v")
    save(editor)
    assert body(report) == f"{before}\n{before}"


def test_leaving_with_unsaved_text_warns_and_a_refused_text_stays(editor: Page, report: Report) -> None:
    asked: list[str] = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    at_the_end(editor)
    editor.keyboard.type(" Có 555.39 lượt.")
    editor.get_by_role("link", name="Kiến nghị").click()
    editor.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    with editor.expect_navigation():
        editor.get_by_role("button", name="Lưu dự thảo").click()
    expect(editor.get_by_role("alert")).to_contain_text("555.39")
    expect(editor.locator(".rich")).to_contain_text("Có 555.39 lượt.")
    assert "555" not in body(report)


@pytest.mark.parametrize("width", [390, 1366])
def test_the_editor_is_readable_by_everyone(editor: Page, width: int) -> None:
    editor.set_viewport_size({"width": width, "height": 844})
    assert Axe().run(editor).response["violations"] == []
    assert editor.evaluate("document.documentElement.scrollWidth") <= width
    editor.get_by_role("button", name="Chèn số liệu").click()
    assert Axe().run(editor).response["violations"] == []
