"""An organiser sits a sample paper on the arena's own screens: the whole way, said on each, and nothing is sent."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from langsen.contests.contests.models import Contest, Round
from langsen.contests.quizzes import services
from langsen.contests.quizzes.tests.test_papers import bank
from tests.browser.arena_site import serve_arena_files
from tests.browser.conftest import SignIn
from tests.browser.looking import faults_shown
from tests.contest_world import a_contest, a_round
from tests.factories import make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "contests"], transaction=True)]


def look(page: Page, name: str, faults: list[str]) -> None:
    """The line is on the screen and nothing is wrong with it; LANGSEN_LOOK names a folder for pictures."""
    assert page.locator(".previewing").bounding_box()["y"] == 0  # type: ignore[index]
    faults += faults_shown(page, name)
    if folder := os.environ.get("LANGSEN_LOOK"):
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png")  # type: ignore[index]


@pytest.mark.parametrize("width", [390, 1366])
def test_an_organiser_sits_a_sample_paper(
    browser: Browser, live_server: Any, sign_in: SignIn, transactional_db: None, width: int
) -> None:
    unit = make_tree(TI=("province", None), XA=("agencies", "TI"))["XA"]
    user = make_user("contest_organiser", unit, "to-chuc")
    contest: Contest = a_contest(
        organiser_id=unit.pk, status="draft", frozen_at=None, prediction="people_all_correct", attempts_per_round=2
    )
    of: Round = a_round(contest)
    services.pick_questions(of, [one.pk for one in bank(unit, user, 1, 2, 3)], by=user)
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="vi-VN")
    context.route("**/thi/assets/**", serve_arena_files)
    sign_in(context, user)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/to-chuc-thi/{contest.pk}/de-thi/{of.number}/")
    page.get_by_role("link", name="Làm thử như người dự thi").click()
    page.get_by_role("button", name="Vào thi").wait_for()
    page.on("request", lambda request: asked.append(request.url))
    faults: list[str] = []
    look(page, "entry", faults)
    page.get_by_role("button", name="Vào thi").click()
    page.locator(".option").first.click()
    expect(page.locator(".status")).to_have_text(re.compile("Đã lưu câu 1"))
    look(page, "paper", faults)
    page.get_by_role("button", name="Nộp bài").click()
    look(page, "review", faults)
    page.get_by_label(re.compile("Câu dự đoán")).fill("120")
    page.get_by_role("button", name="Nộp bài ngay").click()
    expect(page.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_focused()
    expect(page.get_by_text("Đây là bài xem thử")).to_be_visible()
    look(page, "receipt", faults)
    page.get_by_role("button", name="Về danh sách đợt thi").click()
    expect(page.get_by_text("Đã thi 1/2 lượt")).to_be_visible()
    expect(page.get_by_text("Bạn đã dự đoán 120")).to_be_visible()
    assert asked == [], "the page asks nobody"
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('thi:'))") == []
    workers = page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))")
    assert not [scope for scope in workers if scope.endswith("/thi/")]
    page.get_by_role("link", name="Thoát").click()
    expect(page).to_have_url(re.compile(rf"/de-thi/{of.number}/$"))
    assert (faults, said) == ([], [])
    context.close()
