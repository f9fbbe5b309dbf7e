"""The frame around every page: menu, text size, addresses of files, and the error pages as they are served."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.templatetags.static import static
from django.test import Client

from langsen.config import shell
from langsen.foundation.access.enums import Role
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in() -> Client:
    client = Client()
    client.force_login(make_user(Role.CELL_SECRETARY, make_unit("C1", kind="grassroots_cell")))
    return client


def test_the_menu_shows_what_the_person_may_open(signed_in: Client) -> None:
    page = signed_in.get("/tai-khoan/phien/").content.decode()
    assert 'href="/hoi-nghi/"' in page
    assert 'href="/can-bo-dang-vien/"' in page
    assert 'href="/nhat-ky/"' not in page
    assert 'href="/phan-quyen/"' not in page


def test_every_menu_line_leads_to_a_page() -> None:
    entries = [entry for _title, group in shell.MENU for entry in group] + list(shell.ACCOUNT_LINKS)
    assert [entry.url_name for entry in entries if shell.address_of(entry.url_name) is None] == []


def test_the_office_stands_before_the_brand(signed_in: Client, settings: Any) -> None:
    settings.OFFICE_TITLE = "Ban Xây dựng Đảng xã Bản Mới"
    page = signed_in.get("/tai-khoan/phien/").content.decode()
    assert page.index("Ban Xây dựng Đảng xã Bản Mới") < page.index("Làng Sen")


@pytest.mark.parametrize(
    ("step", "size"), [("larger", "large"), ("normal", "normal"), ("smaller", "normal"), ("", "normal")]
)
def test_the_text_size_is_remembered(step: str, size: str) -> None:
    response = Client().post("/co-chu/", {"step": step, "next": "/tai-khoan/dang-nhap/"})
    assert response["Location"] == "/tai-khoan/dang-nhap/"
    assert response.cookies["langsen_text"].value == size


def test_the_text_size_leads_to_no_other_site() -> None:
    response = Client().post("/co-chu/", {"step": "larger", "next": "https://example.org/"})
    assert response["Location"] == "/"


def test_the_largest_letters_do_not_grow_further() -> None:
    client = Client()
    client.cookies["langsen_text"] = "largest"
    assert client.post("/co-chu/", {"step": "larger"}).cookies["langsen_text"].value == "largest"
    client.cookies["langsen_text"] = "<b>"
    assert 'data-text="normal"' in client.get("/tai-khoan/dang-nhap/").content.decode()


def test_addresses_of_files_change_with_their_content() -> None:
    assert "?v=" in static("langsen.css")
    assert "?v=" not in static("vendor/fonts/be-vietnam-pro-latin-400-normal.woff2")
    assert finders.find("sw.js")


def test_the_style_page_is_for_developers_only(signed_in: Client) -> None:
    assert settings.DEBUG is False
    assert signed_in.get("/style/").status_code == 404


def test_a_page_that_is_not_there_keeps_the_menu_for_who_is_signed_in(signed_in: Client) -> None:
    response = signed_in.get("/khong-co-trang-nay/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "Không tìm thấy nội dung, hoặc đồng chí không có quyền xem." in page
    assert 'href="/hoi-nghi/"' in page


def test_without_a_database_every_page_says_so(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_arguments: object, **_options: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    signed_in.raise_request_exception = False
    response = signed_in.get("/tai-khoan/phien/")
    assert response.status_code == 503
    assert "Kho dữ liệu tạm thời chưa trả lời" in response.content.decode()
    assert response["Retry-After"] == "10"


def test_a_form_without_its_token_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/co-chu/", {"step": "larger"})
    assert response.status_code == 403
    assert "Trang này đã mở quá lâu" in response.content.decode()
