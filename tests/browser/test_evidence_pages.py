"""Attaching photos in a real browser: on a phone, several at once, told before sending what would be refused."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from langsen.registers.study.models import StudySession
from tests import evidence_samples as samples
from tests.browser.conftest import SignIn
from tests.factories import make_session, make_unit, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(settings: Any, tmp_path: Path) -> StudySession:
    settings.FILES_DIR = tmp_path / "files"
    return make_session(make_unit("C1", name="Chi bộ bản Nậm Cáy"), title="Sinh hoạt chuyên đề tháng 5")


def _made(folder: Path, **contents: bytes) -> list[str]:
    names = []
    for name, content in contents.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content)
        names.append(str(path))
    return names


def _enter(page: Page, sign_in: SignIn, session: StudySession, live_server: Any) -> None:
    sign_in(page.context, make_user("cell_secretary", session.org_unit, display_name="Lò Thị Mây"))
    page.goto(live_server.url + reverse("study:session", args=[session.pk]))
    page.get_by_role("link", name="Đính kèm hình ảnh, tài liệu").click()


def test_photos_from_a_phone(
    page: Page, sign_in: SignIn, session: StudySession, live_server: Any, tmp_path: Path, said: list[str]
) -> None:
    _enter(page, sign_in, session, live_server)
    expect(page.get_by_text("Không đưa tài liệu mật vào hệ thống này.")).to_be_visible()
    chosen = _made(tmp_path, a_jpg=samples.photo(900, 700), b_png=samples.drawn("PNG"), c_pdf=samples.pdf())
    page.locator("input[name=chosen]").set_input_files(chosen)
    page.get_by_label("Chú thích").fill("Quang cảnh")
    page.get_by_role("button", name="Đính kèm").click()
    expect(page.get_by_text("Đã đính kèm 3 tệp.")).to_be_visible()
    pictures = page.locator(".pictures img")
    expect(pictures).to_have_count(2)
    for place in range(2):
        pictures.nth(place).scroll_into_view_if_needed()
        page.wait_for_function(
            "image => image.complete && image.naturalWidth > 0", arg=pictures.nth(place).element_handle()
        )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert said == []


def test_too_many_are_told_before_anything_is_sent(
    page: Page, sign_in: SignIn, session: StudySession, live_server: Any, tmp_path: Path, settings: Any
) -> None:
    settings.EVIDENCE_FILES = 2
    _enter(page, sign_in, session, live_server)
    chosen = _made(tmp_path, **{f"a{number}_jpg": samples.photo(40 + number, 30) for number in range(3)})
    page.locator("input[name=chosen]").set_input_files(chosen)
    expect(page.get_by_role("alert")).to_contain_text("Đồng chí chọn 3 tệp; ở đây chỉ nhận thêm được 2.")
    page.get_by_role("button", name="Đính kèm").click()
    assert page.url.endswith("/tai-lieu/")
    assert session.evidence.count() == 0
    page.locator("input[name=chosen]").set_input_files(chosen[:2])
    page.get_by_role("button", name="Đính kèm").click()
    expect(page.get_by_text("Đã đính kèm 2 tệp.")).to_be_visible()


def test_without_javascript(
    browser: Browser, sign_in: SignIn, session: StudySession, live_server: Any, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    _enter(page, sign_in, session, live_server)
    page.locator("input[name=chosen]").set_input_files(_made(tmp_path, a_jpg=samples.photo(), b_jpg=b"MZ\x90"))
    page.get_by_role("button", name="Đính kèm").click()
    expect(page.get_by_text("b.jpg: Đây là một chương trình")).to_be_visible()
    page.get_by_role("link", name="Quay lại", exact=True).click()
    page.get_by_role("link", name="Gỡ").click()
    page.get_by_label("Lý do gỡ").fill("Chụp nhầm")
    page.get_by_role("button", name="Gỡ tệp").click()
    expect(page.get_by_text("Đã gỡ tệp.")).to_be_visible()
    context.close()
