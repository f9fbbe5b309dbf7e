"""Around a draft: outlines in versions, what lower units wrote, what repeats, typed numbers, and the tree."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.core.periods import Period, today
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.previews import preview
from langsen.foundation.reorganisation.services import merge_units, move_unit
from langsen.reports import hooks
from langsen.reports.document import compose
from langsen.reports.models import Outline, Report, ReportSection
from langsen.reports.queries.differences import words_changed
from langsen.reports.queries.numbers import figure_named, keys_of
from langsen.reports.queries.outlines import outline_by_code, outline_for, outlines_for, outlines_offered
from langsen.reports.queries.readiness import problems_before_signing
from langsen.reports.queries.reports import reports_for
from langsen.reports.queries.texts import lower_texts, repeated_text, typed_in
from langsen.reports.rules import period_words
from langsen.reports.services import drafting, flow, outlines
from langsen.reports.services.outlines import FigureFacts, OutlineFacts, SectionFacts
from tests.factories import make_session, make_user
from tests.reports_world import PAPER, PERIOD, World, make_outline, make_world

pytestmark = pytest.mark.django_db

EARLIER = Period(date(2025, 1, 1), date(2025, 6, 30))


@pytest.fixture
def world() -> World:
    return make_world()


def rewrite(world: World, report: Report, body: str, position: int = 2) -> None:
    section = report.sections.get(position=position)
    drafting.write_section(section, heading=section.heading, body=body, by=world.writer(report.org_unit.code))


def facts(**changed: object) -> OutlineFacts:
    usual = {"code": "mau", "name_vi": "Mẫu", "subject": "việc {unit}", "sections": [SectionFacts("Một")]}
    return OutlineFacts(**(usual | changed))  # type: ignore[arg-type]


def save(world: World, from_on: date = date(2025, 1, 1), **changed: object) -> Outline:
    return outlines.save_outline(world.unit("P1"), facts(**changed), from_on=from_on, by=world.province)


def test_a_new_version_ends_the_one_before(world: World) -> None:
    first = save(world)
    second = save(world, date(2026, 1, 1), sections=[SectionFacts("Khác", "Có {study.sessions}.")])
    first.refresh_from_db()
    assert (first.last_on, second.last_on) == (date(2025, 12, 31), None)
    assert outline_by_code("mau", world.unit("X1"), date(2025, 12, 31)) == first
    assert outline_by_code("mau", world.unit("X1")) == second
    with pytest.raises(Conflict):
        save(world, date(2025, 6, 1))


def test_a_version_of_the_same_day_is_replaced_while_nothing_rests_on_it(world: World) -> None:
    save(world, sections=[SectionFacts("Cũ")])
    outline = save(world, sections=[SectionFacts("Mới")])
    assert [section.heading for section in outline.sections.all()] == ["Mới"]
    assert Outline.objects.filter(code="mau").count() == 1
    drafting.open_report(outline, world.unit("X1"), PERIOD, by=world.commune)
    with pytest.raises(Conflict):
        save(world)


@pytest.mark.parametrize(
    ("changed", "field", "word"),
    [
        ({"sections": [SectionFacts("Một", "Có {study.x} và {a.b} và {study.sessions}.")]}, "sections", "study.x, a.b"),
        ({"sections": [SectionFacts("Một", "Có {8198}.")]}, "sections", "8198"),
        ({"figures": [FigureFacts("study.sessions"), FigureFacts("study.y")]}, "figures", "study.y"),
        ({"sections": []}, "sections", ""),
        ({"sections": [SectionFacts(" ")]}, "sections", ""),
        ({"name_vi": ""}, "name_vi", ""),
        ({"subject": "x" * 401}, "subject", "401"),
        ({"code": "Báo cáo"}, "code", ""),
        ({"code": "half-year"}, "code", "half-year"),
        ({"due_days": 999}, "due_days", ""),
        ({"cadence": "weekly"}, "cadence", ""),
    ],
)
def test_an_outline_that_cannot_be(world: World, changed: dict[str, object], field: str, word: str) -> None:
    with pytest.raises(BadInput) as refused:
        save(world, **changed)
    assert field in refused.value.fields
    assert word in str(refused.value)
    assert not Outline.objects.filter(code="mau").exists()


def test_who_keeps_outlines(world: World) -> None:
    with pytest.raises(NotAllowed):
        outlines.save_outline(world.unit("P1"), facts(), from_on=date(2025, 1, 1), by=world.commune)
    with pytest.raises(NotAllowed):
        outlines.save_outline(None, facts(), from_on=date(2025, 1, 1), by=world.province)
    shipped = Outline.objects.get(code="half-year")
    with pytest.raises(NotAllowed):
        outlines.end_outline(shipped, last_on=today(), by=world.province)
    own = outlines.save_outline(world.unit("X1"), facts(), from_on=date(2025, 1, 1), by=world.commune)
    assert {own, shipped} <= set(outlines_for(world.commune))
    with pytest.raises(NotFound):
        outline_for(world.other, own.pk)
    assert own in outlines_offered(world.unit("C1"))
    assert own not in outlines_offered(world.unit("X2"))


def test_an_outline_is_ended(world: World) -> None:
    outline = save(world)
    with pytest.raises(BadInput):
        outlines.end_outline(outline, last_on=date(2024, 12, 31), by=world.province)
    outlines.end_outline(outline, last_on=date(2025, 5, 31), by=world.province)
    with pytest.raises(Conflict):
        outlines.end_outline(outline, last_on=date(2025, 6, 30), by=world.province)
    outline.refresh_from_db()
    with pytest.raises(BadInput):
        drafting.open_report(outline, world.unit("X1"), PERIOD, by=world.commune)
    drafting.open_report(outline, world.unit("X1"), Period(date(2025, 1, 1), date(2025, 3, 31)), by=world.commune)


@pytest.mark.parametrize("code", ["half-year", "year", "two-year"])
def test_every_shipped_outline_can_be_begun(world: World, code: str) -> None:
    outline = outline_by_code(code, world.unit("X1"))
    report = drafting.open_report(outline, world.unit("X1"), PERIOD, by=world.commune)
    assert "{unit}" not in "".join(section.body + section.heading for section in report.sections.all())
    assert report.sections.count() == outline.sections.count()


def test_a_shipped_outline_goes_all_the_way(world: World) -> None:
    """What an office writes itself is asked for by name; ratios without a base are named; then it is issued whole."""
    make_session(world.unit("C1"), date(2025, 8, 1))
    outline = outline_by_code("half-year", world.unit("X1"))
    report = drafting.open_report(outline, world.unit("X1"), PERIOD, by=world.commune)
    problems = problems_before_signing(report)
    headings = {problem.section.heading for problem in problems if problem.section}
    assert "Tình hình, đặc điểm" in headings
    assert all(figure_named(code) for code, _unit in keys_of(report))
    for section in report.sections.all():
        lines = [line for line in section.body.splitlines() if "_rate" not in line]
        rewrite(world, report, "\n".join([*lines, "Đơn vị thực hiện nghiêm túc."]), section.position)
    assert problems_before_signing(report) == []
    flow.submit_for_signing(report, by=world.commune)
    report = flow.issue_report(report, PAPER, place="Bản Mới", by=world.commune)
    said = [run.text for block in compose(report).body for run in block.runs]
    assert not any(text.startswith("[") for text in said)
    assert "Đơn vị thực hiện nghiêm túc." in said


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), "6 tháng đầu năm 2026"),
        (date(2026, 7, 1), date(2026, 12, 31), "6 tháng cuối năm 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "năm 2026"),
        (date(2026, 4, 1), date(2026, 6, 30), "quý II năm 2026"),
        (date(2026, 2, 1), date(2026, 2, 28), "tháng 2 năm 2026"),
        (date(2021, 5, 18), date(2023, 5, 17), "từ ngày 18/5/2021 đến ngày 17/5/2023"),
    ],
)
def test_the_period_in_words(first: date, last: date, words: str) -> None:
    assert period_words(Period(first, last)) == words


def test_what_lower_units_wrote_is_at_hand_once_sent(world: World) -> None:
    make_session(world.unit("C1"), date(2025, 8, 1))
    world.sent("X1")
    world.issued("X2")
    own = world.draft("P1")
    (lower,) = lower_texts(own, 2)
    assert (lower.unit, lower.text) == (world.unit("X1"), "Đã mở 1 hội nghị với 30 lượt người.")
    assert [(number.printed, number.number.code) for number in lower.numbers] == [
        ("1", "study.sessions"),
        ("30", "study.attendances"),
    ]
    assert lower_texts(own, 3) == []
    with pytest.raises(NotFound):
        lower_texts(own, 9)
    assert lower_texts(world.draft("P1", EARLIER), 2) == []


def test_of_replaced_reports_the_newest_is_shown(world: World) -> None:
    report = world.sent("X1")
    answer = flow.answer_report(report, "replacement", by=world.commune)
    rewrite(world, answer, "Viết lại.")
    own = world.draft("P1")
    assert [lower.report for lower in lower_texts(own, 2)] == [report]
    flow.submit_for_signing(answer, by=world.commune)
    paper = type(report.paper)("13-BC/ĐU", date(2026, 1, 6), "Lò Thị Mai")
    flow.issue_report(answer, paper, place="Bản Mới", by=world.commune)
    flow.send_report(answer, by=world.commune)
    assert [lower.text for lower in lower_texts(own, 2)] == ["Viết lại."]


SAME = "Công tác tuyên truyền được đẩy mạnh với nhiều hình thức phong phú, sát với từng đối tượng."


def test_text_that_repeats_the_last_report_is_shown(world: World) -> None:
    before = world.draft(period=EARLIER)
    rewrite(world, before, f"Đã mở {{study.sessions}} hội nghị với {{study.attendances}} lượt người. {SAME}")
    flow.submit_for_signing(before, by=world.commune)
    paper = type(before.paper)("1-BC/ĐU", date(2025, 7, 5), "Lò Thị Mai")
    flow.issue_report(before, paper, place="Bản Mới", by=world.commune)
    report = world.draft()
    assert repeated_text(report) == []  # the outline's own sentences are meant to come again
    rewrite(world, report, f"{SAME} Riêng kỳ này có thêm một hội thi tìm hiểu ở tất cả các bản, tổ dân phố.")
    (found,) = repeated_text(report)
    assert (found.section.position, found.sentences, found.whole, found.before) == (2, (SAME,), False, before)
    rewrite(world, report, SAME)
    assert repeated_text(report)[0].whole
    flow.submit_for_signing(report, by=world.commune)  # shown, never forbidden


def test_numbers_typed_by_hand_are_found_with_their_figure(world: World) -> None:
    make_session(world.unit("C1"), date(2025, 8, 1))
    report = world.draft()
    assert typed_in(report) == {}
    rewrite(world, report, "Có 30 lượt người tham dự hội nghị; {study.sessions} hội nghị; ngày 17/5/2023.")
    ((position, (number,)),) = typed_in(report).items()
    assert (position, number.text) == (2, "30")
    assert number.may_be is not None
    assert str(number.may_be.token) == "{study.attendances}"


def test_words_changed_is_both_texts_at_once() -> None:
    pieces = words_changed("a b c", "a x c d")
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [
        ("gone", "b"), ("new", "x"), ("new", " d"),
    ]  # fmt: skip
    assert words_changed("", "") == ()


MERGER = Decision("7-QĐ/TU", date(2026, 2, 1))


def merged(world: World) -> None:
    merge_units(
        [world.unit("X2")], successor=world.unit("X1"), effective_on=date(2026, 3, 1), decision=MERGER, by=system_user()
    )


def test_open_reports_stay_with_an_ending_unit_and_its_heirs_see_them(world: World) -> None:
    draft, fixed = world.draft("X2"), world.sent("X1")
    assert list(hooks.open_reports([world.unit("X2")])) == [draft]
    merged(world)
    draft.refresh_from_db()
    assert draft.org_unit == world.unit("X2")
    (event,) = AuditEvent.objects.filter(verb="report.unit_ended")
    assert (event.object_id, event.data["successors"]) == (draft.pk, "Đơn vị X1")
    assert set(reports_for(world.commune)) == {draft, fixed}
    flow.submit_for_signing(draft, by=world.commune)
    paper = type(draft.paper)("14-BC/ĐU", date(2026, 3, 5), "Lò Thị Mai")
    flow.issue_report(draft, paper, place="Bản Mới", by=world.commune)
    assert flow.send_report(draft, by=world.commune).to == world.unit("P1")


def test_fixed_reports_an_operation_would_contradict(world: World) -> None:
    own, above = world.sent("X1"), world.issued("P1")
    world.issued("X2")
    world.draft("X1", EARLIER)
    touched = hooks.submitted_reports_touched
    assert list(touched([world.unit("C1").pk], date(2025, 9, 1))) == [above, own]
    assert list(touched([world.unit("C1").pk], PERIOD.last)) == [above, own]
    assert list(touched([world.unit("C1").pk], PERIOD.last + timedelta(1))) == []
    assert list(touched([world.unit("P1").pk], date(2025, 9, 1))) == [above]


def moving(world: World) -> Callable[[], object]:
    x2 = world.unit("X2")
    return lambda: move_unit(
        world.unit("C1"), parent=x2, effective_on=date(2025, 9, 1), decision=MERGER, by=system_user()
    )


def test_the_preview_names_issued_reports_whose_sources_would_change(world: World) -> None:
    make_session(world.unit("C1"), date(2025, 8, 1))
    make_session(world.unit("C1"), date(2025, 10, 1))
    world.sent("X1")
    world.issued("P1")  # its sum stays the same
    world.issued("X2")
    seen = {section.key: section for section in preview(moving(world)).sections}
    subjects = {(entry.text.split(":")[0], entry.href != "") for entry in seen["reports_touched"].entries}
    assert subjects == {("Đơn vị X1", True), ("Đơn vị X2", False)}
    assert "Số hội nghị" in seen["reports_touched"].entries[0].note
    assert Report.objects.get(org_unit=world.unit("X1")).numbers.get(code="study.sessions").value == 2


def test_the_preview_names_what_an_ending_unit_leaves(world: World) -> None:
    world.draft("X2")
    world.call(due_on=date(2026, 2, 20))
    world.call(due_on=date(2026, 3, 1), period=EARLIER)
    seen = {section.key: section for section in preview(lambda: merged(world)).sections}
    assert [entry.note for entry in seen["reports_open"].entries] == ["Đơn vị X2, Dự thảo"]
    assert [entry.text.split(" ")[0] for entry in seen["reports_due"].entries] == ["20/2/2026"]
    assert world.unit("X2").exists_on(today())


def test_people_without_a_role_here_see_nothing(world: World) -> None:
    report = world.sent()
    stranger = make_user(Role.PROVINCE_OFFICER, world.unit("X2"))
    assert not reports_for(stranger).exists()
    assert ReportSection.objects.filter(report=report).exists()
    make_outline(world.unit("X1"), code="rieng-x1")
    assert not outlines_for(stranger).filter(code="rieng-x1").exists()
