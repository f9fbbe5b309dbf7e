"""An inbox with something in it, the desk that shows it, and the button that reminds, with and without JavaScript."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.services import system_user
from langsen.foundation.notifications.enums import MailState
from langsen.foundation.notifications.models import Notice
from langsen.foundation.notifications.services import notify_unit
from tests.browser.conftest import SignIn
from tests.browser.looking import faults_at
from tests.factories import make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None) -> dict[str, Any]:
    """A commune officer with new, read and undelivered notices, and a grassroots organisation that records nothing."""
    tree = make_tree(TI=("province", None), XA=("agencies", "TI"), CS=("grassroots_committee", "XA"))
    officer = make_user("commune_officer", tree["XA"], "can-bo")
    officer.email = "can.bo@xa.example"
    officer.save()
    words = "Đề nghị đồng chí gửi báo cáo sáu tháng đầu năm về việc học tập và làm theo tư tưởng, đạo đức, phong cách"
    for number in range(4):
        notify_unit(
            tree["XA"],
            holding=Permission.STUDY_RECORD,
            kind="test",
            subject=f"{words} {number}",
            text="- 30/6/2026: báo cáo\n- " + "dài" * 60,
            by=system_user(),
        )
    rows = list(Notice.objects.order_by("id"))
    Notice.objects.filter(pk=rows[0].pk).update(read_at=rows[0].created_at)
    Notice.objects.filter(pk=rows[1].pk).update(mail_state=MailState.FAILED, mail_error="550 no such mailbox")
    return {"officer": officer, "secretary": make_user("grassroots_secretary", tree["CS"], "bi-thu"), "notice": rows[2]}


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_pages_are_accessible_and_fit(
    browser: Browser, live_server: Any, sign_in: SignIn, world: dict[str, Any], width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="vi-VN", bypass_csp=True)
    sign_in(context, world["officer"])
    page, faults = context.new_page(), list[str]()
    addresses = ["/", reverse("notices:inbox"), reverse("notices:mail"), reverse("office:slow")]
    for address in [*addresses, reverse("notices:open", args=[world["notice"].pk])]:
        faults += faults_at(page, live_server.url + address)
    assert faults == []
    context.close()


def test_a_unit_is_reminded_without_javascript_and_hears_of_it(
    browser: Browser, live_server: Any, sign_in: SignIn, world: dict[str, Any]
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    sign_in(context, world["officer"])
    page = context.new_page()
    page.goto(live_server.url + reverse("office:slow"))
    page.get_by_role("button", name="Đôn đốc").click()
    expect(page.get_by_role("status")).to_contain_text("1 người")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chậm triển khai")
    expect(page.get_by_text("Đã đôn đốc lúc")).to_be_visible()
    context.close()
    hearer = browser.new_context(java_script_enabled=False, locale="vi-VN")
    sign_in(hearer, world["secretary"])
    page = hearer.new_page()
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Đề nghị ghi nhận các buổi học tập").first.click()
    expect(page).to_have_url(live_server.url + reverse("study:record"))
    page.goto(live_server.url + reverse("notices:inbox"))
    expect(page.get_by_text("mới", exact=True)).to_have_count(0)
    hearer.close()
