"""The roster's pages by plain forms: masking, recording, lists of one and three rows, files out and in."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.models import ImportRun
from langsen.foundation.people.models import Person
from tests.factories import make_person, make_tree, make_user

pytestmark = pytest.mark.django_db
BASE = "/can-bo-dang-vien/"
NAUGHTY = [
    "<script>alert(1)</script> An",
    "Lò'; DROP TABLE people_person;-- An",
    "{{ 7|add:7 }} An",
    "=cmd|' /C calc'!A0",
    "H'Mông Ẽn",
    "Ｌò Ｖăn Ân",
    "𝕷ò Văn",
    "ß" * 120,
    "Nguyễn\u0000\u0007 Thị\u200b Ổi\u202e",
    "السلام عليكم",
    "👩‍👩‍👧 An",
]


@pytest.fixture
def tree(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    return make_tree(TI=("province", None), XA=("agencies", "TI"), C1=("cell", "XA"), C2=("cell", "XA"))


@pytest.fixture
def secretary(client, tree):
    user = make_user("cell_secretary", tree["C1"])
    client.force_login(user)
    return user


def born(person):
    Person.objects.filter(pk=person.pk).update(born_on=date(1983, 9, 22), joined_on=date(2019, 2, 3))
    return person


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_shows_its_people_with_few_questions(client, secretary, tree, number, django_assert_max_num_queries):
    for index in range(number):
        make_person(tree["C1"], f"Lò Văn Số {index}")
    make_person(tree["C2"], "Lò Văn Khác")
    with django_assert_max_num_queries(40):
        page = client.get(BASE, {"q": "lo van so"}).content.decode()
    assert page.count("Lò Văn Số") == number
    assert "Lò Văn Khác" not in page


def test_days_are_masked_until_asked_for_and_each_reading_is_recorded(client, secretary, tree):
    person = born(make_person(tree["C1"], "Lò Thị Mây"))
    page = client.get(f"{BASE}{person.pk}/").content.decode()
    assert "••/••/2019" in page and "22/9/1983" not in page and "3/2/2019" not in page
    assert not AuditEvent.objects.filter(verb="person.sensitive_read").exists()
    page = client.post(f"{BASE}{person.pk}/hien/").content.decode()
    assert "22/9/1983" in page and "3/2/2019" in page
    assert AuditEvent.objects.get(verb="person.sensitive_read").data == {"fields": ["born_on", "joined_on"]}


def test_an_export_masks_unless_asked_for_and_is_recorded(client, secretary, tree):
    born(make_person(tree["C1"], "=Lò Thị Mây"))
    for method, expected in ((client.get, "1983"), (client.post, date(1983, 9, 22))):
        content = method(f"{BASE}xuat.xlsx").content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert rows[-1][0] == "=Lò Thị Mây"
        assert rows[-1][1] == expected
    assert AuditEvent.objects.filter(verb="people.exported").count() == 2


def test_an_empty_masked_field_keeps_what_is_held(client, secretary, tree):
    person = born(make_person(tree["C1"], "Lò Thị Mây"))
    form = client.get(f"{BASE}{person.pk}/sua/").content.decode()
    assert "22/9/1983" not in form.replace("Ví dụ 22/9/1983", "")
    client.post(f"{BASE}{person.pk}/sua/", {"full_name": "Lò Thị Mây", "sex": "f"})
    person.refresh_from_db()
    assert (person.sex, person.born_on, person.joined_on) == ("f", date(1983, 9, 22), date(2019, 2, 3))


@pytest.mark.parametrize("name", NAUGHTY)
def test_names_nobody_expects_are_kept_shown_and_found_or_refused_in_words(client, secretary, tree, name):
    data = {"full_name": name, "org_unit": "C1", "person_class": "full_member", "from_on": "1/1/2024"}
    answer = client.post(f"{BASE}them/", data)
    assert answer.status_code in {302, 422}
    if answer.status_code == 302:
        person = Person.objects.get()
        page = client.get(BASE, {"q": person.full_name})
        assert page.status_code == 200
        assert b"<script>alert" not in page.content
        assert client.get(f"{BASE}{person.pk}/").status_code == 200


def test_a_very_long_name_is_refused_in_words(client, secretary, tree):
    data = {"full_name": "a" * 10_000, "org_unit": "C1", "person_class": "full_member", "from_on": "1/1/2024"}
    answer = client.post(f"{BASE}them/", data)
    assert answer.status_code == 422
    assert not Person.objects.exists()


def test_a_likely_double_is_asked_about_before_it_is_added(client, secretary, tree):
    make_person(tree["C1"], "Lò Thị Mây")
    data = {"full_name": "Lo Thi May", "org_unit": "C1", "person_class": "full_member", "from_on": "1/1/2024"}
    answer = client.post(f"{BASE}them/", data)
    assert answer.status_code == 422 and Person.objects.count() == 1
    assert client.post(f"{BASE}them/", data | {"is_other": "on"}).status_code == 302
    assert Person.objects.count() == 2


def test_our_template_filled_in_is_imported_through_the_pages_and_a_retry_does_not_double(client, secretary, tree):
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{BASE}nhap/mau.xlsx").content))
    heads = book.get_sheet_by_index(0).to_python()[-1]
    assert heads == ["Họ và tên", "Ngày sinh", "Giới tính", "Chi bộ", "Ngày vào Đảng", "Ngày chính thức", "Chức vụ"]
    import xlsxwriter

    stream = io.BytesIO()
    filled = xlsxwriter.Workbook(stream)
    sheet = filled.add_worksheet()
    sheet.write_row(0, 0, heads)
    sheet.write_row(1, 0, ["Lò Thị Mây", "22/9/1983", "Nữ", "", "3/2/2015", "3/2/2016", ""])
    filled.close()
    upload = SimpleUploadedFile("../../ds.xlsx", stream.getvalue())
    answer = client.post(f"{BASE}nhap/", {"unit": tree["C1"].pk, "file": upload})
    where = answer["Location"]
    assert ImportRun.objects.get().file_name == "ds.xlsx"
    assert "Nhập 1 dòng đúng" in client.get(where).content.decode()
    for _click in range(2):
        assert client.post(where, {"action": "apply"}).status_code == 302
    assert Person.objects.count() == 1
    assert "Đã nhập 1 dòng" in client.get(where).content.decode()


def test_a_file_that_is_no_workbook_is_answered_in_words_on_the_form(client, secretary, tree):
    upload = SimpleUploadedFile("ds.xlsx", b"ho ten,ngay sinh\n")
    answer = client.post(f"{BASE}nhap/", {"unit": tree["C1"].pk, "file": upload})
    assert answer.status_code == 422
    assert "không phải" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_everything_held_about_me_is_shown_to_me_unmasked(client, tree):
    user = make_user("member", tree["C1"])
    born(make_person(tree["C1"], "Lò Thị Mây", user=user))
    client.force_login(user)
    page = client.get(f"{BASE}toi/").content.decode()
    assert "22/9/1983" in page
    assert client.post(f"{BASE}toi/de-nghi/", {"text": "Sai ngày sinh"}).status_code == 302
    assert "Sai ngày sinh" in client.get(f"{BASE}toi/").content.decode()
    assert client.get(BASE).status_code == 403
