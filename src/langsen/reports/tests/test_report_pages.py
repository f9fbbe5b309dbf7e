"""Pages of reports without JavaScript: lists, writing, numbers, steps, requests, outlines."""

import io
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import month
from langsen.foundation.papers.services.numbering import open_book
from langsen.registers.study.bulk import NewPoint
from langsen.reports.document import compose
from langsen.reports.enums import ReportStatus
from langsen.reports.models import Outline, Report, ReportCall, ReportSection
from langsen.reports.services.drafting import write_section
from tests.factories import make_report, make_session, make_user
from tests.reports_world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world()
    make_session(made.unit("C1"), date(2025, 8, 2), points=[NewPoint(made.unit("C1"), {"members": 431}, is_main=True)])
    return made


@pytest.fixture
def page(client: Client, world: World) -> Client:
    client.force_login(world.commune)
    return client


def section_of(report: Report, position: int = 2) -> ReportSection:
    return report.sections.get(position=position)


def send(page: Client, report: Report, act: str = "save", *, position: int = 2, **data: str):
    section = section_of(report, position)
    sent = {"heading": section.heading, "body": section.body, "seen": section.changed_at.isoformat(), "act": act}
    return page.post(reverse("reports:edit", args=[report.pk]) + f"?section={position}", sent | data)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_sorts_and_finds_without_accents(page, world, count):
    reports = [world.draft("X1", month(2025, number)) for number in range(1, count + 1)]
    answer = page.get(reverse("reports:reports") + "?q=ket+qua+hoc+tap&sort=-period")
    assert list(answer.context["page"]) == reports[::-1]
    assert "Báo cáo kết quả học tập" in answer.content.decode()
    assert page.get(reverse("reports:reports") + "?q=khong+co").context["page"].paginator.count == 0
    book = CalamineWorkbook.from_filelike(io.BytesIO(page.get(reverse("reports:reports_excel")).content))
    assert sum(1 for row in book.get_sheet_by_index(0).to_python() if row[0] == "X1") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_superior_sees_what_was_sent_and_no_draft(client, world, count):
    client.force_login(world.province)
    world.draft("X1", month(2025, 12))
    sent = [
        make_report(world.unit("X2"), world.outline, month(2025, number), "sent", by=system_user())
        for number in range(1, count + 1)
    ]
    answer = client.get(reverse("reports:reports") + "?tab=below&sort=period")
    assert list(answer.context["page"]) == sent
    assert "chờ tiếp nhận" in answer.content.decode()
    assert client.get(reverse("reports:report", args=[Report.objects.get(status="draft").pk])).status_code == 404


def test_what_is_owed_leads_to_a_prefilled_beginning(page, world):
    call = world.call()
    answer = page.get(reverse("reports:reports") + "?tab=due")
    row = answer.context["page"][0]
    assert [str(badge.label) for badge in row["badges"]] == ["Chưa lập", "quá hạn từ 10/1/2026"]
    form = page.get(row["href"]).context["form"]
    assert (form["first_on"].value(), form["outline"].value()) == (call.first_on, call.outline_id)
    sent = {"unit": "X1", "outline": call.outline_id, "first_on": "1/7/2025", "last_on": "31/12/2025"}
    answer = page.post(row["href"], sent)
    report = Report.objects.get()
    assert answer.url == reverse("reports:edit", args=[report.pk])
    assert report.call == call
    again = page.post(row["href"], sent)
    assert again.status_code == 422
    assert Report.objects.count() == 1


def test_a_period_back_to_front_is_refused_in_the_form(page, world):
    sent = {"unit": "X1", "outline": world.outline.pk, "first_on": "31/12/2025", "last_on": "1/7/2025"}
    answer = page.post(reverse("reports:begin"), sent)
    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_a_section_is_saved_with_readable_tokens(page, world):
    report = world.draft()
    answer = page.get(reverse("reports:edit", args=[report.pk]) + "?section=2")
    assert answer.context["body"] == "Đã mở {1|study.sessions} hội nghị với {431|study.attendances} lượt người."
    assert [fact["text"] for fact in answer.context["facts"]] == ["1", "431"]
    assert "figure=study.sessions" in answer.context["facts"][0]["href"]
    send(page, report, body="Tổ chức {1|study.sessions} hội nghị.")
    assert section_of(report).body == "Tổ chức {study.sessions} hội nghị."


def test_a_malformed_number_is_refused_and_the_text_kept(page, world):
    report = world.draft()
    before = section_of(report).body
    answer = send(page, report, body="Có 555.39 lượt người.")
    assert answer.status_code == 422
    assert answer.context["body"] == "Có 555.39 lượt người."
    assert "555.39" in answer.content.decode()
    assert section_of(report).body == before


def test_a_number_is_put_in_at_the_end(page, world):
    report = world.draft()
    send(page, report, "insert", body="Số điểm cầu:", figure="study.remote_points", form="02", round="")
    assert section_of(report).body == "Số điểm cầu: {study.remote_points:02}"


