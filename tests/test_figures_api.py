"""The API of figures: who gets what, and how bad questions are answered."""

from datetime import date, timedelta

import pytest
from django.test import Client

from langsen.foundation.accounts.services import issue_token
from langsen.foundation.core.periods import today
from tests.factories import make_tree, make_user

PERIOD = "from=2023-01-01&to=2023-12-31"


@pytest.fixture
def world(db):
    units = make_tree(TW=("central", None), T1=("province", "TW"), T2=("province", "TW"))
    return units, make_user("province_officer", units["T1"])


def test_anonymous_gets_401_and_no_redirect(client: Client, world) -> None:
    assert client.get(f"/api/v1/figures?unit=T1&{PERIOD}").status_code == 401
    assert client.get("/api/v1/openapi.json").status_code == 302
    assert client.get("/api/v1/docs").status_code == 302


def test_session_and_token_see_the_same_and_only_their_units(client: Client, world) -> None:
    _, user = world
    _, token = issue_token(name="bảng tính", expires_on=today() + timedelta(days=1), by=user)
    bearer = {"Authorization": f"Bearer {token}"}
    by_token = client.get(f"/api/v1/figures?unit=T1&{PERIOD}&by=month", headers=bearer)
    assert by_token.status_code == 200
    assert client.get(f"/api/v1/figures?unit=T2&{PERIOD}", headers=bearer).status_code == 404
    client.force_login(user)
    by_session = client.get(f"/api/v1/figures?unit=T1&{PERIOD}&by=month").json()
    assert by_session == by_token.json()
    assert by_session["period"] == {"from": "2023-01-01", "to": "2023-12-31"}
    assert [row["key"] for row in by_session["rows"]][:2] == ["2023-01", "2023-02"]
    assert len(by_session["rows"]) == 12


def test_an_expired_or_revoked_token_is_refused(client: Client, world) -> None:
    _, user = world
    row, token = issue_token(name="cũ", expires_on=today(), by=user)
    type(row).objects.filter(pk=row.pk).update(expires_on=date(2020, 1, 1))
    answer = client.get(f"/api/v1/figures?unit=T1&{PERIOD}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "unit=T1&from=2023-02-31&to=2023-12-31",
        "unit=T1&from=2023-12-31&to=2023-01-01",
        f"unit=T1&{PERIOD}&tree=x",
        f"unit=T1&{PERIOD}&by=x",
        f"unit=T1&{PERIOD}&theme=x",
    ],
)
def test_a_bad_question_says_what_is_wrong(client: Client, world, query: str) -> None:
    client.force_login(world[1])
    answer = client.get(f"/api/v1/figures?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_every_filled_code_is_printed_with_zero(client: Client, world) -> None:
    client.force_login(world[1])
    figures = client.get(f"/api/v1/figures?unit=T1&{PERIOD}").json()["figures"]
    values = {figure["code"]: figure["value"] for figure in figures}
    assert values["study.sessions"] == 0
    assert values["study.participation_rate"] is None
    assert values["programmes.communication_outputs.panel"] == 0
    assert values["programmes.reports_on_time_rate"] is None
    assert values["contests.attempts.round_10"] == 0
    assert len(values) == 61  # rows 1-13, 22, 23 and 59-65 with their parts
    assert all(
        {"code", "parent", "breakdown", "value", "measure", "kind", "scope", "numerator", "denominator"} == set(figure)
        for figure in figures
    )
