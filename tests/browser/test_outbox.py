"""What a phone does with an entry when the network, the server or the session goes away."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, Route, expect

from langsen.foundation.accounts.models import User
from tests.browser.conftest import SignIn

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.outbox_urls"),
]

KEPT = "Chưa gửi được, đã giữ trên máy; sẽ gửi khi có mạng."


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("thu", "mat-khau-dai-lam", display_name="Lò Thị Thử")


@pytest.fixture
def form(page: Page, context: BrowserContext, live_server: Any, sign_in: SignIn, user: User) -> Iterator[Page]:
    """The recording page, opened by a person who is signed in, and kept by the service worker."""
    sign_in(context, user)
    page.goto(f"{live_server.url}/ghi/")
    expect(page.locator(".outbox")).to_have_attribute("data-ready", "offline")
    yield page


def send(page: Page, title: str) -> None:
    page.get_by_label("Nội dung").fill(title)
    page.get_by_role("button", name="Lưu").click()


def recorded() -> list[str]:
    return sorted(User.objects.filter(username__startswith="ghi-").values_list("display_name", flat=True))


def test_with_a_network_the_entry_is_saved_and_its_answer_followed(form: Page, said: list[str]) -> None:
    send(form, "Sinh hoạt")
    form.wait_for_url("**/xong/")
    expect(form.get_by_text("Đã lưu lúc")).to_be_visible()
    assert recorded() == ["Sinh hoạt"]
    assert said == []


def test_offline_then_reload_then_online_it_arrives_once(form: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    send(form, "Trên núi")
    expect(form.get_by_text(KEPT)).to_be_visible()
    expect(form.get_by_label("Nội dung")).to_have_value("")
    form.reload()
    expect(form.get_by_text(KEPT)).to_be_visible()
    assert recorded() == []
    context.set_offline(False)
    expect(form.get_by_text("Đã gửi và lưu lúc")).to_be_visible()
    form.reload()
    expect(form.get_by_text(KEPT)).to_be_hidden()
    assert recorded() == ["Trên núi"]


def test_two_entries_offline_are_two(form: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    for title in ("Buổi một", "Buổi hai"):
        send(form, title)
        expect(form.get_by_label("Nội dung")).to_have_value("")
    context.set_offline(False)
    expect(form.get_by_text("Đã gửi và lưu lúc")).to_have_count(2)
    assert recorded() == ["Buổi hai", "Buổi một"]


def test_an_answer_lost_on_the_way_does_not_double(form: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    form.route("**/ghi/", lose, times=1)
    send(form, "Mất trả lời")
    expect(form.get_by_text(KEPT)).to_be_visible()
    assert recorded() == ["Mất trả lời"]
    form.get_by_role("button", name="Gửi ngay").click()
    expect(form.get_by_text("Đã gửi và lưu lúc")).to_be_visible()
    assert recorded() == ["Mất trả lời"]


def test_a_form_with_an_error_comes_back_with_what_was_typed(form: Page) -> None:
    send(form, "Họp")
    expect(form.get_by_role("alert")).to_contain_text("Đồng chí ghi rõ hơn.")
    expect(form.get_by_label("Nội dung")).to_have_value("Họp")
    send(form, "Họp chi bộ")
    form.wait_for_url("**/xong/")
    assert recorded() == ["Họp chi bộ"]


def test_a_session_that_ended_keeps_the_entry_until_the_next_sign_in(form: Page, live_server: Any) -> None:
    Session.objects.all().delete()
    send(form, "Hết phiên")
    expect(form.get_by_text("Phiên đăng nhập đã hết")).to_be_visible()
    assert recorded() == []
    form.get_by_role("link", name="Đăng nhập").click()
    form.get_by_label("Tên đăng nhập").fill("thu")
    form.get_by_label("Mật khẩu").fill("mat-khau-dai-lam")
    form.get_by_role("button", name="Đăng nhập").click()
    expect(form.get_by_text("Đã gửi và lưu lúc")).to_be_visible()
    assert recorded() == ["Hết phiên"]


def test_another_person_on_the_same_phone_sends_nothing_of_it(
    form: Page, context: BrowserContext, live_server: Any, sign_in: SignIn, user: User
) -> None:
    context.set_offline(True)
    send(form, "Của người trước")
    expect(form.get_by_text(KEPT)).to_be_visible()
    context.clear_cookies()
    sign_in(context, User.objects.create_user("khac", display_name="Người khác"))
    context.set_offline(False)
    expect(form.get_by_text("Phiên đăng nhập đã hết")).to_be_visible()
    form.goto(f"{live_server.url}/xong/")
    form.wait_for_timeout(800)
    assert recorded() == []
    expect(form.get_by_text(KEPT)).to_be_hidden()
    context.clear_cookies()
    sign_in(context, user)
    form.goto(f"{live_server.url}/xong/")
    expect(form.get_by_text("Đã gửi và lưu lúc")).to_be_visible()
    assert recorded() == ["Của người trước"]


def test_without_javascript_the_same_form_records_once(
    browser: Any, live_server: Any, sign_in: SignIn, user: User
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    sign_in(context, user)
    page = context.new_page()
    page.goto(f"{live_server.url}/ghi/")
    hidden = {name: page.locator(f"main [name={name}]").input_value() for name in ("client_id", "csrfmiddlewaretoken")}
    send(page, "Không có JS")
    page.wait_for_url("**/xong/")
    again = context.request.post(f"{live_server.url}/ghi/", form={**hidden, "title": "Không có JS"})
    assert "không lưu lần thứ hai" in again.text()
    assert recorded() == ["Không có JS"]
    context.close()


def test_signing_out_forgets_the_kept_pages(form: Page) -> None:
    form.locator("details.menu summary").click()
    form.locator(".menu-panel").get_by_role("button", name="Đăng xuất").click()
    form.wait_for_url(lambda address: "/dang-nhap/" in address or address.endswith("/"))
    assert form.evaluate("async () => (await caches.has('langsen-pages'))") is False
