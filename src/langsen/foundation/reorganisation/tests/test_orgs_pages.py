"""The pages of organisations: looking on a day, searching, and recording changes with a confirmation."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.orgs.models import OrgChange, OrgUnit
from langsen.foundation.orgs.queries import children_on, home_of, name_on, tree_version
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.services import merge_units, move_unit, rename_unit
from tests.factories import make_tree, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)
FACTS = {"effective_on": DAY, "decision": Decision("12-QĐ/TU", date(2025, 6, 20)), "by": None}
PAPER = {
    "effective_on": "1/7/2025",
    "decision_number": "12-QĐ/TU",
    "decided_on": "20/6/2025",
    "signatory": "",
    "note": "",
}


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    return make_tree(
        TW=("central", None),
        T1=("province", "TW"),
        T2=("province", "TW"),
        G1=("grassroots_committee", "T1"),
        G2=("grassroots_committee", "T1"),
        C1=("cell", "G1"),
        C2=("cell", "G1"),
    )


@pytest.fixture
def officer(tree) -> Client:
    client = Client()
    client.force_login(make_user(Role.ORGANISATION_OFFICER, tree["T1"]))
    return client


def facts() -> dict[str, object]:
    return {**FACTS, "by": system_user()}


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_the_tree_opens_on_my_unit_and_shows_what_is_below(officer) -> None:
    page = text_of(officer.get("/to-chuc/"))
    assert "Đơn vị G1" in page
    assert "Đơn vị T2" not in page
    assert "Đơn vị TW" in page  # the superior's name, but no way to it
    assert "/to-chuc/TW/" not in page
    assert "Đơn vị C1" in text_of(officer.get("/to-chuc/?o=G1"))
    assert officer.get("/to-chuc/?o=T2").status_code == 404
    assert officer.get("/to-chuc/TW/").status_code == 404


def test_the_tree_of_another_day(officer, tree) -> None:
    move_unit(tree["C1"], parent=tree["G2"], **facts())
    assert "Đơn vị C1" not in text_of(officer.get("/to-chuc/?o=G1"))
    assert "Đơn vị C1" in text_of(officer.get("/to-chuc/?o=G1&ngay=30/6/2025"))
    assert officer.get("/to-chuc/?o=G1&ngay=31/2/2025").status_code == 200


def test_search_without_accents_and_by_former_name(officer, tree) -> None:
    rename_unit(tree["G1"], name="Đảng ủy Bản Mới", **facts())
    assert "Đảng ủy Bản Mới" in text_of(officer.get("/to-chuc/?q=dang uy ban moi"))
    former = text_of(officer.get("/to-chuc/?q=don vi g1"))
    assert "Đảng ủy Bản Mới" in former
    assert "Đơn vị G1" in former
    assert "Đơn vị T2" not in text_of(officer.get("/to-chuc/?q=T2"))
    for odd in ("\x00", "%", "'; --", "a" * 300, "<script>"):
        assert officer.get("/to-chuc/", {"q": odd}).status_code == 200


def test_a_branch_costs_the_same_with_one_or_three_units(officer, tree) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert officer.get("/to-chuc/?o=G2").status_code == 200
        return len(asked)

    make_unit("n1", parent=tree["G2"])
    cost()  # the first request also notes the session
    first = cost()
    make_unit("n2", parent=tree["G2"])
    make_unit("n3", parent=tree["G2"])
    assert cost() == first


def test_excel_has_the_branch(officer) -> None:
    answer = officer.get("/to-chuc/excel/?o=G1")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    codes = [row[0] for row in rows]
    assert codes[-3:] == ["G1", "C1", "C2"]
    assert officer.get("/to-chuc/excel/?o=T2").status_code == 404


def test_the_address_of_a_moved_or_ended_unit_still_works(officer, tree) -> None:
    move_unit(tree["C1"], parent=tree["G2"], **facts())
    assert "Đơn vị G2" in text_of(officer.get("/to-chuc/C1/"))
    heir = merge_units([tree["G1"]], successor=tree["G2"], **facts())
    page = text_of(officer.get("/to-chuc/G1/"))
    assert f"/to-chuc/{heir.code}/" in page
    assert "30/6/2025" in page
    assert "12-QĐ/TU" in page
    assert "/thay-doi/" not in page


def test_only_who_may_change_sees_and_opens_the_forms(tree) -> None:
    viewer, stranger = Client(), Client()
    viewer.force_login(make_user(Role.VIEWER, tree["T1"]))
    stranger.force_login(make_user(Role.ORGANISATION_OFFICER, tree["T2"]))
    assert "/thay-doi/" not in text_of(viewer.get("/to-chuc/G1/"))
    assert viewer.get("/to-chuc/G1/thay-doi/doi-ten/").status_code == 403
    assert stranger.get("/to-chuc/G1/thay-doi/doi-ten/").status_code == 404
    assert stranger.get("/to-chuc/T2/thay-doi/xoa/").status_code == 404


CHANGES = {
    "thanh-lap": ("G1", {"code": "c9", "name": "Chi bộ mới", "kind": "cell"}),
    "doi-ten": ("G1", {"name": "Đảng ủy Bản Mới"}),
    "chuyen": ("C1", {"parent": "g2"}),
    "hop-nhat": ("G1", {"others": ["G2"], "code": "G9", "name": "Đảng ủy Hợp Nhất", "kind": "grassroots_committee"}),
    "chia-tach": (
        "G1",
        {
            "kind": "grassroots_committee",
            "code_1": "G8",
            "name_1": "Đảng ủy Một",
            "code_2": "G2",
            "name_2": "",
            "child_C1": "1",
            "child_C2": "2",
            "members_to": "1",
        },
    ),
    "giai-the": ("G1", {"children_to": "G2"}),
}


def send(client: Client, operation: str, **extra: object):
    code, data = CHANGES[operation]
    return client.post(
        f"/to-chuc/{code}/thay-doi/{operation}/", {**PAPER, "tree_version": tree_version(), **data, **extra}
    )


@pytest.mark.parametrize("operation", CHANGES)
def test_a_change_is_shown_first_and_recorded_when_confirmed(officer, operation: str) -> None:
    code = CHANGES[operation][0]
    assert officer.get(f"/to-chuc/{code}/thay-doi/{operation}/").status_code == 200
    before = (tree_version(), OrgChange.objects.count(), OrgUnit.objects.count())
    page = text_of(send(officer, operation))
    assert 'name="confirmed"' in page
    assert (tree_version(), OrgChange.objects.count(), OrgUnit.objects.count()) == before
    answer = send(officer, operation, confirmed="1")
    assert (answer.status_code, answer["Location"]) == (302, f"/to-chuc/{code}/")
    assert OrgChange.objects.count() == before[1] + 1
    assert officer.get(f"/to-chuc/{code}/").status_code == 200


def test_the_confirmation_sends_the_same_facts_again(officer) -> None:
    """What the confirm page holds is enough to record the change."""
    page = send(officer, "chia-tach")
    form = page.context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False, "")}
    data["confirmed"] = "1"
    assert officer.post("/to-chuc/G1/thay-doi/chia-tach/", data).status_code == 302
    assert [unit.code for unit in children_on(OrgUnit.objects.get(code="G8"), DAY)] == ["C1"]
    assert home_of(OrgUnit.objects.get(code="G1")).code == "T1"


def test_the_confirmation_names_roles_that_end(officer, tree) -> None:
    make_user(Role.GRASSROOTS_SECRETARY, tree["G1"], display_name="Vàng A Chung")
    assert "Vàng A Chung" in text_of(send(officer, "hop-nhat"))


def test_two_people_merging_one_unit_at_once(officer, tree) -> None:
    version = tree_version()
    assert send(officer, "hop-nhat", confirmed="1", tree_version=version).status_code == 302
    assert send(officer, "hop-nhat", confirmed="1", tree_version=version).status_code == 409
    assert OrgChange.objects.filter(operation="merge").count() == 1


@pytest.mark.parametrize(
    ("operation", "wrong"),
    [
        ("doi-ten", {"name": "đ" * 10_000}),
        ("doi-ten", {"name": ""}),
        ("doi-ten", {"effective_on": "31/2/2025"}),
        ("doi-ten", {"effective_on": "1/1/1999"}),
        ("doi-ten", {"effective_on": "1/1/9999"}),
        ("doi-ten", {"decision_number": ""}),
        ("doi-ten", {"tree_version": "x"}),
        ("chuyen", {"parent": "C1"}),
        ("chuyen", {"parent": "T2"}),
        ("chuyen", {"parent": "\x00"}),
        ("hop-nhat", {"successor": "G2"}),
        ("hop-nhat", {"others": []}),
        ("hop-nhat", {"others": ["T2"]}),
        ("hop-nhat", {"code": "", "name": ""}),
        ("chia-tach", {"child_C1": "-"}),
        ("chia-tach", {"child_C1": ""}),
        ("chia-tach", {"child_C1": "5"}),
        ("chia-tach", {"code_2": "", "child_C2": "1", "members_to": "-"}),
        ("chia-tach", {"name_1": ""}),
        ("giai-the", {"children_to": ""}),
        ("giai-the", {"children_to": "C1"}),
        ("thanh-lap", {"code": "C1"}),
        ("thanh-lap", {"kind": "district"}),
        ("thanh-lap", {"code": "mã có dấu"}),
    ],
)
def test_bad_input_comes_back_with_the_form(officer, operation: str, wrong: dict[str, object]) -> None:
    before = OrgChange.objects.count()
    for confirmed in ({}, {"confirmed": "1"}):
        answer = send(officer, operation, **wrong, **confirmed)
        assert answer.status_code == 422
        assert "error" in answer.content.decode()
        assert OrgChange.objects.count() == before


def test_a_unit_page_on_a_day_shows_its_name_of_then(officer, tree) -> None:
    rename_unit(tree["G1"], name="Đảng ủy Bản Mới", **facts())
    assert name_on(tree["G1"], date(2025, 6, 30)) in text_of(officer.get("/to-chuc/G1/?ngay=30/6/2025"))
    assert "<h1>Đảng ủy Bản Mới</h1>" in text_of(officer.get("/to-chuc/G1/"))
