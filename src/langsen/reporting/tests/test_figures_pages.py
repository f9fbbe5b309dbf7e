"""Pages of figures as a reader meets them."""

from datetime import date

import pytest
from django.test import Client

from langsen.foundation.core.periods import Period
from langsen.reporting.queries import SIDE_BY_SIDE, previous
from tests.factories import make_tree, make_user

PERIOD = "from=2023-01-01&to=2023-12-31"


@pytest.fixture
def officer(db, client: Client) -> Client:
    units = make_tree(TW=("central", None), T1=("province", "TW"), T2=("province", "TW"), C1=("agencies", "T1"))
    client.force_login(make_user("province_officer", units["T1"]))
    return client


@pytest.mark.parametrize("view", ["summary", "unit", "month", "theme", "nonsense"])
@pytest.mark.parametrize("tree", ["then", "today"])
def test_every_view_opens(officer: Client, view: str, tree: str) -> None:
    answer = officer.get(f"/so-lieu/?unit=T1&{PERIOD}&view={view}&tree={tree}")
    assert answer.status_code == 200
    assert "None" not in answer.content.decode()


@pytest.mark.parametrize("figure", ["study.participation_rate", "study.participants"])
@pytest.mark.parametrize("view", ["unit", "month"])
def test_people_are_set_side_by_side_and_drawn(officer: Client, view: str, figure: str) -> None:
    answer = officer.get(f"/so-lieu/?unit=T1&{PERIOD}&view={view}&figure={figure}")
    codes = [value.value.figure.code for value in answer.context["rows"][0].values]
    assert codes == list(SIDE_BY_SIDE)
    drawn = answer.context["series"][0]["values"] if view == "month" else answer.context["ranking"]
    assert len(drawn) == (12 if view == "month" else 1)


def test_another_province_does_not_exist(officer: Client) -> None:
    assert officer.get(f"/so-lieu/?unit=T2&{PERIOD}").status_code == 404
    assert officer.get(f"/so-lieu/danh-sach/?unit=T2&{PERIOD}&figure=study.sessions").status_code == 404


def test_what_cannot_be_read_is_said_and_this_year_shown(officer: Client) -> None:
    answer = officer.get("/so-lieu/?unit=T1&from=2023-02-31&to=2023-12-31")
    assert answer.status_code == 200
    assert "2023-02-31" in answer.content.decode()
    assert (
        officer.get("/so-lieu/danh-sach/?unit=T1&from=31/2/2023&to=1/3/2023&figure=study.sessions").status_code == 400
    )


def test_an_unknown_figure_or_row_is_404(officer: Client) -> None:
    assert officer.get(f"/so-lieu/danh-sach/?unit=T1&{PERIOD}&figure=x").status_code == 404
    assert officer.get(f"/so-lieu/danh-sach/?unit=T1&{PERIOD}&figure=study.sessions&row=X").status_code == 404


def test_numbers_are_read_more_widely_than_names(officer: Client) -> None:
    from langsen.foundation.orgs.models import OrgUnit

    client = Client()
    client.force_login(make_user("member", OrgUnit.objects.get(code="T1")))
    assert client.get(f"/so-lieu/?unit=T1&{PERIOD}").status_code == 200
    assert client.get(f"/so-lieu/danh-sach/?unit=T1&{PERIOD}&figure=study.participants").status_code == 403


@pytest.mark.parametrize("view", ["summary", "unit", "month", "theme"])
def test_excel_opens_in_another_reader(officer: Client, view: str, tmp_path) -> None:
    from python_calamine import CalamineWorkbook

    answer = officer.get(f"/so-lieu/excel/?unit=T1&{PERIOD}&view={view}")
    path = tmp_path / "so-lieu.xlsx"
    path.write_bytes(answer.content)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert "T1" in str(rows[:3])


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        (date(2023, 1, 1), date(2023, 12, 31), (date(2022, 1, 1), date(2022, 12, 31))),
        (date(2023, 3, 1), date(2023, 3, 31), (date(2023, 2, 1), date(2023, 2, 28))),
        (date(2023, 1, 1), date(2023, 6, 30), (date(2022, 7, 1), date(2022, 12, 31))),
        (date(2021, 5, 18), date(2023, 5, 17), (date(2019, 5, 18), date(2021, 5, 17))),
        (date(2023, 5, 3), date(2023, 5, 9), (date(2023, 4, 26), date(2023, 5, 2))),
        (date(2024, 2, 29), date(2025, 2, 27), (date(2023, 3, 1), date(2024, 2, 28))),
    ],
)
def test_the_previous_period_is_of_the_same_kind(first: date, last: date, before: tuple[date, date]) -> None:
    assert previous(Period(first, last)) == Period(*before)
