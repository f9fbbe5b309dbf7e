"""The chain: a cell's officer records on a phone; commune and province see it at once and stand on the meeting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import today
from tests.browser.conftest import SignIn
from tests.factories import make_person, make_session, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 900}
MEETINGS = "Số buổi sinh hoạt chi bộ thường kỳ"


@dataclass(frozen=True)
class People:
    cell: User
    commune: User
    province: User


@pytest.fixture
def people(transactional_db: None) -> People:
    units = make_tree(
        TI=("province", None),
        XA=("agencies", "TI"),
        CS=("grassroots_committee", "XA"),
        CB=("cell", "CS"),
        CB2=("cell", "CS"),
    )
    for name in ("Lò Văn An", "Vàng A Bình"):
        make_person(units["CB"], name)
    make_session(units["CB2"], today(), kind="regular_meeting", has_study_item=True)
    return People(
        make_user(Role.CELL_DEPUTY, units["CB"]),
        make_user(Role.COMMUNE_OFFICER, units["XA"]),
        make_user(Role.PROVINCE_OFFICER, units["TI"]),
    )


@pytest.fixture
def screen(browser: Browser, live_server: Any, sign_in: SignIn) -> Iterator[Any]:
    contexts = []

    def opened(user: User, viewport: dict[str, int]) -> Page:
        context = browser.new_context(viewport=viewport, locale="vi-VN", base_url=live_server.url)  # type: ignore[arg-type]
        contexts.append(context)
        sign_in(context, user)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def number(page: Page) -> str:
    """Read the number of meetings from the page of figures."""
    page.goto("/so-lieu/")
    row = page.get_by_role("row", name=MEETINGS)
    return row.locator("a.number-link").first.inner_text()


def test_a_meeting_recorded_on_a_phone_stands_in_the_figures_at_once(people: People, screen: Any) -> None:
    phone = screen(people.cell, PHONE)
    commune, province = screen(people.commune, DESK), screen(people.province, DESK)
    assert (number(commune), number(province)) == ("1", "1")

    phone.goto("/")
    phone.locator("main").get_by_role("link", name="Ghi nhận buổi sinh hoạt").first.click()
    phone.get_by_label("Nội dung").fill("Học tập và làm theo Bác tháng này")
    phone.get_by_role("button", name="Ghi vào biên bản").click()
    expect(phone.get_by_text("Đã lưu lúc")).to_be_visible()

    assert (number(commune), number(province)) == ("2", "2")
    province.get_by_role("row", name=MEETINGS).locator("a.number-link").first.click()
    expect(province.locator("tfoot")).to_contain_text("2")
    province.get_by_role("link", name="Học tập và làm theo Bác tháng này").click()
    expect(province.get_by_role("heading", level=1)).to_have_text("Học tập và làm theo Bác tháng này")

    phone.get_by_role("link", name="Hủy").first.click()
    phone.get_by_label("Lý do").fill("Ghi nhầm ngày")
    phone.locator("main button.btn-primary, main button.btn-danger").first.click()
    expect(phone.get_by_text("Đã hủy").first).to_be_visible()
    assert (number(commune), number(province)) == ("1", "1")
