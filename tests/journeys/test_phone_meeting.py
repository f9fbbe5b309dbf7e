"""The phone journey: a cell's officer records a meeting in under a minute, with or without a network."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from playwright.sync_api import BrowserContext, Locator, Page, expect

from langsen.foundation.access.enums import Role
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.models import Membership
from langsen.registers.study.models import StudySession
from tests.browser.conftest import SignIn
from tests.factories import FIRST_DAY, make_person, make_theme, make_unit, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_FIELDS, MOST_TAPS = 3, 6
ABSENT = "Vàng A Bình"
# What a person has to fill in: controls in sight; a group of choices is one field, and so is a day with its calendar.
FIELDS_IN_SIGHT = """() => {
  const names = new Set();
  for (const control of document.querySelectorAll("main form input, main form select, main form textarea")) {
    if (control.name && control.type !== "hidden" && control.checkVisibility()) names.add(control.name);
  }
  return [...names];
}"""


@pytest.fixture
def cell(transactional_db: None) -> OrgUnit:
    party = make_unit("BM", "grassroots_committee", name="Đảng bộ xã Bản Mới")
    unit = make_unit("BM-1", parent=party, name="Chi bộ bản Nà Hoa")
    for name in ("Lò Văn An", ABSENT, "Trần Thị Cúc"):
        make_person(unit, name)
    make_theme(party, "Chuyên đề năm nay", from_on=today() - timedelta(days=40))
    return unit


@pytest.fixture
def phone(page: Page, context: BrowserContext, live_server: Any, sign_in: SignIn, cell: OrgUnit) -> Page:
    sign_in(context, make_user(Role.CELL_DEPUTY, cell, display_name="Lò Văn An"))
    page.goto(live_server.url)
    return page


class Finger:
    """Taps and counts."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, target: Locator) -> Locator:
        target.click()
        self.taps += 1
        return target


def recorded() -> tuple[str, str, set[str]]:
    session = StudySession.objects.get()
    return session.status, session.title, set(session.attendances.values_list("person__full_name", flat=True))


def test_a_meeting_takes_three_fields_and_six_taps_and_survives_without_a_network(
    phone: Page, context: BrowserContext
) -> None:
    finger = Finger()
    finger.tap(phone.locator("main").get_by_role("link", name="Ghi nhận buổi sinh hoạt").first)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Ghi nhận buổi sinh hoạt")
    expect(phone.locator(".outbox")).to_have_attribute("data-ready", "offline", timeout=20_000)
    assert len(phone.evaluate(FIELDS_IN_SIGHT)) <= MOST_FIELDS
    context.set_offline(True)
    finger.tap(phone.get_by_label("Nội dung")).press_sequentially("Học tập chuyên đề")
    finger.tap(phone.get_by_text("Có mặt đủ, trừ…"))
    finger.tap(phone.get_by_label(ABSENT, exact=True))
    expect(phone.locator("[data-roll-count]")).to_have_text("2")
    finger.tap(phone.get_by_role("button", name="Ghi vào biên bản"))
    assert finger.taps <= MOST_TAPS
    expect(phone.get_by_text("đã giữ trên máy; sẽ gửi khi có mạng")).to_be_visible()
    assert not StudySession.objects.exists()
    phone.reload()
    expect(phone.get_by_text("đã giữ trên máy; sẽ gửi khi có mạng")).to_be_visible()
    context.set_offline(False)
    expect(phone.get_by_text("Đã gửi và lưu lúc")).to_be_visible()
    phone.reload()
    assert recorded() == ("held", "Học tập chuyên đề", {"Lò Văn An", "Trần Thị Cúc"})


@pytest.mark.slow
def test_with_a_network_the_meeting_is_shown_at_once(phone: Page, live_server: Any, said: list[str]) -> None:
    phone.goto(f"{live_server.url}/hoi-nghi/ghi-nhan/")
    phone.get_by_role("radio", name="Chuyên đề").check()
    phone.get_by_label("Nội dung").fill("Chuyên đề năm nay")
    phone.get_by_role("button", name="Ghi vào biên bản").click()
    expect(phone.get_by_text("Đã lưu lúc")).to_be_visible()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Chuyên đề năm nay")
    session = StudySession.objects.get()
    assert session.kind == "thematic_meeting"
    assert [theme.name_vi for theme in session.themes.all()] == ["Chuyên đề năm nay"]
    assert session.attendances.count() == 3
    assert said == []


@pytest.mark.slow
def test_a_refused_entry_comes_back_with_everything_typed(phone: Page, live_server: Any) -> None:
    phone.goto(f"{live_server.url}/hoi-nghi/ghi-nhan/")
    phone.get_by_role("textbox", name="Ngày").fill(day_text(today() + timedelta(days=3)))
    phone.get_by_label("Nội dung").fill("Sinh hoạt tháng sau")
    phone.get_by_text("Có mặt đủ, trừ…").click()
    phone.get_by_label(ABSENT, exact=True).click()
    phone.get_by_role("button", name="Ghi vào biên bản").click()
    expect(phone.get_by_role("alert")).to_contain_text("Chưa đến ngày")
    expect(phone.get_by_label("Nội dung")).to_have_value("Sinh hoạt tháng sau")
    expect(phone.get_by_label(ABSENT, exact=True)).not_to_be_checked()
    phone.get_by_role("textbox", name="Ngày").fill(day_text(today()))
    phone.get_by_role("button", name="Ghi vào biên bản").click()
    expect(phone.get_by_text("Đã lưu lúc")).to_be_visible()
    assert recorded()[1] == "Sinh hoạt tháng sau"


