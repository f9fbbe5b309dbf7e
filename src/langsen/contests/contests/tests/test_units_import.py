"""Units of a contest from Excel: judged line by line and as a tree, sent twice counts once, nobody's unit vanishes."""

import io
import time
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from langsen.contests.contests.models import Contest
from langsen.contests.contests.services.unit_lists import UnitLine, add_unit, empty_units, import_units
from langsen.contests.contests.services.units import take_units
from langsen.foundation.access.enums import Role
from langsen.foundation.access.services import open_staff_mode
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.core.models import ImportRun
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.kinds import kind_of
from tests.contest_world import a_contest, a_unit, an_entrant
from tests.factories import make_tree, make_user
from tests.sheets import counts

pytestmark = [pytest.mark.django_db(databases=["default", "contests"]), pytest.mark.usefixtures("own_files")]
HEAD = ("Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Mã cấp trên", "Tổng số người", "Tính đến ngày")


@pytest.fixture
def contest() -> Contest:
    """A draft in a store whose registers know no organiser."""
    return a_contest(organiser_id=987_654, organiser_code="TU", status="draft", frozen_at=None)


def workbook(*rows: Any, head: Any = HEAD) -> io.BytesIO:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([head, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    stream.seek(0)
    return stream


def sent(contest: Contest, *rows: Any, head: Any = HEAD, user: User | None = None) -> ImportRun:
    kind, stream = kind_of("contest_units"), workbook(*rows, head=head)
    context = kind.context(user or system_user(), contest.pk)
    size = len(stream.getvalue())
    return runs.receive(kind, stream, name="dv.xlsx", size=size, context=context, at_once=True)


def reasons(run: ImportRun) -> dict[int, str]:
    return {row.number: " ".join(words for _cell, words in row.reasons) for row in run.rows.filter(state="rejected")}


TREE = (
    ("XNH-2-A", "Tổ đảng số 1", "Tổ đảng", "XNH-2", "", ""),
    ("XNH", "Đảng bộ xã Nà Hoa", "Đảng bộ cơ sở", "", 412, "1/3/2026"),
    ("xnh-2", "Chi bộ bản Nà Hoa", "Chi bộ", "xnh", 38, ""),
    ("TRUONG-1", "Chi bộ Trường Bản Mây", "Chi bộ", "TU", 57, "1/3/2026"),
)


def test_a_tree_in_any_order_comes_in_and_the_top_is_compared(contest: Contest) -> None:
    run = sent(contest, *TREE)
    assert counts(run) == {"new": 4}
    assert contest.units.count() == 0  # nothing before it is applied
    runs.apply(run)
    units = {unit.code: unit for unit in contest.units.select_related("parent", "compared")}
    assert {code: unit.compared.code for code, unit in units.items() if unit.compared} == {
        "XNH": "XNH",
        "XNH-2": "XNH",
        "XNH-2-A": "XNH",
        "TRUONG-1": "TRUONG-1",
    }
    assert units["XNH-2-A"].path == "Tổ đảng số 1, Chi bộ bản Nà Hoa, Đảng bộ xã Nà Hoa"
    assert units["XNH-2-A"].folded == "to dang so 1, chi bo ban na hoa, dang bo xa na hoa"
    assert (units["XNH"].head_count, units["XNH"].head_count_on) == (412, date(2026, 3, 1))
    assert (units["XNH-2"].head_count_on, units["XNH-2-A"].head_count) == (today(), None)
    assert [event.verb for event in history_of(contest)] == ["contest.units_imported"]


def test_sent_twice_counts_once(contest: Contest) -> None:
    runs.apply(sent(contest, *TREE))
    keys = set(contest.units.values_list("pk", flat=True))
    again = sent(contest, *TREE)
    assert counts(again) == {"unchanged": 4}
    runs.apply(again)
    assert set(contest.units.values_list("pk", flat=True)) == keys
    assert len(history_of(contest)) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "Không mã", "", "", "", ""), "không được để trống"),
        (("A", "", "", "", "", ""), "không được để trống"),
        (("mã có dấu", "B", "", "", "", ""), "Mã"),
        (("A" * 41, "B", "", "", "", ""), "quá dài"),
        (("A", "B", "", "KHONG-CO", "", ""), "KHONG-CO"),
        (("A", "B", "", "A", "", ""), "quay về"),
        (("A", "B", "", "", "bốn mươi", ""), "không phải là số"),
        (("A", "B", "", "", -3, ""), "nguyên"),
        (("A", "B", "", "", 0, ""), "từ 1"),
        (("A", "B", "", "", 2.5, ""), "nguyên"),
        (("A", "B", "", "", "", "1/3/2026"), "đi kèm"),
        (("A", "B", "", "", 4, "1/3/2199"), "Chưa đến"),
        (("A", "B", "", "", 4, "31/2/2026"), "không phải"),
        (("TRUONG-1", "Trùng mã", "", "", "", ""), "dòng 5"),
    ],
)
def test_a_bad_line_says_why_and_the_good_ones_stay_good(contest: Contest, row: Any, words: str) -> None:
    run = sent(contest, *TREE, row)
    assert counts(run) == {"new": 4, "rejected": 1}
    assert words in reasons(run)[6]
    runs.apply(run)
    assert contest.units.count() == 4


