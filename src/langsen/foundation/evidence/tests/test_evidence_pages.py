"""The pages of pictures and papers, through the study register: what the person sees, and what the files come with."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.evidence import storage
from langsen.foundation.evidence.services import attach_files, change_caption
from langsen.registers.study.exports import sessions_sheet
from langsen.registers.study.models import SessionEvidence, StudySession
from langsen.registers.study.services.sessions import cancel_session
from tests import evidence_samples as samples
from tests.evidence_samples import upload
from tests.factories import attach_photo, make_session, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
RULE = "Không đưa tài liệu mật vào hệ thống này."


@pytest.fixture
def cell():
    return make_unit("C1")


@pytest.fixture
def session(cell):
    return make_session(cell)


@pytest.fixture
def secretary(client: Client, cell):
    user = make_user("cell_secretary", cell, display_name="Lò Thị Mây")
    client.force_login(user)
    return user


def pages(session, page: str = "", row=None) -> str:
    return reverse(f"study:session_evidence{page}", args=[session.pk, *([row.pk] if row else [])])


def sent(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def attached(session, content: bytes, name: str, **options) -> SessionEvidence:
    options = {"permission": Permission.STUDY_RECORD, "by": system_user()} | options
    return attach_files(SessionEvidence, session, [upload(content, name)], **options).kept[0]


def test_the_way_from_the_list_to_a_picture(client, session, secretary) -> None:
    assert "tệp kèm theo" not in client.get(reverse("study:sessions")).content.decode()
    page = client.get(session.get_absolute_url()).content.decode()
    assert pages(session) in page
    form = client.get(pages(session)).content.decode()
    assert RULE in form
    assert 'accept="image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx"' in form
    assert 'capture="environment"' in form
    answer = client.post(
        pages(session),
        {
            "chosen": [sent(samples.photo(), "hội trường.jpg"), sent(samples.pdf(), "biên bản.pdf")],
            "camera": sent(samples.photo(300, 200), "image.jpg"),
            "caption": "Quang cảnh",
            "is_signed_paper": "on",
        },
        follow=True,
    )
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"{session.get_absolute_url()}#tai-lieu", 302)]
    assert "Đã đính kèm 3 tệp." in page
    assert page.count("nho.jpg") == 2
    assert page.count("văn bản đã ký") >= 3
    for words in ("biên bản.pdf", "Lò Thị Mây", "Quang cảnh", "đính kèm hình ảnh, tài liệu", "PDF, 1 KB"):
        assert words in page
    assert "3 tệp kèm theo" in client.get(reverse("study:sessions")).content.decode()


def test_good_ones_are_kept_and_the_others_named(client, session, secretary) -> None:
    answer = client.post(pages(session), {"chosen": [sent(samples.pdf(), "a.pdf"), sent(b"MZ", "<b>hinh<i>.jpg")]})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "&lt;b&gt;hinh&lt;i&gt;.jpg" in page
    assert "<b>hinh" not in page
    assert "Đây là một chương trình" in page
    assert session.evidence.count() == 1


def test_nothing_kept_is_an_error_of_the_form(client, session, secretary) -> None:
    for data in ({}, {"chosen": sent(b"MZ", "a.jpg")}, {"chosen": sent(samples.pdf(), "a.pdf"), "caption": "x" * 500}):
        assert client.post(pages(session), data).status_code == 422
    assert session.evidence.count() == 0


def test_five_hundred_photos_get_one_clear_answer(client, session, secretary, settings) -> None:
    small = samples.photo(20, 20)
    many = client.post(pages(session), {"chosen": [sent(small, f"{number}.jpg") for number in range(500)]})
    assert many.status_code == 400
    assert "quá 100 tệp nên chưa tệp nào được lưu" in many.content.decode()
    some = client.post(pages(session), {"chosen": [sent(small, f"{number}.jpg") for number in range(40)]})
    assert some.status_code == 422
    assert "chọn 40 tệp; ở đây đã có 0 trong tối đa 30 tệp nên chỉ nhận thêm được 30" in some.content.decode()
    settings.UPLOAD_MB = 0
    large = client.post(pages(session), {"chosen": sent(small, "a.jpg")})
    assert large.status_code == 400
    assert "quá 0 MB nên chưa tệp nào được lưu" in large.content.decode()
    assert session.evidence.count() == 0


@pytest.mark.parametrize("name", ["TỐI MẬT.pdf", "báo cáo (mật).docx"])
def test_names_of_classified_papers(client, session, secretary, name) -> None:
    answer = client.post(pages(session), {"chosen": sent(samples.pdf(), name)})
    assert answer.status_code == 422
    assert "là dấu chỉ độ mật" in answer.content.decode()
    captioned = client.post(pages(session), {"chosen": sent(samples.pdf(), "a.pdf"), "caption": "Tuyệt mật"})
    assert captioned.status_code == 422


def test_files_come_with_safe_headers(client, session, secretary) -> None:
    photo = attached(session, samples.drawn("WEBP"), "ảnh “đẹp”;\r\nX-Bad: 1.webp")
    paper = attached(session, samples.word(), "kế hoạch.DOCX")
    shown = client.get(pages(session, "_file", photo))
    small = client.get(pages(session, "_thumbnail", photo))
    taken = client.get(pages(session, "_file", paper))
    assert b"".join(taken.streaming_content) == samples.word()
    for answer in (shown, small, taken):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"].startswith("private")
        assert "X-Bad" not in answer.headers
    assert (shown["Content-Type"], small["Content-Type"]) == ("image/jpeg", "image/jpeg")
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Disposition"].endswith(".jpg")
    assert taken["Content-Disposition"].startswith("attachment")
    assert taken["Content-Disposition"].endswith(".docx")
    assert client.get(pages(session, "_thumbnail", paper)).status_code == 404


def test_a_file_is_found_under_its_own_record_only(client, cell, session, secretary) -> None:
    other = make_session(cell, title="Hội nghị khác")
    row = attached(other, samples.pdf(), "a.pdf")
    for page in ("_file", "_thumbnail", "_detach"):
        assert client.get(pages(session, page, row)).status_code == 404


def test_files_of_a_session_follow_its_scope(client, session) -> None:
    row = attached(session, samples.pdf(), "danh sách.pdf")
    client.force_login(make_user("cell_secretary", make_unit("C2")))
    assert client.get(pages(session, "_file", row)).status_code == 404


def test_a_file_gone_from_the_disk_says_so(client, session, secretary) -> None:
    row = attach_photo(SessionEvidence, session, system_user(), "hội trường.jpg")
    storage.remove(row.file.stored_name)
    answer = client.get(pages(session, "_file", row))
    assert answer.status_code == 404
    assert "hiện không còn trên máy chủ" in answer.content.decode()
    assert client.get(pages(session, "_thumbnail", row)).status_code == 404
    assert client.get(session.get_absolute_url()).status_code == 200


def test_taking_off_asks_why(client, session, secretary) -> None:
    row = attach_photo(SessionEvidence, session, system_user())
    assert "Lý do gỡ" in client.get(pages(session, "_detach", row)).content.decode()
    assert client.post(pages(session, "_detach", row), {"reason": ""}).status_code == 422
    answer = client.post(pages(session, "_detach", row), {"reason": "Chụp nhầm"}, follow=True)
    assert "gỡ hình ảnh, tài liệu" in answer.content.decode()
    assert "Chụp nhầm" in answer.content.decode()
    assert client.post(pages(session, "_detach", row), {"reason": "Lần nữa"}).status_code == 404


def test_a_cancelled_session_takes_none(client, session, secretary) -> None:
    row = attach_photo(SessionEvidence, session, system_user())
    cancel_session(session, reason="Hoãn", by=secretary)
    page = client.get(session.get_absolute_url()).content.decode()
    assert pages(session, "_thumbnail", row) in page
    assert pages(session, "_detach", row) not in page
    for address in (pages(session), pages(session, "_detach", row)):
        assert client.get(address).status_code == 409
        assert client.post(address, {"reason": "x"}).status_code == 409


@pytest.mark.parametrize("number", [1, 3])
def test_the_strip_asks_the_same_questions_for_any_number(
    client, session, secretary, number, django_assert_max_num_queries
) -> None:
    for place in range(number):
        attached(session, samples.photo(100 + place, 80), f"{place}.jpg")
    with django_assert_max_num_queries(40):
        page = client.get(session.get_absolute_url()).content.decode()
    assert page.count("nho.jpg") == number


def test_in_english(client, session, secretary, settings) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(pages(session)).content.decode()
    assert "Do not put classified papers into this system." in page
    assert "Không đưa" not in page


def test_excel_counts_the_files_of_a_session_once(client, cell, secretary) -> None:
    session = make_session(cell, date(2023, 5, 17))
    attached(session, samples.pdf(), "a.pdf")
    content = sessions_sheet(StudySession.objects.all())
    rows = _rows(content)
    assert rows[0][-1] == "Hình ảnh, tài liệu kèm theo"
    assert [row[-1] for row in rows[1:]] == [1]


def _rows(content: bytes) -> list[list[object]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    start = next(place for place, row in enumerate(rows) if row[0] == "Mã đơn vị")
    return rows[start:]


def test_a_caption_is_changed_taken_away_and_told_in_the_history(client: Client, session, secretary) -> None:
    row = attach_photo(SessionEvidence, session, secretary)
    address = pages(session, "_caption", row)
    assert client.get(address).status_code == 200
    assert client.post(address, {"caption": " Toàn cảnh  hội trường "})["Location"].endswith("#tai-lieu")
    row.refresh_from_db()
    assert row.caption == "Toàn cảnh hội trường"
    shown = client.get(session.get_absolute_url()).content.decode()
    assert "chú thích: – → Toàn cảnh hội trường" in shown
    events = AuditEvent.objects.count()
    client.post(address, {"caption": "Toàn cảnh hội trường"})
    assert AuditEvent.objects.count() == events
    client.post(address, {"caption": ""})
    row.refresh_from_db()
    assert row.caption == ""


@pytest.mark.parametrize("caption", ["TỐI MẬT: sơ đồ", "a" * 201])
def test_a_caption_that_cannot_stand_is_refused_in_the_form(client: Client, session, secretary, caption) -> None:
    row = attach_photo(SessionEvidence, session, secretary)
    assert client.post(pages(session, "_caption", row), {"caption": caption}).status_code == 422
    with pytest.raises(BadInput):
        change_caption(row, caption, permission=Permission.STUDY_RECORD, by=secretary)
    row.refresh_from_db()
    assert row.caption == ""


def test_a_caption_of_a_cancelled_record_or_of_a_file_taken_off_does_not_change(session, secretary) -> None:
    row = attach_photo(SessionEvidence, session, secretary)
    gone = attach_photo(SessionEvidence, make_session(session.org_unit), secretary)
    SessionEvidence.objects.filter(pk=gone.pk).delete()
    cancel_session(session, reason="Hoãn", by=system_user())
    for one in (row, gone):
        with pytest.raises(Conflict):
            change_caption(one, "Hội trường", permission=Permission.STUDY_RECORD, by=secretary)
    with pytest.raises(NotAllowed):
        change_caption(row, "Hội trường", permission=Permission.STUDY_RECORD, by=make_user("viewer", session.org_unit))
