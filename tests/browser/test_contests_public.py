"""Signing up on a phone with the picker of units, and entering by the square code on another one."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from langsen.contests.contests.models import Contest, Entrant
from tests.contest_world import a_contest, a_round, a_unit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "contests"], transaction=True),
]


@pytest.fixture
def contest(transactional_db: None) -> Contest:
    made = a_contest(slug="tim-hieu", asks={"unit": "để xếp hạng đơn vị"})
    a_round(made)
    a_unit(made, "Chi bộ Hoa Ban", under=a_unit(made, "Đảng bộ bộ phận Mường Sen"))
    return made


def test_the_unit_is_picked_while_typing_and_the_square_code_opens_the_quiz(
    page: Page, browser: Browser, live_server: Any, contest: Contest
) -> None:
    page.goto(f"{live_server.url}/cuoc-thi/tim-hieu/")
    expect(page.locator(".countdown")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    page.get_by_role("link", name="Đăng ký dự thi").click()
    page.get_by_label("Họ và tên", exact=True).fill("Lò Thị Mai")
    page.locator("#id_unit_search").press_sequentially("hoa ban")
    page.get_by_label("Chi bộ Hoa Ban, Đảng bộ bộ phận Mường Sen").check()
    page.locator("#id_unit_search").fill("muong sen")
    expect(page.get_by_label("Đảng bộ bộ phận Mường Sen", exact=True)).to_be_visible()
    expect(page.get_by_label("Chi bộ Hoa Ban, Đảng bộ bộ phận Mường Sen")).to_be_checked()
    page.locator("[name=agrees]").check()
    page.get_by_role("button", name="Đăng ký dự thi").click()
    code = page.locator(".code").inner_text()
    entrant = Entrant.objects.get(contest=contest)
    assert str(entrant.unit) == "Chi bộ Hoa Ban, Đảng bộ bộ phận Mường Sen"
    assert code not in page.url

    asked: list[str] = []
    other = browser.new_context().new_page()
    other.on("request", lambda request: asked.append(request.url))
    other.goto(f"{live_server.url}/cuoc-thi/tim-hieu/vao-thi/#{code}")
    other.wait_for_url("**/thi/tim-hieu/")
    assert not any(code in address.split("#")[0] for address in asked)
    assert any(cookie["name"] == f"thi_{contest.pk}" for cookie in other.context.cookies(f"{live_server.url}/thi/"))
