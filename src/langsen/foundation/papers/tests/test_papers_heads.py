"""Typed heads and letterheads by day, for a unit and those below it."""

from datetime import date

import pytest

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.papers.models import Letterhead, OfficeHead
from langsen.foundation.papers.queries import content_of, head_of, letterhead_for, shipped_by_profile
from langsen.foundation.papers.services import end_head, end_letterhead, save_head, upload_letterhead
from tests.factories import make_tree, make_user

pytestmark = pytest.mark.django_db
LINES = {"own_line": "CHI BỘ NÀ HOA", "org_code": "CB", "place": "Bản Mới"}


@pytest.fixture
def tree():
    return make_tree(TI=("province", None), XA=("agencies", "TI"), CB=("cell", "XA"))


def save(unit, from_on, **facts):
    return save_head(unit, layout="party", from_on=from_on, by=system_user(), **(LINES | facts))


def test_a_typed_head_holds_from_its_day_and_the_former_one_ends(tree) -> None:
    save(tree["CB"], date(2024, 1, 1))
    save(tree["CB"], date(2025, 1, 1), own_line="CHI BỘ MỚI", recipients="Đảng ủy (báo cáo)\n\nLưu chi bộ")
    found = [head_of(tree["CB"], day, "party") for day in (date(2023, 6, 1), date(2024, 12, 31), date(2025, 1, 1))]
    assert found[0].typed is None
    assert [head.own_line for head in found[1:]] == ["CHI BỘ NÀ HOA", "CHI BỘ MỚI"]
    assert found[2].recipients == ("Đảng ủy (báo cáo)", "Lưu chi bộ")


def test_a_head_put_before_a_later_one_leaves_it_its_days(tree) -> None:
    save(tree["CB"], date(2025, 1, 1), own_line="SAU")
    save(tree["CB"], date(2024, 1, 1), own_line="TRƯỚC")
    save(tree["CB"], date(2024, 1, 1), own_line="TRƯỚC, SỬA")
    days = [(head.own_line, head.from_on, head.last_on) for head in OfficeHead.objects.order_by("during")]
    assert days == [("TRƯỚC, SỬA", date(2024, 1, 1), date(2024, 12, 31)), ("SAU", date(2025, 1, 1), None)]


def test_an_ended_head_gives_way_to_the_name(tree) -> None:
    head = save(tree["CB"], date(2024, 1, 1))
    end_head(head, last_on=date(2024, 6, 30), by=system_user())
    assert head_of(tree["CB"], date(2024, 7, 1), "party").typed is None
    with pytest.raises(BadInput):
        end_head(head, last_on=date(2025, 1, 1), by=system_user())


@pytest.mark.parametrize("facts", [{"own_line": " "}, {"place": "x" * 121}, {"org_code": ""}])
def test_lines_are_checked(tree, facts) -> None:
    with pytest.raises(BadInput):
        save(tree["CB"], date(2024, 1, 1), **facts)


def test_a_day_before_the_unit_is_refused(tree) -> None:
    with pytest.raises(BadInput) as refused:
        save(tree["CB"], date(1990, 1, 1))
    assert "from_on" in refused.value.fields


def test_who_keeps_no_forms_of_documents_changes_none(tree) -> None:
    with pytest.raises(NotAllowed):
        save_head(
            tree["CB"], layout="party", from_on=date(2024, 1, 1), by=make_user("cell_secretary", tree["CB"]), **LINES
        )


def test_an_own_letterhead_holds_for_the_units_below_from_its_day(tree) -> None:
    content = content_of(shipped_by_profile("nn_30"))
    row = upload_letterhead(
        tree["XA"], layout="state", from_on=date(2024, 1, 1), name="mẫu.docx", content=content, by=system_user()
    )
    assert letterhead_for(tree["CB"], date(2024, 1, 1), "state") == row
    assert letterhead_for(tree["TI"], date(2024, 1, 1), "state").profile == "nn_30"
    assert letterhead_for(tree["CB"], date(2023, 12, 31), "state").profile == "nn_30"
    end_letterhead(row, last_on=date(2024, 12, 31), by=system_user())
    assert letterhead_for(tree["CB"], date(2025, 1, 1), "state").profile == "nn_30"


@pytest.mark.parametrize(
    ("on", "layout", "profile"),
    [
        (date(2026, 5, 26), "party", "dang_36"),
        (date(2026, 5, 27), "party", "dang_05"),
        (date(2010, 1, 1), "party", "dang_36"),
        (date(2023, 5, 17), "state", "nn_30"),
    ],
)
def test_the_shipped_letterhead_fits_the_day(tree, on, layout, profile) -> None:
    assert letterhead_for(tree["CB"], on, layout).profile == profile


def test_shipped_letterheads_name_their_source_and_are_not_verified() -> None:
    rows = Letterhead.objects.filter(org_unit=None)
    assert {row.profile for row in rows} == {"dang_05", "dang_36", "nn_30"}
    assert all(row.source and not row.is_verified for row in rows)