@pytest.mark.parametrize(("form", "round_number"), [("hơn", "500"), ("tử", ""), ("hơn", "5.5.5")])
def test_a_form_that_contradicts_its_number_is_refused(page, world, form, round_number):
    report = world.draft()
    answer = send(page, report, "insert", figure="study.attendances", form=form, round=round_number)
    assert answer.status_code == 422
    assert "{study.attendances" not in section_of(report).body.removesuffix("{study.attendances} lượt người.")
    query = {"figure": "study.attendances", "form": form, "round": round_number}
    asked = page.get(reverse("reports:number", args=[report.pk]), query)
    assert asked.status_code == 422
    assert asked.json()["message"]


def test_the_editor_is_told_the_value_of_a_number(page, world):
    report = world.draft()
    query = {"figure": "study.attendances", "unit": "C1", "form": "hơn", "round": "400"}
    answer = page.get(reverse("reports:number", args=[report.pk]), query)
    assert answer.json() == {"token": "study.attendances@C1:hơn 400", "shown": "hơn 400"}


def test_a_typed_number_is_replaced_by_its_figure(page, world):
    report = world.draft()
    body = "Có 413 lượt người tham dự hội nghị."
    send(page, report, body=body)
    row = page.get(reverse("reports:edit", args=[report.pk]) + "?section=2").context["loose"][0]
    assert (row["typed"], row["offers"][0]["text"]) == ("413", "431")
    send(page, report, row["offers"][0]["act"], body=body)
    assert section_of(report).body == "Có {study.attendances} lượt người tham dự hội nghị."


def test_a_changed_source_is_shown_and_updated_with_one_button(page, world):
    report = world.draft()
    make_session(world.unit("C1"), date(2025, 9, 1))
    answer = page.get(reverse("reports:edit", args=[report.pk]) + "?section=2")
    assert answer.context["facts"][0]["changed"] == "đã đổi: nay là 2"
    send(page, report, "update:study.sessions")
    held = dict(report.numbers.filter(unit_code="").values_list("code", "value"))
    assert (held["study.sessions"], held["study.attendances"]) == (2, 431)
    send(page, report, "update")
    assert report.numbers.get(code="study.attendances").value == 461


def test_two_writers_both_keep_their_text(page, world):
    report = world.draft()
    seen = section_of(report).changed_at.isoformat()
    write_section(section_of(report), heading="Kết quả", body="Của người khác.", by=world.commune)
    answer = send(page, report, body="Của tôi.", seen=seen)
    assert answer.status_code == 409
    assert (answer.context["body"], answer.context["their_body"]) == ("Của tôi.", "Của người khác.")
    assert section_of(report).body == "Của người khác."
    send(page, report, body="Của tôi.", seen=answer.context["seen"])
    assert section_of(report).body == "Của tôi."


def test_what_the_draft_prints_at_its_head_and_end_is_not_typed_again(page, world):
    report = world.draft()
    page.post(reverse("reports:submit", args=[report.pk]))
    form = page.get(reverse("reports:issue", args=[report.pk])).context["form"]
    printed = compose(report)
    for name in ("place", "signed_for", "signer_title"):
        assert form[name].value() == getattr(printed, name) != ""
    assert tuple(form["recipients"].value().splitlines()) == printed.recipients != ()


def test_the_steps_to_a_supplement(page, client, world):
    report = world.draft()

    def step(name: str, *more: str, **data: str) -> int:
        return page.post(reverse(f"reports:{name}", args=[report.pk, *more]), data).status_code

    assert step("submit") == 302
    assert page.get(reverse("reports:edit", args=[report.pk])).status_code == 302  # no draft any more
    assert step("issue", signed_number="5-BC/ĐU") == 422
    paper = {"signed_number": "5-BC/ĐU", "signed_on": "5/1/2026", "signed_by": "Lò Thị Mai", "place": "Bản Mới"}
    assert step("issue", **paper) == 302
    assert step("send") == 302
    client.force_login(world.province)
    assert step("ask", reason="") == 422
    assert step("ask", reason="Nêu rõ số điểm cầu") == 302
    client.force_login(world.commune)
    make_session(world.unit("C1"), date(2025, 9, 1))
    shown = page.get(reverse("reports:report", args=[report.pk])).content.decode()
    assert "Nêu rõ số điểm cầu" in shown
    assert "số liệu nguồn đã thay đổi từ 1 thành 2 sau khi chốt" in shown
    assert step("answer", "supplement") == 302
    answer = Report.objects.get(kind="supplement")
    assert answer.status == ReportStatus.DRAFT
    difference = page.get(reverse("reports:difference", args=[answer.pk]))
    assert next((row.before, row.after) for row in difference.context["numbers"]) == ("1", "2")


