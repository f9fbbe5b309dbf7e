"""Two at one report at the same moment, with real connections: once is once, and nothing typed is lost."""

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError

from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.signed_papers import SignedPaper
from langsen.reports.models import Report, ReportNumber, ReportSection
from langsen.reports.services import drafting, flow
from langsen.reports.services.drafting import SectionChanged
from tests.racing import at_once
from tests.reports_world import PAPER, PERIOD, World, make_world

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def world() -> World:
    return make_world()


def refused(results: list[object]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def opening(world: World) -> Callable[[], object]:
    return lambda: drafting.open_report(world.outline, world.unit("X1"), PERIOD, by=world.commune)


def test_a_report_begun_twice_at_once_is_one(world: World) -> None:
    results = at_once(opening(world), opening(world))
    assert refused(results) == [Conflict]
    assert Report.objects.count() == 1
    assert ReportNumber.objects.count() == 3


def writing(world: World, section: ReportSection, body: str) -> Callable[[], object]:
    return lambda: drafting.write_section(
        section, heading=section.heading, body=body, by=world.commune, seen=section.changed_at
    )


def test_of_two_texts_of_one_section_one_is_kept_and_the_other_hears(world: World) -> None:
    section = world.draft().sections.get(position=2)
    results = at_once(writing(world, section, "Một."), writing(world, section, "Hai."))
    assert refused(results) == [SectionChanged]
    (error,) = [result for result in results if isinstance(result, SectionChanged)]
    section.refresh_from_db()
    assert error.current.body == section.body
    assert section.body in ("Một.", "Hai.")


def test_without_the_lock_the_second_text_would_overwrite_the_first(world: World, monkeypatch) -> None:
    """The control: both read the section before either has written it."""
    section = world.draft().sections.get(position=2)
    both_read = threading.Barrier(2)
    real = drafting.checked_body

    def wait_for_the_other(report: Report, body: str, *, before: str = "") -> str:
        both_read.wait(timeout=10)
        return real(report, body, before=before)

    monkeypatch.setattr(
        drafting, "locked_draft", lambda pk: Report.objects.select_related("org_unit", "outline").get(pk=pk)
    )
    monkeypatch.setattr(drafting, "checked_body", wait_for_the_other)
    results = at_once(writing(world, section, "Một."), writing(world, section, "Hai."))
    assert refused(results) == []


def test_a_new_number_in_two_sections_at_once_is_held_once(world: World) -> None:
    report = world.draft()
    body = "Có {study.historic_trips} chuyến."
    results = at_once(*(writing(world, report.sections.get(position=place), body) for place in (2, 3)))
    assert refused(results) == []
    assert report.numbers.filter(code="study.historic_trips").count() == 1


@pytest.mark.parametrize("step", ["submit", "issue", "send", "receive"])
def test_two_clicks_are_one_step(world: World, step: str) -> None:
    report = world.draft()
    if step != "submit":
        flow.submit_for_signing(report, by=world.commune)
    if step in ("send", "receive"):
        flow.issue_report(report, PAPER, place="Bản Mới", by=world.commune)
    if step == "receive":
        flow.send_report(report, by=world.commune)
    clicks: dict[str, Callable[[], object]] = {
        "submit": lambda: flow.submit_for_signing(report, by=world.commune),
        "issue": lambda: flow.issue_report(report, PAPER, place="Bản Mới", by=world.commune),
        "send": lambda: flow.send_report(report, by=world.commune),
        "receive": lambda: flow.receive_report(report, by=world.province),
    }
    assert refused(at_once(clicks[step], clicks[step])) == [Conflict]


def test_signed_and_taken_back_at_once_is_one_of_the_two(world: World) -> None:
    report = flow.submit_for_signing(world.draft(), by=world.commune)
    paper = SignedPaper("5-BC/ĐU", PAPER.signed_on, PAPER.signed_by)
    results = at_once(
        lambda: flow.issue_report(report, paper, place="Bản Mới", by=world.commune),
        lambda: flow.take_back(report, reason="Sửa", by=world.commune),
    )
    assert refused(results) == [Conflict]
    report.refresh_from_db()
    assert hasattr(report, "snapshot") == (report.status == "issued")


def test_where_the_lock_is_missing_the_guarded_update_still_lets_one_through(world: World, monkeypatch) -> None:
    """The control of the lock: both see a report that waits for signature before either acts."""
    report = flow.submit_for_signing(world.draft(), by=world.commune)
    both_read = threading.Barrier(2)

    def unlocked(pk: int) -> Report:
        found = Report.objects.select_related("org_unit", "outline").get(pk=pk)
        both_read.wait(timeout=10)
        return found

    monkeypatch.setattr(flow, "locked", unlocked)
    results = at_once(*[lambda: flow.take_back(report, reason="Sửa", by=world.commune)] * 2)
    assert refused(results) == [Conflict]


def test_one_answer_at_a_time(world: World) -> None:
    report = world.sent()
    results = at_once(*[lambda: flow.answer_report(report, "supplement", by=world.commune)] * 2)
    assert refused(results) == [Conflict]
    assert Report.objects.filter(answers=report).count() == 1


def test_what_races_past_the_services_meets_the_store(world: World) -> None:
    first, second = world.draft(), world.draft("X2")
    with pytest.raises(IntegrityError):
        Report.objects.filter(pk=second.pk).update(org_unit=first.org_unit)
