"""The roster from Excel: recognised, never doubled, nothing half done."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.models import ImportMapping, ImportRun
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.cells import YearOnly
from langsen.foundation.core.sheets.kinds import Context, SheetRow, State, kind_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.exports import export_roster
from langsen.foundation.people.models import Membership, Person, Post
from tests.examples import examples
from tests.factories import make_person, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
HEAD = ["Họ và tên", "Ngày sinh", "Giới tính", "Chi bộ", "Ngày vào Đảng", "Ngày chính thức", "Chức vụ"]
GOOD = [
    ["Lò Thị Mây", "22/9/1983", "Nữ", "Đơn vị C1", "3/2/2015", "3/2/2016", "Bí thư"],
    ["VÀNG A PÁO", "1975", "nam", "C2", "", "", ""],
]


@pytest.fixture
def tree():
    return make_tree(TI=("province", None), XA=("agencies", "TI"), C1=("cell", "XA"), C2=("cell", "XA"))


def workbook(*rows, head=HEAD):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, row in enumerate([head, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    stream.seek(0)
    return stream


def sent(tree, *rows, user=None, unit="XA", head=HEAD):
    stream = workbook(*rows, head=head)
    context = Context(user or system_user(), tree[unit].pk)
    return runs.receive(kind_of("people"), stream, name="ds.xlsx", size=len(stream.getvalue()), context=context)


def counts(run):
    return {state: count for state, count in run.counts.items() if count}


def test_good_rows_go_in_and_bad_rows_stay_out_with_cell_and_reason(tree):
    bad = [["Lù Văn Tả", "31/2/1980", "", "C1", "", "", ""], ["", "1/1/1980", "", "C9", "", "", ""]]
    run = sent(tree, *GOOD, *bad)
    assert counts(run) == {"new": 2, "rejected": 2}
    assert not Person.objects.exists()
    cells = [row.reasons[0][0] for row in run.rows.filter(state="rejected")]
    assert cells == ["B4", "A5"]
    runs.apply(run)
    assert {person.full_name for person in Person.objects.all()} == {"Lò Thị Mây", "Vàng A Páo"}
    may = Person.objects.get(folded="lo thi may")
    assert (may.born_on, may.sex) == (date(1983, 9, 22), "f")
    assert Person.objects.get(folded="vang a pao").born_year_only
    assert Post.objects.get(person=may).is_head
    assert Membership.objects.get(person=may).during.lower == date(2020, 1, 1)


def test_a_second_import_of_the_file_changes_nothing_and_a_second_click_neither(tree):
    run = sent(tree, *GOOD)
    runs.apply(run)
    with pytest.raises(Conflict):
        runs.apply_now(ImportRun.objects.get(pk=run.pk))
    runs.apply(run)
    events = AuditEvent.objects.count()
    again = sent(tree, *GOOD)
    assert counts(again) == {"unchanged": 2}
    runs.apply(again)
    assert Person.objects.count() == 2
    assert AuditEvent.objects.count() == events + 1


def test_likely_doubles_are_put_to_a_person(tree):
    runs.apply(sent(tree, ["Lò Thị Mây", "22/9/1983", "", "C1", "", "", ""]))
    run = sent(
        tree, ["Lò Thị Mây", "23/9/1983", "", "C1", "", "", ""], ["Lò Thị Mấy", "22/9/1983", "", "C1", "", "", ""]
    )
    assert counts(run) == {"doubtful": 2}
    runs.apply(run)
    assert Person.objects.count() == 1
    run = sent(tree, ["Lò Thị Mây", "23/9/1983", "", "C1", "", "", ""])
    person = Person.objects.get()
    with pytest.raises(BadInput):
        runs.choose(run, {2: "999999"})
    runs.choose(run, {2: str(person.pk)})
    assert counts(run) == {"changed": 1}
    runs.apply(run)
    person.refresh_from_db()
    assert person.born_on == date(1983, 9, 23)
    run = sent(tree, ["Lò Thị Mây", "1990", "", "C1", "", "", ""])
    runs.choose(run, {2: "new"})
    runs.apply(run)
    assert Person.objects.count() == 2


def test_the_same_person_twice_in_one_file_is_one_person(tree):
    run = sent(tree, GOOD[0], GOOD[0])
    assert counts(run) == {"new": 1, "doubtful": 1}
    runs.apply(run)
    assert counts(sent(tree, GOOD[0], GOOD[0])) == {"unchanged": 1, "doubtful": 1}


def test_our_own_masked_export_comes_back_unchanged(tree):
    runs.apply(sent(tree, *GOOD))
    units = OrgUnit.objects.all()
    content = export_roster(Person.objects.all(), units, by=system_user(), revealed=False)
    context = Context(system_user(), tree["XA"].pk)
    run = runs.receive(kind_of("people"), io.BytesIO(content), name="x.xlsx", size=len(content), context=context)
    assert counts(run) == {"unchanged": 2}


def test_units_out_of_reach_and_of_one_name_are_not_guessed(tree):
    twins = make_tree(**{"D1": ("cell", "XA"), "XB": ("agencies", "TI"), "E1": ("cell", "XB")})
    for unit in (twins["D1"], tree["C2"]):
        unit.__class__.objects.filter(pk=unit.pk).update(name="Chi bộ 1", folded="chi bo 1")
    officer = make_user("commune_officer", tree["XA"])
    run = sent(tree, ["Lò A", "", "", "chi bộ 1"], ["Lò B", "", "", "E1"], ["Lò C", "", "", ""], user=officer)
    assert counts(run) == {"rejected": 3}
    reasons = [row.reasons[0][1] for row in run.rows.all()]
    assert "D1" in reasons[0] and "C2" in reasons[0]
    with pytest.raises(NotAllowed):
        sent(twins, *GOOD, unit="XB", user=officer)


def test_the_mapping_is_asked_by_example_and_remembered(tree):
    head = ["Cột một", "Cột hai", "Tổ"]
    run = sent(tree, ["Lò Thị Mây", "22/9/1983", "C1"], head=head)
    assert runs.missing_columns(run)
    with pytest.raises(BadInput):
        runs.apply(run)
    with pytest.raises(BadInput):
        runs.remap(run, {"full_name": 0, "born_on": 0})
    runs.remap(run, {"full_name": 0, "born_on": 1, "unit": 2})
    assert counts(run) == {"new": 1}
    assert ImportMapping.objects.count() == 1
    assert counts(sent(tree, ["Lò B", "", "C2"], head=head)) == {"new": 1}


def test_people_missing_from_the_file_are_named_and_stay(tree):
    make_person(tree["C1"], "Hoàng Văn Ở Lại")
    run = sent(tree, GOOD[0])
    assert any("Hoàng Văn Ở Lại" in line for line in run.remarks[0][1])
    runs.apply(run)
    assert Membership.objects.filter(during__contains=date.today()).count() == 2


def test_a_member_found_in_another_cell_is_transferred_only_when_confirmed(tree):
    runs.apply(sent(tree, GOOD[0]))
    moved = [GOOD[0][0], GOOD[0][1], "", "C2", "", "", ""]
    run = sent(tree, moved)
    assert counts(run) == {"doubtful": 1}
    runs.choose(run, {2: str(Person.objects.get().pk)})
    runs.apply(run)
    assert Person.objects.get().memberships.filter(during__contains=date.today()).get().org_unit == tree["C2"]
    assert counts(sent(tree, moved)) == {"unchanged": 1}


def test_a_fault_while_applying_leaves_nothing_behind(tree, monkeypatch):
    from langsen.foundation.people.imports import applying

    run = sent(tree, *GOOD)
    monkeypatch.setattr(applying, "change_people", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        runs.apply(run)
    assert not Person.objects.exists()
    assert ImportRun.objects.get().status == "previewed"


_names = st.sampled_from(["Lò Thị Mây", "Lò Thị Mấy", "LÒ THỊ MÂY", "Vàng A Páo", "Giàng Hoà", "Giàng Hòa", "=1+1 An"])
_births = st.one_of(st.none(), st.sampled_from([date(1980, 1, 1), date(1980, 2, 3), YearOnly(1980), YearOnly(1990)]))
_joined = st.sampled_from([None, date(2010, 3, 2), date(2025, 9, 1)])
_rows = st.lists(
    st.tuples(
        _names,
        _births,
        st.sampled_from(["C1", "C2"]),
        st.sampled_from(["", "nam", "nữ"]),
        _joined,
        st.sampled_from(["", "Bí thư", "Chi ủy viên"]),
        st.sampled_from(["", "new"]),
    ),
    max_size=7,
)


def _sheet(rows):
    keys = ("full_name", "born_on", "unit", "sex", "joined_on", "post")
    return [
        SheetRow(number, {key: value for key, value in zip(keys, row, strict=False) if value}, {}, row[6])
        for number, row in enumerate(rows, start=2)
    ]


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_rows, second=_rows)
def test_importing_twice_is_importing_once(tree, first, second):
    kind, context = kind_of("people"), Context(system_user(), tree["XA"].pk)
    with transaction.atomic():
        for rows in (first, second):
            kind.apply(kind.judge(_sheet(rows), context), context)
        held = Person.objects.count()
        undecided = [SheetRow(row.number, row.values) for row in _sheet(second)]
        again = kind.judge(undecided, context)
        assert {verdict.state for verdict in again.verdicts} <= {State.UNCHANGED, State.DOUBTFUL, State.CHANGED}
        kind.apply(again, context)
        assert Person.objects.count() == held
        transaction.set_rollback(True)
