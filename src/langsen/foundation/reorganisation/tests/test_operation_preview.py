"""The preview of an operation: everything it means is on the page before anything is recorded."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from langsen.foundation.access.enums import Role
from langsen.foundation.access.models import Grant
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgChange, OrgPlacement, OrgUnit
from langsen.foundation.orgs.queries import tree_version
from langsen.foundation.people.models import Membership
from langsen.foundation.reorganisation.previews import Preview, Section
from langsen.registers.study.bulk import NewPoint
from langsen.registers.study.enums import SessionStatus
from langsen.registers.study.models import StudySession
from tests.factories import make_person, make_session, make_tree, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)
PAPER = {"decision_number": "12-QĐ/TU", "decided_on": "20/6/2025", "signatory": "Hà Văn Pao", "note": ""}


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    return make_tree(
        TW=("central", None),
        T1=("province", "TW"),
        G1=("grassroots_committee", "T1"),
        G2=("grassroots_committee", "T1"),
        C1=("cell", "G1"),
        C2=("cell", "G1"),
        D1=("cell", "G2"),
    )


@pytest.fixture
def officer(tree: dict[str, OrgUnit]) -> Client:
    client = Client()
    client.force_login(make_user(Role.ORGANISATION_OFFICER, tree["T1"], display_name="Lò Thị Bản"))
    return client


def send(client: Client, code: str, operation: str, day: date = DAY, /, **facts: Any) -> Any:
    data = {**PAPER, "effective_on": day_text(day), "tree_version": tree_version(), **facts}
    return client.post(f"/to-chuc/{code}/thay-doi/{operation}/", data)


def record(unit: OrgUnit, held_on: date, points: int | None, title: str = "Hội nghị") -> StudySession:
    """A session held with so many members; planned when nobody is counted yet."""
    point = NewPoint(unit, {"members": points} if points else {}, is_main=True)
    return make_session(unit, held_on, title=title, points=[point], status="held" if points else "planned")


def seen(answer: Any) -> Preview:
    assert answer.status_code == 200, answer.content.decode()[:3000]
    found: Preview = answer.context["seen"]
    return found


def side(found: Preview, key: str) -> Section:
    return next(section for section in found.sections if section.key == key)


MERGED = {"others": ["G2"], "code": "G9", "name": "Đảng ủy Hợp Nhất", "kind": "grassroots_committee"}


def test_a_merger_shows_both_trees_and_every_side(officer: Client, tree: dict[str, OrgUnit]) -> None:
    make_user(Role.GRASSROOTS_SECRETARY, tree["G1"], display_name="Vàng A Chung")
    make_person(tree["G1"], full_name="Giàng Thị Mảy")
    record(tree["G1"], held_on=DAY + timedelta(days=40), title="Buổi đã dự kiến", points=None)
    answer = send(officer, "G1", "hop-nhat", **MERGED)
    found = seen(answer)
    assert [(line.depth, line.name) for line in found.before.lines] == [
        (0, "Đơn vị T1"),
        (1, "Đơn vị G1"),
        (2, "Đơn vị C1"),
        (2, "Đơn vị C2"),
        (1, "Đơn vị G2"),
        (2, "Đơn vị D1"),
    ]
    assert [(line.depth, line.name, line.mark) for line in found.after.lines] == [
        (0, "Đơn vị T1", ""),
        (1, "Đảng ủy Hợp Nhất", "new"),
        (2, "Đơn vị C1", "moves"),
        (2, "Đơn vị C2", "moves"),
        (2, "Đơn vị D1", "moves"),
    ]
    assert {section.key: section.count for section in found.loud} == {
        "begin": 1,
        "end": 2,
        "move": 3,
        "roles": 1,
        "past": 1,
        "people": 1,
        "planned": 1,
    }
    page = answer.content.decode()
    for words in ("Vàng A Chung", "Giàng Thị Mảy", "Buổi đã dự kiến", "12-QĐ/TU", "Hà Văn Pao", "30/6/2025"):
        assert words in page


def test_a_preview_leaves_nothing_behind(officer: Client, tree: dict[str, OrgUnit]) -> None:
    make_user(Role.GRASSROOTS_SECRETARY, tree["G1"])
    make_person(tree["G1"])

    def store() -> list[object]:
        return [
            tree_version(),
            OrgChange.objects.count(),
            AuditEvent.objects.count(),
            sorted(Grant.objects.values_list("pk", "during")),
            sorted(OrgPlacement.objects.values_list("org_unit", "parent", "during")),
            sorted(Membership.objects.values_list("pk", "org_unit", "during")),
        ]

    before = store()
    seen(send(officer, "G1", "hop-nhat", **MERGED))
    assert store() == before


def test_people_and_plans_of_a_divided_unit_wait_and_are_named(officer: Client, tree: dict[str, OrgUnit]) -> None:
    make_person(tree["G1"], full_name="Giàng Thị Mảy")
    record(tree["G1"], held_on=DAY + timedelta(days=3), title="Chưa biết ai chủ trì", points=None)
    facts = {"kind": "grassroots_committee", "code_1": "G8", "name_1": "Đảng ủy Một", "code_2": "G2", "name_2": ""}
    divided = {**facts, "child_C1": "1", "child_C2": "2", "members_to": "-"}
    found = seen(send(officer, "G1", "chia-tach", **divided))
    assert [entry.text for entry in side(found, "waiting").entries] == ["Giàng Thị Mảy"]
    assert side(found, "planned_left").count == 1
    assert {entry.note for entry in side(found, "move").entries} == {
        "Đơn vị G1 → Đảng ủy Một",
        "Đơn vị G1 → Đơn vị G2",
    }
    chosen = seen(send(officer, "G1", "chia-tach", **{**divided, "members_to": "1"}))
    assert side(chosen, "people").count == 1
    assert side(chosen, "waiting").count == 0


def test_a_back_dated_move_shows_past_figures_before_and_after_in_both_readings(
    officer: Client, tree: dict[str, OrgUnit]
) -> None:
    day = today() - timedelta(days=60)
    record(tree["C1"], held_on=today() - timedelta(days=30), points=11)
    record(tree["C1"], held_on=day - timedelta(days=10), points=7)  # before the day: stays where it was
    record(tree["D1"], held_on=today() - timedelta(days=20), points=5)
    found = seen(send(officer, "C1", "chuyen", day, parent="G2"))
    assert found.is_back_dated
    rows = {(row[0], row[1].split(" (")[1]): row[2:] for row in side(found, "figures").rows if "Lượt" in row[1]}
    assert rows == {
        ("Đơn vị G1", "của thời điểm đó)"): ("11", "0"),
        ("Đơn vị G2", "của thời điểm đó)"): ("5", "16"),
        ("Đơn vị G1", "tổ chức hôm nay)"): ("11", "0"),
        ("Đơn vị G2", "tổ chức hôm nay)"): ("5", "16"),
    }


def test_a_change_to_come_has_no_past_to_change(officer: Client) -> None:
    found = seen(send(officer, "C1", "chuyen", today() + timedelta(days=30), parent="G2"))
    assert not found.is_back_dated
    assert {section.key for section in found.sections}.isdisjoint({"figures", "past"})


def test_meetings_recorded_after_the_unit_s_end_are_listed(officer: Client, tree: dict[str, OrgUnit]) -> None:
    session = record(tree["G1"], held_on=today() - timedelta(days=5), title="Ghi sau ngày kết thúc", points=3)
    found = seen(send(officer, "G1", "hop-nhat", today() - timedelta(days=30), **MERGED))
    entry = side(found, "recorded_later").entries[0]
    assert entry.href == session.get_absolute_url()
    assert StudySession.objects.get(pk=session.pk).status == SessionStatus.HELD


def test_names_and_new_units_are_shown(officer: Client) -> None:
    renamed = seen(send(officer, "G1", "doi-ten", name="Đảng ủy Bản Mới"))
    assert [line.mark for line in renamed.after.lines] == ["", "renamed"]
    assert side(renamed, "rename").entries[0].text == "Đơn vị G1 → Đảng ủy Bản Mới"
    new = seen(send(officer, "G1", "thanh-lap", code="c9", name="Chi bộ mới", kind="cell"))
    assert [(line.name, line.mark) for line in new.after.lines] == [("Đơn vị G1", ""), ("Chi bộ mới", "new")]
    assert new.before.lines == []


def test_going_back_from_the_preview_keeps_every_fact(officer: Client) -> None:
    answer = send(officer, "G1", "hop-nhat", edit="1", **MERGED)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "seen" not in (answer.context or {})
    for words in ('value="G9"', 'value="Đảng ủy Hợp Nhất"', 'value="12-QĐ/TU"', 'value="1/7/2025"'):
        assert words in page


def test_the_second_of_two_officers_is_told_and_keeps_the_form(officer: Client, tree: dict[str, OrgUnit]) -> None:
    opened_on = tree_version()
    assert seen(send(officer, "G1", "hop-nhat", tree_version=opened_on, **MERGED))
    second = Client()
    second.force_login(make_user(Role.ORGANISATION_OFFICER, tree["T1"], display_name="Tẩn A Sử"))
    paper = {"tree_version": opened_on, "confirmed": "1"}
    assert send(second, "G2", "doi-ten", name="Đảng ủy Tả Phìn", **paper).status_code == 302
    answer = send(officer, "G1", "hop-nhat", **paper, **MERGED)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Tẩn A Sử" in page
    assert "Đảng ủy Tả Phìn" in page
    assert 'value="Đảng ủy Hợp Nhất"' in page
    assert not OrgUnit.objects.filter(code="G9").exists()
    # The form given back rests on the tree of now, so that it can be sent again as it is.
    version = answer.context["form"]["tree_version"].value()
    assert send(officer, "G1", "hop-nhat", tree_version=version, confirmed="1", **MERGED).status_code == 302


WRONG = [
    ("G1", "chia-tach", DAY, {"code_1": "G8", "name_1": "Một", "kind": "grassroots_committee"}, "ít nhất hai"),
    ("G1", "hop-nhat", DAY, {"successor": "G1"}, ""),
    ("G1", "hop-nhat", DAY, {"others": ["G2"], "successor": "G2"}, "chính nó"),
    ("C1", "chuyen", date(2019, 12, 31), {"parent": "G2"}, "1/1/2020"),
    ("C1", "chuyen", DAY, {"parent": "N1"}, "1/1/2026"),
    ("G1", "chuyen", DAY, {"parent": "C1"}, "chính nó"),
    ("G1", "doi-ten", date(1800, 1, 1), {"name": "Tên mới"}, "1800"),
    ("G1", "doi-ten", date(2999, 1, 1), {"name": "Tên mới"}, "2999"),
    ("E1", "doi-ten", date(2026, 6, 1), {"name": "Tên mới"}, "31/12/2025"),
    ("E1", "giai-the", date(2025, 3, 1), {}, "31/12/2025"),
]


@pytest.mark.parametrize(("code", "operation", "day", "facts", "words"), WRONG)
def test_the_impossible_is_refused_in_words_and_the_form_is_kept(
    officer: Client,
    tree: dict[str, OrgUnit],
    code: str,
    operation: str,
    day: date,
    facts: dict[str, Any],
    words: str,
) -> None:
    make_unit("N1", "grassroots_committee", tree["T1"], date(2026, 1, 1))
    make_unit("E1", "cell", tree["G1"], date(2020, 1, 1), last_on=date(2025, 12, 31))
    changes = OrgChange.objects.count()
    data = {"child_C1": "1", "child_C2": "1", "child_E1": "1", "members_to": "-"} if operation == "chia-tach" else {}
    for confirmed in ({}, {"confirmed": "1"}):
        answer = send(officer, code, operation, day, **data, **facts, **confirmed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert 'value="12-QĐ/TU"' in page
        assert OrgChange.objects.count() == changes


def test_communes_of_two_districts_merge_under_the_province(officer: Client, tree: dict[str, OrgUnit]) -> None:
    facts = {"others": [], "more": "d1", "code": "X1", "name": "Đảng ủy xã Mới", "kind": "commune", "parent": "T1"}
    after = seen(send(officer, "C1", "hop-nhat", **facts)).after
    assert [(line.depth, line.name, line.mark) for line in after.lines] == [
        (0, "Đơn vị T1", ""),
        (1, "Đảng ủy xã Mới", "new"),
    ]
    wrong = send(officer, "C1", "hop-nhat", **{**facts, "more": "d1, T9"})
    assert wrong.status_code == 422
    assert "T9" in wrong.content.decode()