def test_what_hangs_on_a_bad_line_waits_with_it(contest: Contest) -> None:
    rows = [("A", "A", "", "B"), ("B", "B", "", "A"), ("C", "C", "", "B"), ("D", "D", "", "C"), ("E", "E", "", "")]
    rows += [("F", "", "", ""), ("G", "G", "", "F"), ("H", "H", "", "G")]
    run = sent(contest, *rows, head=HEAD[:4])
    assert counts(run) == {"new": 1, "rejected": 7}
    found = reasons(run)
    assert "quay về" in found[2]
    assert "quay về" in found[3]
    assert "dòng 3" in found[4]
    assert "dòng 4" in found[5]
    assert "“F”" in found[8]
    assert "dòng 8" in found[9]


def test_moving_a_unit_takes_all_below_along_and_never_in_a_circle(contest: Contest) -> None:
    runs.apply(sent(contest, *TREE))
    circle = sent(contest, ("XNH", "Đảng bộ xã Nà Hoa", "Đảng bộ cơ sở", "XNH-2-A", "", ""))
    assert counts(circle) == {"rejected": 1}
    moved = sent(contest, ("XNH-2", "Chi bộ Nà Hoa mới", "", "TRUONG-1", "", ""))
    assert counts(moved) == {"changed": 1}
    runs.apply(moved)
    below = contest.units.select_related("compared").get(code="XNH-2-A")
    assert below.path == "Tổ đảng số 1, Chi bộ Nà Hoa mới, Chi bộ Trường Bản Mây"
    assert below.compared is not None
    assert below.compared.code == "TRUONG-1"
    assert contest.units.get(code="XNH-2").head_count == 38  # what a line leaves empty stays
    runs.apply(sent(contest, ("XNH-2", "Chi bộ Nà Hoa mới", "", "TU", "", "")))  # the organiser's code: the top
    assert contest.units.get(code="XNH-2").parent is None


def test_units_the_file_does_not_name_stay_and_are_named(contest: Contest) -> None:
    runs.apply(sent(contest, *TREE))
    run = sent(contest, TREE[1])
    assert run.remarks[0][0].endswith(": 3")
    runs.apply(run)
    assert contest.units.count() == 4


def test_a_head_count_follows_the_file(contest: Contest) -> None:
    runs.apply(sent(contest, *TREE))
    run = sent(contest, ("XNH", "Đảng bộ xã Nà Hoa", "Đảng bộ cơ sở", "", 420, "1/6/2026"))
    assert counts(run) == {"changed": 1}
    runs.apply(run)
    unit = contest.units.get(code="XNH")
    assert (unit.head_count, unit.head_count_on) == (420, date(2026, 6, 1))


def test_after_the_announcement_the_list_stays_and_so_does_everybodys_unit(contest: Contest) -> None:
    waiting = sent(contest, TREE[1])
    Contest.objects.filter(pk=contest.pk).update(status="announced", frozen_at="2026-03-01T00:00Z")
    unit = a_unit(contest, "Chi bộ số 1")
    an_entrant(contest, unit=unit)
    with pytest.raises(Conflict):
        sent(contest, *TREE)
    with pytest.raises(Conflict):
        runs.apply_now(waiting)  # sent before, applied too late
    with pytest.raises(Conflict):
        empty_units(contest, by=system_user())
    assert list(contest.units.all()) == [unit]