def test_a_draft_is_taken_back_and_cancelled_with_reasons(page, world):
    report = world.draft()
    page.post(reverse("reports:submit", args=[report.pk]))
    assert page.post(reverse("reports:take_back", args=[report.pk]), {"reason": ""}).status_code == 422
    page.post(reverse("reports:take_back", args=[report.pk]), {"reason": "Sửa câu chữ"})
    page.post(reverse("reports:cancel", args=[report.pk]), {"reason": "Lập nhầm kỳ"})
    report.refresh_from_db()
    assert (report.status, report.cancel_reason) == (ReportStatus.CANCELLED, "Lập nhầm kỳ")
    assert "Lập nhầm kỳ" in page.get(reverse("reports:report", args=[report.pk])).content.decode()


def test_a_request_with_its_tally_more_time_and_a_reminder(client, world):
    client.force_login(world.province)
    sent = {
        "unit": "P1", "outline": world.outline.pk, "first_on": "1/7/2025", "last_on": "31/12/2025",
        "due_on": "10/1/2026", "kinds": world.unit("X1").kind_id,
    }  # fmt: skip
    assert client.post(reverse("reports:call_new"), sent).status_code == 302
    call = ReportCall.objects.get()
    world.sent("X2")
    answer = client.get(call.get_absolute_url())
    assert (answer.context["tally"].reported, answer.context["tally"].obliged) == (1, 2)
    assert [row["duty"].unit.code for row in answer.context["page"]] == ["X1", "X2"]  # who is late comes first
    assert "chờ tiếp nhận" in answer.content.decode()
    data = {"unit": "X1", "due_on": "1/3/2026", "reason": "Lũ quét"}
    assert client.post(reverse("reports:call_extend", args=[call.pk]), data).status_code == 302
    assert "1/3/2026" in client.get(call.get_absolute_url()).content.decode()
    for _times in range(2):  # the second one within a day is only told so
        nudged = client.post(reverse("reports:call_nudge", args=[call.pk]), {"unit": "X1"})
        assert nudged.status_code == 302
    assert world.commune.notices.filter(kind="nudge").count() == 1
    client.force_login(world.commune)
    seen = client.get(call.get_absolute_url()).context["page"]
    assert [row["duty"].unit.code for row in seen] == ["X1"]  # a unit asked sees itself only


def test_rows_of_an_outline_come_and_go_and_a_change_is_a_new_version(client, world):
    client.force_login(world.province)
    where = reverse("reports:outline_change", args=[world.outline.pk])
    form = {
        "name_vi": "Báo cáo thử", "name_en": "Trial", "unit": "P1", "from_on": "1/1/2026", "cadence": "half_year",
        "layout": "party", "subject": "kết quả {period}", "due_days": "5",
        "heading": ["Kết quả", "Kiến nghị"], "body": ["Có {study.sessions} hội nghị.", ""],
        "code": ["study.sessions"],
    }  # fmt: skip
    added = client.post(where, form | {"act": "add-section"})
    assert len(added.context["parts"].sections) == 3
    moved = client.post(where, form | {"act": "up-section:1"})
    assert [row.heading for row in moved.context["parts"].sections] == ["Kiến nghị", "Kết quả"]
    more = client.post(where, form | {"act": "add-figure", "added": "study.remote_points"})
    assert [row.code for row in more.context["parts"].figures] == ["study.sessions", "study.remote_points"]
    wrong = client.post(where, form | {"act": "save", "body": ["Có {study.nothing} hội nghị.", ""]})
    assert wrong.status_code == 422
    assert client.post(where, form | {"act": "save", "required": ["0"]}).status_code == 302
    newest = Outline.objects.filter(code=world.outline.code).order_by("-during").first()
    assert [row.is_required for row in newest.sections.all()] == [True, False]
    assert "Có" in client.get(newest.get_absolute_url() + "?unit=X1").content.decode()


def test_an_indicator_that_ended_is_shown_plainly(client, world):
    client.force_login(world.province)
    world.outline.figures.create(position=9, code="study.gone")
    shown = client.get(world.outline.get_absolute_url())
    assert shown.context["missing"] == ["study.gone"]
    assert "không còn" in shown.content.decode()


def test_pages_speak_english_too(client, world):
    client.force_login(make_user(Role.VIEWER, world.unit("X1")))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Reports of the unit" in client.get(reverse("reports:reports")).content.decode()


def test_a_unit_with_a_book_of_numbers_takes_the_next_one_once(page, world):
    unit = world.unit("X1")
    open_book(
        unit, layout="party", from_on=date(2025, 1, 1), last_on=date(2030, 12, 31), first_number=31, by=world.commune
    )
    report = world.draft()
    page.post(reverse("reports:submit", args=[report.pk]))
    where = reverse("reports:issue", args=[report.pk])
    for _times in range(2):
        answer = page.post(where, {"act": "reserve", "place": "Bản Mới", "signed_on": "5/1/2026"})
        form = answer.context["form"]
        assert (form["signed_number"].value()[:6], form["place"].value()) == ("31-BC/", "Bản Mới")
    report.refresh_from_db()
    assert report.status == ReportStatus.SIGNING
