"""From a draft to a received report: what is checked, what is fixed, and what follows."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from langsen.foundation.access.enums import Role
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.core.periods import Period, today
from langsen.foundation.core.signed_papers import SignedPaper
from langsen.foundation.notifications.models import Notice
from langsen.reports import snapshots
from langsen.reports.enums import ReportKind, ReportStatus
from langsen.reports.models import Report, ReportNumber, ReportSection, ReportSnapshot
from langsen.reports.queries.differences import differences
from langsen.reports.queries.numbers import changed_numbers, ids_kept
from langsen.reports.queries.readiness import problems_before_signing
from langsen.reports.queries.reports import report_for, reports_for
from langsen.reports.services import drafting, flow
from tests.factories import make_session, make_user
from tests.reports_world import PAPER, PERIOD, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def rewrite(world: World, report: Report, body: str, position: int = 2) -> None:
    section = report.sections.get(position=position)
    drafting.write_section(section, heading=section.heading, body=body, by=world.commune)


def test_submitting_takes_a_snapshot_of_all_that_is_said(world: World) -> None:
    session = make_session(world.unit("C1"), date(2025, 8, 1))
    report = flow.submit_for_signing(world.draft(), by=world.commune)
    snapshot = ReportSnapshot.objects.get(report=report)
    assert report.status == ReportStatus.SIGNING
    assert snapshots.is_true(snapshot)
    content = snapshot.content
    assert content["unit"] == {"code": "X1", "name": "Đơn vị X1"}
    assert [one["heading"] for one in content["sections"]][1] == "Kết quả"
    assert {one["token"]: one["printed"] for one in content["printed"]} == {
        "{study.sessions}": "1",
        "{study.attendances}": "30",
    }
    values = {number["code"]: number for number in content["numbers"]}
    assert (values["study.attendances"]["value"], values["study.participation_rate"]["value"]) == ("30", None)
    assert ids_kept(snapshot, "study.attendances", "") == {session.pk: 30}
    (line, _rate) = content["appendix"]
    assert (line["code"], line["value"]) == ("study.sessions", "1")
    assert {row["key"]: row["value"] for row in line["rows"]} == {"X1": "0", "C1": "1"}


def test_a_changed_snapshot_is_noticed_and_never_issued(world: World) -> None:
    report = flow.submit_for_signing(world.draft(), by=world.commune)
    snapshot = ReportSnapshot.objects.get(report=report)
    snapshot.content["subject"] = "khác"
    snapshot.save()
    assert not snapshots.is_true(snapshot)
    with pytest.raises(Conflict):
        flow.issue_report(report, PAPER, place="Bản Mới", by=world.commune)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("", "Kết quả"),
        ("## Chỉ có tiêu đề\n[Nêu kết quả.]", "Kết quả"),
        ("Mở {study.sessions:hơn 5} hội nghị.", "hơn 5"),
        ("Mở {study.sessions:tử} hội nghị.", "tử"),
        ("Đạt {study.participation_rate}.", "Tỷ lệ cán bộ, đảng viên"),
    ],
)
def test_what_keeps_a_report_from_being_signed(world: World, body: str, word: str) -> None:
    report = world.draft()
    assert problems_before_signing(report) == []
    rewrite(world, report, body)
    (problem,) = problems_before_signing(report)
    assert problem.section is not None
    assert problem.section.position == 2
    with pytest.raises(flow.NotReady, match=word):
        flow.submit_for_signing(report, by=world.commune)
    assert Report.objects.get(pk=report.pk).status == ReportStatus.DRAFT
    assert not ReportSnapshot.objects.exists()


def test_numbers_whose_source_changed_are_to_be_updated_first(world: World) -> None:
    report = world.draft()
    make_session(world.unit("C1"), date(2025, 8, 1))
    with pytest.raises(flow.NotReady):
        flow.submit_for_signing(report, by=world.commune)
    drafting.update_numbers(report, by=world.commune)
    flow.submit_for_signing(report, by=world.commune)


def test_a_period_that_is_not_over_is_drafted_but_not_signed(world: World) -> None:
    report = world.draft(period=Period(today().replace(day=1), today() + timedelta(1)))
    with pytest.raises(flow.NotReady, match=str((today() + timedelta(1)).year)):
        flow.submit_for_signing(report, by=world.commune)
    earlier = world.draft(period=Period(today() - timedelta(40), today() + timedelta(5)))
    drafting.shorten_period(earlier, last_on=today() - timedelta(1), by=world.commune)
    flow.submit_for_signing(earlier, by=world.commune)


def test_taken_back_it_loses_its_snapshot_and_may_be_written_again(world: World) -> None:
    report = flow.submit_for_signing(world.draft(), by=world.commune)
    with pytest.raises(Conflict):
        rewrite(world, report, "Sửa lén.")
    with pytest.raises(BadInput):
        flow.take_back(report, reason=" ", by=world.commune)
    flow.take_back(report, reason="Sửa câu chữ", by=world.commune)
    assert not ReportSnapshot.objects.exists()
    rewrite(world, report, "Sửa rồi: {study.sessions}.")
    with pytest.raises(Conflict):
        flow.take_back(report, reason="Lần nữa", by=world.commune)


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (SignedPaper(), "signed_number"),
        (SignedPaper("12", date(2026, 1, 5)), "signed_by"),
        (SignedPaper("12", date(2025, 12, 30), "Lò Thị Mai"), "signed_on"),
        (SignedPaper("12", today() + timedelta(1), "Lò Thị Mai"), "signed_on"),
    ],
)
def test_it_is_issued_with_number_day_and_signatory(world: World, paper: SignedPaper, field: str) -> None:
    report = flow.submit_for_signing(world.draft(), by=world.commune)
    with pytest.raises(BadInput) as refused:
        flow.issue_report(report, paper, place="Bản Mới", by=world.commune)
    assert list(refused.value.fields) == [field]
    assert Report.objects.get(pk=report.pk).status == ReportStatus.SIGNING


def test_a_number_is_given_once_a_year(world: World) -> None:
    world.issued()
    with pytest.raises(BadInput) as refused:
        world.issued(period=Period(date(2025, 1, 1), date(2025, 6, 30)))
    assert "signed_number" in refused.value.fields
    world.issued("X2")  # each unit has its own numbers


def test_only_what_waits_for_signature_is_issued_and_only_once(world: World) -> None:
    report = world.draft()
    with pytest.raises(Conflict):
        flow.issue_report(report, PAPER, place="Bản Mới", by=world.commune)
    flow.submit_for_signing(report, by=world.commune)
    flow.issue_report(report, PAPER, place="Bản Mới", recipients="Như trên\nLưu VP", by=world.commune)
    with pytest.raises(Conflict):
        flow.issue_report(report, PAPER, place="Bản Mới", by=world.commune)
    with pytest.raises(Conflict):
        flow.cancel_report(report, reason="Thôi", by=world.commune)


STATEMENTS = (
    "UPDATE reports_reportsection SET body = 'x' WHERE report_id = {0}",
    "DELETE FROM reports_reportsection WHERE report_id = {0}",
    "INSERT INTO reports_reportsection (report_id, position, heading, body, is_required, changed_at) "
    "VALUES ({0}, 99, 'x', 'x', false, now())",
    "UPDATE reports_reportnumber SET value = 26 WHERE report_id = {0}",
    "DELETE FROM reports_reportnumber WHERE report_id = {0}",
    "UPDATE reports_reportsnapshot SET sha256 = 'x' WHERE report_id = {0}",
    "DELETE FROM reports_reportsnapshot WHERE report_id = {0}",
    "UPDATE reports_report SET subject = 'x' WHERE id = {0}",
    "UPDATE reports_report SET signed_number = '13' WHERE id = {0}",
    "UPDATE reports_report SET recipients = 'x' WHERE id = {0}",
    "UPDATE reports_report SET last_on = last_on + 1 WHERE id = {0}",
    "UPDATE reports_report SET status = 'draft' WHERE id = {0}",
    "UPDATE reports_report SET status = 'cancelled' WHERE id = {0}",
    "DELETE FROM reports_report WHERE id = {0}",
)


@pytest.mark.parametrize("sent", [False, True])
def test_the_database_keeps_an_issued_report(world: World, sent: bool) -> None:
    make_session(world.unit("C1"), date(2025, 8, 1))
    report = world.sent() if sent else world.issued()
    for statement in STATEMENTS:
        given = statement.format(report.pk)
        with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
            connection.cursor().execute(given)
            pytest.fail(f"accepted: {given}")


def test_a_number_cannot_be_smuggled_in_from_a_draft(world: World) -> None:
    fixed, draft = world.issued(), world.draft("X2")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportNumber.objects.filter(report=draft).update(report=fixed)
    ReportSection.objects.filter(report=draft).update(body="Nháp thì được.")


def test_later_changes_of_a_source_are_shown_with_how_many_records(world: World) -> None:
    kept = make_session(world.unit("C1"), date(2025, 8, 1))
    report = world.issued()
    assert changed_numbers(report) == []
    make_session(world.unit("C1"), date(2025, 8, 2))
    sessions, attendances = changed_numbers(report)
    assert (sessions.held, sessions.live) == ("1", "2")
    assert (attendances.held, attendances.live) == ("30", "60")
    assert "1" in sessions.reason
    assert kept.pk in (ids_kept(report.snapshot, "study.sessions", "") or {})


def test_it_goes_to_the_superior_who_is_told(world: World) -> None:
    sent = flow.send_report(world.issued(), by=world.commune)
    assert (sent.to, sent.told) == (world.unit("P1"), 1)
    assert Notice.objects.get().user == world.province
    assert report_for(world.province, sent.report.pk) == sent.report
    with pytest.raises(NotFound):
        report_for(world.other, sent.report.pk)
    with pytest.raises(Conflict):
        flow.send_report(sent.report, by=world.commune)


def test_a_recipient_without_access_is_said(world: World) -> None:
    world.province.grants.update(role=Role.VIEWER)
    sent = flow.send_report(world.issued(), by=world.commune)
    assert (sent.to, sent.told) == (world.unit("P1"), 0)
    with pytest.raises(NotAllowed):
        flow.receive_report(sent.report, by=world.province)


def test_at_the_top_there_is_nobody_to_send_to(world: World) -> None:
    top = make_user(Role.PROVINCE_OFFICER, world.unit("TW"))
    outline = world.outline
    outline.org_unit = None
    outline.save()
    report = drafting.open_report(outline, world.unit("TW"), PERIOD, by=top)
    flow.submit_for_signing(report, by=top)
    flow.issue_report(report, PAPER, place="Hà Nội", by=top)
    with pytest.raises(BadInput):
        flow.send_report(report, by=top)


def test_the_superior_receives_and_does_not_approve(world: World) -> None:
    report = world.sent()
    for by in (world.commune, world.other):
        with pytest.raises(NotAllowed):
            flow.receive_report(report, by=by)
    received = flow.receive_report(report, by=world.province)
    assert received.status == ReportStatus.RECEIVED
    with pytest.raises(Conflict):
        flow.receive_report(report, by=world.province)
    with pytest.raises(Conflict):
        flow.receive_report(world.draft("X2"), by=world.province)


def test_a_supplement_is_asked_for_and_given(world: World) -> None:
    report = world.sent()
    with pytest.raises(BadInput):
        flow.ask_supplement(report, reason="", by=world.province)
    flow.ask_supplement(report, reason="Thiếu số buổi học.", by=world.province)
    make_session(world.unit("C1"), date(2025, 8, 1))
    answer = flow.answer_report(report, ReportKind.SUPPLEMENT, by=world.commune)
    assert answer.answers == report
    assert answer.sections.get(position=2).body == report.sections.get(position=2).body
    assert answer.numbers.get(code="study.sessions").value == 1
    with pytest.raises(Conflict):
        flow.answer_report(report, ReportKind.REPLACEMENT, by=world.commune)
    flow.submit_for_signing(answer, by=world.commune)
    with pytest.raises(BadInput):  # a number of its own
        flow.issue_report(answer, PAPER, place="Bản Mới", by=world.commune)
    flow.issue_report(
        answer, SignedPaper("13-BC/ĐU", PAPER.signed_on, PAPER.signed_by), place="Bản Mới", by=world.commune
    )
    assert Report.objects.get(pk=report.pk).status == ReportStatus.SUPPLEMENT_ASKED
    flow.send_report(answer, by=world.commune)
    assert Report.objects.get(pk=report.pk).status == ReportStatus.RECEIVED
    numbers = {one.name: (one.before, one.after) for one in differences(answer, report).numbers}
    assert ("0", "1") in numbers.values()
    assert ("0", "30") in numbers.values()


def test_a_correction_of_ones_own_accord(world: World) -> None:
    report = world.issued()
    with pytest.raises(Conflict):
        flow.answer_report(world.draft("X2"), ReportKind.REPLACEMENT, by=world.other)
    with pytest.raises(BadInput):
        flow.answer_report(report, ReportKind.ORIGINAL, by=world.commune)
    answer = flow.answer_report(report, ReportKind.REPLACEMENT, by=world.commune)
    rewrite(world, answer, "Đã mở {study.sessions} hội nghị, đúng kế hoạch.")
    changed = differences(answer, report)
    (section,) = [one for one in changed.sections if one.is_changed]
    assert "".join(piece.text for piece in section.pieces if piece.kind != "new") == (
        "Đã mở 0 hội nghị với 0 lượt người."
    )
    assert "".join(piece.text for piece in section.pieces if piece.kind != "gone") == (
        "Đã mở 0 hội nghị, đúng kế hoạch."
    )
    assert differences(report, report).is_empty


def test_what_was_done_stands_in_the_log(world: World) -> None:
    report = world.sent()
    flow.receive_report(report, by=world.province)
    verbs = AuditEvent.objects.filter(object_type="reports.report").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["report.opened", "report.submitted", "report.issued", "report.sent", "report.received"]
    assert not reports_for(world.other).exists()