def test_a_list_somebody_signed_up_for_is_not_emptied(contest: Contest) -> None:
    unit = a_unit(contest, "Chi bộ số 1")
    entrant = an_entrant(contest, unit=unit)
    with pytest.raises(Conflict):
        empty_units(contest, by=system_user())
    entrant.delete()
    assert empty_units(contest, by=system_user()) == 1
    assert not contest.units.exists()


def test_a_line_without_a_place_any_more_is_refused_as_a_whole(contest: Contest) -> None:
    line = UnitLine("B", "B", "", "A", None, None)
    with pytest.raises(Conflict):
        import_units(contest, [line], by=system_user())
    assert not contest.units.exists()


def test_only_who_organises_sends_a_list() -> None:
    tree = make_tree(XA=("agencies", None), CS=("grassroots_committee", "XA"))
    mine = a_contest(organiser_id=tree["XA"].pk, organiser_code="XA", status="draft", frozen_at=None)
    with pytest.raises((NotAllowed, NotFound)):
        sent(mine, *TREE, user=make_user(Role.VIEWER, tree["XA"]))
    run = sent(mine, *TREE, user=make_user(Role.CONTEST_ORGANISER, tree["XA"]))
    assert (run.org_unit_id, run.subject_id) == (tree["XA"].pk, mine.pk)


def test_a_list_of_a_file_and_of_the_registers_are_one_by_code() -> None:
    tree = make_tree(XA=("agencies", None), CS=("grassroots_committee", "XA"), CB=("cell", "CS"))
    mine = a_contest(organiser_id=tree["XA"].pk, organiser_code="XA", status="draft", frozen_at=None)
    runs.apply(sent(mine, ("CS", "Đảng ủy Cơ sở", "", "", 9, ""), ("NGOAI", "Đơn vị bạn", "", "", 5, "")))
    key = mine.units.get(code="CS").pk
    take_units(mine, on=today(), by=system_user())
    assert mine.units.get(code="CS").pk == key
    assert mine.units.get(code="CS").source_id == tree["CS"].pk
    assert set(mine.units.values_list("code", flat=True)) == {"CS", "CB", "NGOAI"}


@pytest.mark.slow
def test_twenty_thousand_rows_take_seconds(contest: Contest) -> None:
    rows = [(f"D{n}", f"Đảng bộ số {n}", "Đảng bộ", "", 500, "1/3/2026") for n in range(200)]
    rows += [(f"C{n}", f"Chi bộ số {n}", "Chi bộ", f"D{n % 200}", 30, "1/3/2026") for n in range(19_800)]
    started = time.process_time()
    run = sent(contest, *rows)
    assert counts(run) == {"new": 20_000}
    runs.apply_now(run)
    spent = time.process_time() - started
    assert contest.units.count() == 20_000
    assert spent < 40, f"{spent:.1f} s"
    one_more = sent(contest, ("X1", "Thừa", "", "", "", ""))
    assert counts(one_more) == {"rejected": 1}


def test_the_pages_from_the_template_to_the_list(contest: Contest, client: Client, settings: Any) -> None:
    tree = make_tree(XA=("agencies", None))
    Contest.objects.filter(pk=contest.pk).update(organiser_id=tree["XA"].pk)
    client.force_login(make_user(Role.CONTEST_ORGANISER, tree["XA"]))
    start = reverse("contests:units_import") + f"?unit={contest.slug}"
    assert start in client.get(reverse("contests:units", args=[contest.pk])).content.decode()
    template = client.get(reverse("contests:units_import_template")).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(template))
    example = book.get_sheet_by_index(2).to_python()[1:]
    assert len(example) == 5
    stream = workbook(*[[f"{one:%d/%m/%Y}" if isinstance(one, date) else one for one in row] for row in example])
    stream.name = "dv.xlsx"
    page = client.post(start, {"unit": str(contest.pk), "file": stream})
    assert page.status_code == 302, page.content.decode()
    preview = client.get(page["Location"]).content.decode()
    assert reverse("contests:units", args=[contest.pk]) in preview
    client.post(page["Location"], {"action": "apply"})
    shown = client.get(reverse("contests:units", args=[contest.pk])).content.decode()
    assert "Chi bộ bản Nà Hoa" in shown
    assert contest.units.count() == 5
    emptied = client.post(reverse("contests:units_empty", args=[contest.pk]))
    assert emptied.status_code == 302
    assert not contest.units.exists()


