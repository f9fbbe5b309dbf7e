"""The frame of a draft: its subject, and sections left out and put back."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.reports.document import docx_of
from langsen.reports.models import Report, ReportSection
from langsen.reports.queries.differences import differences
from langsen.reports.queries.readiness import problems_before_signing
from langsen.reports.services import drafting, flow
from langsen.reports.services.frame import change_frame, frame_mark
from tests.reports_world import World, make_world

pytestmark = pytest.mark.django_db
FIRST, REQUIRED, LAST = 1, 2, 3


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def report(world: World) -> Report:
    return world.draft()


def changed(world: World, report: Report, *left_out: int, subject: str = "", **more: str) -> Report:
    return change_frame(report, subject=subject or report.subject, left_out=left_out, by=world.commune, **more)


def written(world: World, report: Report, position: int, body: str) -> None:
    section = report.sections.get(position=position)
    drafting.write_section(section, heading=section.heading, body=body, by=world.commune)


def printed(report: Report) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(docx_of(report))).paragraphs)


def test_a_new_subject_stands_in_the_list_on_paper_and_in_the_history(world: World, report: Report) -> None:
    before = report.subject
    changed(world, report, subject="  kết quả 6 tháng thực hiện   Chỉ thị 05 ")
    report.refresh_from_db()
    assert report.subject == "kết quả 6 tháng thực hiện Chỉ thị 05"
    assert report.folded == "ket qua 6 thang thuc hien chi thi 05"
    assert report.subject in printed(report)
    assert history_of(report)[0].data == {"subject": [before, report.subject]}


def test_a_section_left_out_is_neither_printed_nor_checked_and_comes_back_with_its_text(
    world: World, report: Report
) -> None:
    written(world, report, LAST, "Đã có {study.remote_points} sản phẩm [viết tiếp].")
    assert report.numbers.filter(code="study.remote_points").exists()
    changed(world, report, FIRST, LAST)
    assert "KIẾN NGHỊ" not in printed(report)
    assert "I- KẾT QUẢ" in printed(report)
    assert not report.numbers.filter(code="study.remote_points").exists()
    assert {problem.section.position for problem in problems_before_signing(report) if problem.section} <= {REQUIRED}
    changed(world, report, FIRST)
    assert report.sections.get(position=LAST).body.startswith("Đã có {study.remote_points}")
    assert report.numbers.filter(code="study.remote_points").exists()
    assert "KIẾN NGHỊ" in printed(report)
    assert [event.data for event in history_of(report)[:2]] == [
        {"put_back": "Kiến nghị"},
        {"left_out": "Tình hình của Đơn vị X1; Kiến nghị"},
    ]


def test_what_is_fixed_at_signing_and_an_answer_know_the_sections_left_out(world: World, report: Report) -> None:
    written(world, report, LAST, "Đề nghị cấp tài liệu.")
    changed(world, report, LAST)
    written(world, report, FIRST, "Tình hình ổn định.")
    flow.submit_for_signing(report, by=world.commune)
    report.refresh_from_db()
    assert [one["position"] for one in report.snapshot.content["sections"]] == [FIRST, REQUIRED]
    with pytest.raises(Conflict):
        changed(world, report)
    assert ReportSection.objects.get(report=report, position=LAST).is_left_out


def test_an_answer_begins_with_the_same_frame(world: World) -> None:
    issued = world.issued()
    answer = flow.answer_report(issued, "supplement", by=world.commune)
    change_frame(answer, subject=answer.subject, left_out=[FIRST], by=world.commune)
    gone = [section for section in differences(answer, issued).sections if section.is_changed]
    assert [section.position for section in gone] == [FIRST]


def test_required_sections_all_of_them_and_an_empty_subject_are_refused(world: World, report: Report) -> None:
    before = frame_mark(report)
    cases = (([REQUIRED], "Khác"), ([FIRST, REQUIRED, LAST], "Khác"), ([], " "), ([], "a" * 401))
    for left_out, subject in cases:
        with pytest.raises(BadInput):
            change_frame(report, subject=subject, left_out=left_out, by=world.commune)
    with pytest.raises(NotAllowed):
        change_frame(report, subject="Khác", left_out=[], by=world.province)
    report.refresh_from_db()
    assert frame_mark(report) == before


def test_somebody_elses_change_is_noticed_and_a_section_left_out_meanwhile_is_not_written(
    world: World, report: Report
) -> None:
    seen = frame_mark(report)
    changed(world, report, LAST)
    with pytest.raises(Conflict):
        changed(world, report, subject="Khác", seen=seen)
    with pytest.raises(Conflict):
        written(world, report, LAST, "Đề nghị.")
    assert Report.objects.get().subject == report.subject


def test_the_page_leaves_out_and_puts_back(client: Client, world: World, report: Report) -> None:
    client.force_login(world.commune)
    address = reverse("reports:frame", args=[report.pk])
    page = client.get(address)
    assert f'value="{REQUIRED}"' not in page.content.decode().split("frame-sections")[-1]
    sent = {"subject": "kết quả năm", "kept": [FIRST], "seen": frame_mark(report)}
    assert client.post(address, sent).status_code == 302
    editor = client.get(reverse("reports:edit", args=[report.pk])).content.decode()
    assert "Kiến nghị" not in editor
    assert "bỏ 1 mục" in editor
    late = client.post(address, sent | {"kept": [FIRST, LAST], "subject": "của tôi"})
    assert late.status_code == 422
    assert "kết quả năm" in late.content.decode()
    assert client.post(address, sent | {"kept": [99], "seen": ""}).status_code == 422
    assert client.post(address, sent | {"kept": [FIRST, LAST], "seen": ""}).status_code == 302
    assert len(Report.objects.get().kept_sections) == 3
    assert "đưa lại: Kiến nghị" in client.get(report.get_absolute_url()).content.decode()