@pytest.mark.slow
def test_the_meeting_is_recorded_without_javascript(
    browser: Any, live_server: Any, sign_in: SignIn, cell: OrgUnit
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN", java_script_enabled=False)
    sign_in(context, make_user(Role.CELL_DEPUTY, cell))
    page = context.new_page()
    page.goto(f"{live_server.url}/hoi-nghi/ghi-nhan/")
    page.get_by_label("Nội dung").fill("Sinh hoạt chi bộ")
    page.get_by_text("Có mặt đủ, trừ…").click()
    page.get_by_label(ABSENT, exact=True).click()
    page.get_by_role("button", name="Ghi vào biên bản").click()
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()
    assert recorded()[2] == {"Lò Văn An", "Trần Thị Cúc"}
    context.close()


@pytest.fixture
def yesterday(cell: OrgUnit) -> str:
    """Yesterday, when one more belonged to the cell, and one who belongs to it today did not yet."""
    Membership.objects.filter(person=make_person(cell, "Quàng Văn Đi")).update(during=DateRange(FIRST_DAY, today()))
    Membership.objects.filter(person=make_person(cell, "Hà Thị Đến")).update(during=DateRange(today(), None))
    return day_text(today() - timedelta(days=1))


def test_the_list_follows_the_day_that_is_typed_and_keeps_every_tick(
    phone: Page, context: BrowserContext, live_server: Any, yesterday: str
) -> None:
    phone.goto(f"{live_server.url}/hoi-nghi/ghi-nhan/")
    day = phone.get_by_role("textbox", name="Ngày")
    phone.get_by_text("Có mặt đủ, trừ…").click()
    phone.get_by_label(ABSENT, exact=True).click()
    phone.get_by_label("Hà Thị Đến", exact=True).click()
    day.fill(yesterday)
    phone.get_by_label("Nội dung").fill("Sinh hoạt hôm qua")
    expect(phone.get_by_text(f"Danh sách ngày {yesterday}")).to_be_visible()
    expect(phone.get_by_label("Quàng Văn Đi", exact=True)).to_be_checked()
    expect(phone.get_by_label(ABSENT, exact=True)).not_to_be_checked()
    expect(phone.locator("[data-roll-count]")).to_have_text("3")
    context.set_offline(True)
    day.fill(day_text(today()))
    phone.get_by_label("Nội dung").click()
    expect(phone.get_by_text("Chưa lấy được danh sách")).to_be_visible()
    expect(phone.get_by_text(f"Danh sách ngày {yesterday}")).to_be_visible()
    context.set_offline(False)
    phone.get_by_role("button", name="Lấy danh sách của ngày đã nhập").click()
    expect(phone.get_by_label("Hà Thị Đến", exact=True)).not_to_be_checked()
    expect(phone.get_by_text("Chưa lấy được danh sách")).to_be_hidden()
    day.fill(yesterday)
    phone.get_by_label("Nội dung").click()
    expect(phone.get_by_label("Quàng Văn Đi", exact=True)).to_be_checked()
    phone.get_by_role("button", name="Ghi vào biên bản").click()
    expect(phone.get_by_text("Đã lưu lúc")).to_be_visible()
    assert recorded()[2] == {"Lò Văn An", "Trần Thị Cúc", "Quàng Văn Đi"}


@pytest.mark.slow
def test_an_entry_made_without_a_network_on_todays_list_comes_back_to_be_checked(
    phone: Page, context: BrowserContext, live_server: Any, yesterday: str
) -> None:
    phone.goto(f"{live_server.url}/hoi-nghi/ghi-nhan/")
    expect(phone.locator(".outbox")).to_have_attribute("data-ready", "offline", timeout=20_000)
    context.set_offline(True)
    phone.get_by_role("textbox", name="Ngày").fill(yesterday)
    phone.get_by_label("Nội dung").fill("Sinh hoạt hôm qua")
    phone.get_by_text("Có mặt đủ, trừ…").click()
    phone.get_by_label(ABSENT, exact=True).click()
    phone.get_by_role("button", name="Ghi vào biên bản").click()
    expect(phone.get_by_text("đã giữ trên máy; sẽ gửi khi có mạng")).to_be_visible()
    context.set_offline(False)
    phone.get_by_role("link", name="Mở lại để sửa").click()
    expect(phone.get_by_role("alert")).to_contain_text(f"danh sách ngày {yesterday}")
    expect(phone.get_by_label(ABSENT, exact=True)).not_to_be_checked()
    phone.get_by_role("button", name="Ghi vào biên bản").click()
    expect(phone.get_by_text("Đã lưu lúc")).to_be_visible()
    assert recorded()[2] == {"Lò Văn An", "Trần Thị Cúc", "Quàng Văn Đi"}


@pytest.mark.slow
def test_without_javascript_a_button_brings_the_list_of_the_day(
    browser: Any, live_server: Any, sign_in: SignIn, cell: OrgUnit, yesterday: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN", java_script_enabled=False)
    sign_in(context, make_user(Role.CELL_DEPUTY, cell))
    page = context.new_page()
    page.goto(f"{live_server.url}/hoi-nghi/ghi-nhan/")
    page.get_by_role("textbox", name="Ngày").fill(yesterday)
    page.get_by_role("button", name="Lấy danh sách của ngày đã nhập").click()
    expect(page.get_by_text(f"Danh sách ngày {yesterday}")).to_be_visible()
    expect(page.get_by_label("Quàng Văn Đi", exact=True)).to_be_checked()
    page.get_by_label("Nội dung").fill("Sinh hoạt hôm qua")
    page.get_by_label("Nội dung").press("Enter")
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()
    assert recorded()[2] == {"Lò Văn An", "Trần Thị Cúc", "Quàng Văn Đi", ABSENT}
    context.close()