def test_a_day_of_last_week_is_no_news(contest: Contest) -> None:
    """A number without a day is of the day it came in; sent again later it stays of that day."""
    runs.apply(sent(contest, ("A", "A", "", "", 7, "")))
    contest.units.update(head_count_on=today() - timedelta(days=7))
    assert counts(sent(contest, ("A", "A", "", "", 7, ""))) == {"unchanged": 1}


def test_where_the_registers_know_no_organiser_the_page_offers_only_the_file(contest: Contest, client: Client) -> None:
    operator = make_user(username="vanhanh", is_operator=True)
    open_staff_mode(reason="máy chủ thi riêng", hours=1, by=operator)
    client.force_login(operator)
    page = client.get(reverse("contests:units", args=[contest.pk])).content.decode()
    assert "Danh sách đơn vị nhập từ Excel" in page
    assert "Lấy danh sách" not in page
    stream = workbook(*TREE)
    stream.name = "dv.xlsx"
    sent_page = client.post(reverse("contests:units_import"), {"unit": str(contest.pk), "file": stream})
    client.post(sent_page["Location"], {"action": "apply"})
    assert contest.units.count() == 4


def test_a_unit_forgotten_at_the_announcement_is_added_with_a_reason_everybody_reads(contest: Contest) -> None:
    runs.apply(sent(contest, *TREE))
    Contest.objects.filter(pk=contest.pk).update(status="announced", frozen_at="2026-03-01T00:00Z")
    line = UnitLine("xnh-3", "Chi bộ bản Mây", "Chi bộ", "xnh", 20, date(2026, 3, 1))
    with pytest.raises(BadInput) as refusal:
        add_unit(contest, line, by=system_user())
    assert list(refusal.value.fields) == ["reason"]
    unit = add_unit(contest, line, reason="Sót trong danh sách", by=system_user())
    assert (unit.code, unit.path) == ("XNH-3", "Chi bộ bản Mây, Đảng bộ xã Nà Hoa")
    assert unit.compared == contest.units.get(code="XNH")
    top = add_unit(contest, UnitLine("MOI", "Đảng bộ mới", "", "", None, None), reason="Sót", by=system_user())
    assert top.compared == top
    changes = contest.rule_changes.order_by("pk").values_list("after", "reason")
    assert list(changes) == [(unit.path, "Sót trong danh sách"), ("Đảng bộ mới", "Sót")]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (UnitLine("A", "A", "", "", None, None), "code"),
        (UnitLine("mã", "A", "", "", None, None), "code"),
        (UnitLine("B", " ", "", "", None, None), "name"),
        (UnitLine("B", "B", "", "KHONG", None, None), "above"),
        (UnitLine("B", "B", "", "B", None, None), "above"),
        (UnitLine("B", "B", "", "", 0, None), "head_count"),
        (UnitLine("B", "B", "", "", 5, None), "on"),
    ],
)
def test_a_unit_that_cannot_be_added_is_refused_at_its_field(contest: Contest, line: UnitLine, field: str) -> None:
    a_unit(contest, "A", code="A")
    with pytest.raises(BadInput) as refusal:
        add_unit(contest, line, by=system_user())
    assert list(refusal.value.fields) == [field]
    assert contest.units.count() == 1


def test_once_prizes_are_decided_no_unit_is_added(contest: Contest) -> None:
    Contest.objects.filter(pk=contest.pk).update(status="judging", frozen_at="2026-03-01T00:00Z")
    with pytest.raises(Conflict):
        add_unit(contest, UnitLine("B", "B", "", "", None, None), reason="Sót", by=system_user())
