"""The pages of the roster as people see them: readable, fitting, complete."""

import io
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, expect

from langsen.foundation.accounts.services import system_user
from langsen.foundation.people import services
from langsen.foundation.people.models import Person
from tests.browser.conftest import SignIn
from tests.browser.looking import faults_at, faults_shown
from tests.factories import make_person, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HEAD = [
    "STT",
    "Họ và tên đảng viên",
    "Ngày tháng năm sinh",
    "GT",
    "Chi bộ",
    "Ngày kết nạp",
    "Ngày chính thức",
    "Chức vụ",
]
ROWS = [
    [1, "Lò Thị Mây", "22/9/1983", "Nữ", "C1", "3/2/2015", "3/2/2016", "Bí thư chi bộ"],
    [2, "Vàng A Páo", "31/2/1975", "Nam", "C1", "", "", ""],
    [3, "Giàng Thị Dở", "1990", "Nữ", "C9", "", "", ""],
    [4, "Hoàng Văn Sự", "1/5/1971", "Nam", "C2", "19/5/1999", "19/5/2000", ""],
]


def _workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("DS")
    sheet.merge_range(0, 0, 0, 7, "DANH SÁCH ĐẢNG VIÊN ĐẢNG BỘ XÃ BẢN MỚI")
    for number, row in enumerate([HEAD, *ROWS], start=2):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    settings.FILES_DIR = tmp_path
    tree = make_tree(TI=("province", None), XA=("agencies", "TI"), C1=("cell", "XA"), C2=("cell", "XA"))
    user = make_user("organisation_officer", tree["XA"], "can-bo")
    for name in ("Nguyễn Thị Ánh", "Lò Văn Ân", "Tòng Thị Bạc", "Hoàng Văn Sự", "Phùng Thị Đào"):
        make_person(tree["C2"], name)
    person = make_person(tree["C1"], "Lù Thị Mai Hương", "probationary_member", user=user)
    Person.objects.filter(pk=person.pk).update(born_on=date(1983, 9, 22), joined_on=date(2024, 2, 3), sex="f")
    by = system_user()
    services.give_post(person, org_unit=tree["C1"], title="Chi ủy viên", from_on=date(2024, 5, 1), by=by)
    services.exempt_person(person, reason="maternity", from_on=date(2025, 1, 1), last_on=date(2025, 6, 30), by=by)
    request = services.ask_correction(person, text="Ngày vào Đảng đúng là 5/2/2024.", by=user)
    return {"user": user, "person": person, "request": request, "cell": tree["C1"]}


def _addresses(world: dict[str, Any]) -> dict[str, str]:
    base, person = "/can-bo-dang-vien/", world["person"]
    membership, post = person.memberships.get().pk, person.posts.get().pk
    own = f"{base}{person.pk}/"
    return {
        "roster": base,
        "roster-filtered": f"{base}?q=an&unit=C2&person_class=full_member",
        "roster-empty": f"{base}?q=khong-co-ai",
        "person": own,
        "print": f"{own}in/",
        "change": f"{own}sua/",
        "transfer": f"{own}chuyen/{membership}/",
        "end": f"{own}ket-thuc/{membership}/",
        "end-post": f"{own}chuc-vu/{post}/",
        "exempt": f"{own}mien/",
        "add": f"{base}them/",
        "import": f"{base}nhap/",
        "me": f"{base}toi/",
        "ask": f"{base}toi/de-nghi/",
        "corrections": f"{base}de-nghi/",
        "correction": f"{base}de-nghi/{world['request'].pk}/",
    }


def _shot(page: Page, name: str, width: int) -> None:
    """Keep a picture where `LANGSEN_SHOTS` says, for looking at the pages."""
    folder = os.environ.get("LANGSEN_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("width", [390, 1366])
def test_pages_are_accessible_and_fit(
    browser: Browser, live_server: Any, sign_in: SignIn, world: dict[str, Any], width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="vi-VN", bypass_csp=True)
    sign_in(context, world["user"])
    page = context.new_page()
    faults = list[str]()
    for name, address in _addresses(world).items():
        faults += faults_at(page, live_server.url + address, name)
        _shot(page, name, width)
    page.goto(f"{live_server.url}/can-bo-dang-vien/nhap/")
    page.set_input_files("input[type=file]", {"name": "ds.xlsx", "mimeType": "application/x", "buffer": _workbook()})
    page.get_by_role("button", name="Đọc tệp").click()
    for show in ("rejected", "doubtful", "new", "unchanged"):
        page.goto(f"{page.url.split('?')[0]}?show={show}")
        page.locator("details summary").last.click()
        faults += faults_shown(page, show)
    assert faults == []
    context.close()


@pytest.mark.parametrize("width", [390, 1366])
def test_a_list_is_imported_without_javascript(
    browser: Browser, live_server: Any, sign_in: SignIn, world: dict[str, Any], width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, locale="vi-VN", java_script_enabled=False, accept_downloads=True
    )
    sign_in(context, world["user"])
    page = context.new_page()
    page.goto(f"{live_server.url}/can-bo-dang-vien/nhap/")
    page.set_input_files("input[type=file]", {"name": "ds.xlsx", "mimeType": "application/x", "buffer": _workbook()})
    page.get_by_role("button", name="Đọc tệp").click()
    _shot(page, "preview", width)
    expect(page.get_by_text("C5", exact=True)).to_be_visible()
    page.get_by_role("link", name="Chờ đồng chí quyết định").click()
    _shot(page, "preview-doubtful", width)
    page.get_by_label("Là một").first.check()
    page.get_by_role("button", name="Lưu câu trả lời").click()
    page.get_by_role("button", name="Nhập 2 dòng đúng").click()
    _shot(page, "result", width)
    expect(page.get_by_text("2 dòng chưa đúng, chưa nhập")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải danh sách dòng lỗi").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert Person.objects.filter(folded="lo thi may").count() == 1
    context.close()
