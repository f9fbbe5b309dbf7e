"""The organisation officer merges two communes on the page, in both directions of time: looks first, then confirms."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.orgs.models import OrgChange, OrgUnit
from langsen.foundation.orgs.queries import home_of
from langsen.registers.study.bulk import NewPoint
from tests.browser.conftest import SignIn
from tests.factories import make_person, make_session, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer(transactional_db: None) -> User:
    units = make_tree(
        MS=("province", None),
        H1=("agencies", "MS"),
        A=("grassroots_committee", "H1"),
        B=("grassroots_committee", "H1"),
        A1=("cell", "A"),
        B1=("cell", "B"),
    )
    make_person(units["A"], "Lò Văn An")
    for code, present in (("A", 12), ("B", 30)):
        point = NewPoint(units[code], {"members": present}, is_main=True)
        make_session(units[code], date(2025, 8, 12), points=[point])
    make_user(Role.GRASSROOTS_SECRETARY, units["A"], display_name="Vàng A Chung")
    return make_user(Role.ORGANISATION_OFFICER, units["MS"])


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(request: Any, browser: Browser, live_server: Any, sign_in: SignIn, officer: User) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="vi-VN",
        base_url=live_server.url,
        java_script_enabled=request.param,
    )
    sign_in(context, officer)
    yield context.new_page()
    context.close()


def test_two_communes_merge_from_the_first_of_july(page: Page, request: pytest.FixtureRequest) -> None:
    page.goto("/to-chuc/A/")
    page.get_by_role("link", name="Hợp nhất, sáp nhập").click()
    page.get_by_label("Đơn vị B (B)").check()
    page.get_by_label("Mã đơn vị mới").fill("xm")
    page.get_by_label("Tên đơn vị mới").fill("Đảng ủy xã Mới")
    page.get_by_label("Loại của đơn vị mới").select_option("commune")
    page.get_by_label("Cấp trên của đơn vị mới").fill("ms")
    page.locator("[name=effective_on]").fill("1/7/2025")
    page.locator("[name=decision_number]").fill("12-QĐ/TU")
    page.locator("[name=decided_on]").fill("20/6/2025")
    page.get_by_role("button", name="Xem những thay đổi").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Hợp nhất")
    before, after = page.locator("#before"), page.locator("#after")
    expect(before).to_contain_text("Đơn vị B")
    expect(after).to_contain_text("Đảng ủy xã Mới")
    expect(after).not_to_contain_text("Đơn vị B (")
    for words in ("Vàng A Chung", "Lò Văn An", "Ngày hiệu lực đã qua", "12/8/2025"):
        expect(page.locator("#changes")).to_contain_text(words)
    assert not OrgUnit.objects.filter(code="XM").exists()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if "with script" in request.node.name:  # axe itself is a script
        faults = Axe().run(page)
        assert faults.violations_count == 0, faults.generate_report()

    # Back to the facts and forth again: nothing typed is lost.
    page.get_by_role("button", name="Sửa lại").click()
    expect(page.get_by_label("Tên đơn vị mới")).to_have_value("Đảng ủy xã Mới")
    expect(page.get_by_label("Đơn vị B (B)")).to_be_checked()
    page.get_by_role("button", name="Xem những thay đổi").click()
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_text("Đã ghi nhận thay đổi tổ chức").first).to_be_visible()

    heir = OrgUnit.objects.get(code="XM")
    assert {home_of(OrgUnit.objects.get(code=code)) for code in ("A", "B")} == {heir}
    assert OrgChange.objects.filter(operation="merge", effective_on=date(2025, 7, 1)).count() == 1
    page.goto("/to-chuc/XM/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đảng ủy xã Mới")
