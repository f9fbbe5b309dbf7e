"""The pages of the register: entry in three fields, the list, one output with its history, changes, Excel out."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.communications.models import Output
from langsen.registers.communications.services import OutputFacts, cancel_output, change_output
from tests.factories import make_output, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell(client: Client) -> OrgUnit:
    unit = make_unit("C1")
    client.force_login(make_user(Role.CELL_SECRETARY, unit))
    return unit


def test_three_fields_are_enough_and_the_same_entry_sent_twice_counts_once(client: Client, cell: OrgUnit) -> None:
    page = client.get(reverse("communications:record"))
    assert page.context["form"]["published_on"].value() == today()
    required = [field.name for field in page.context["form"] if field.field.required]
    assert required == ["kind", "title", "published_on"]
    sent = {"kind": "panel", "title": "Pa nô đầu bản", "published_on": today().isoformat()}
    sent |= {"client_id": "0b9f6c1e-7f0c-4b46-9a53-4f4e0f3c9a11"}
    first, again = (client.post(reverse("communications:record"), sent) for _ in range(2))
    assert first["Location"] == again["Location"] == Output.objects.get().get_absolute_url()
    without_id = client.post(reverse("communications:record"), {**sent, "client_id": ""})
    assert without_id.status_code == 422
    assert "Pa nô đầu bản" in without_id.content.decode()


def test_a_refused_entry_keeps_what_was_typed(client: Client, cell: OrgUnit) -> None:
    sent = {"kind": "article", "title": "<b>Bài</b>", "published_on": "31/2/2026", "link": "javascript:alert(1)"}
    response = client.post(reverse("communications:record"), sent)
    assert response.status_code == 422
    assert "&lt;b&gt;Bài&lt;/b&gt;" in response.content.decode()
    response = client.post(reverse("communications:record"), sent | {"published_on": "1/2/2026"})
    assert "link" in response.context["form"].errors
    assert not Output.objects.exists()


def test_a_page_says_what_is_recorded_and_links_safely(client: Client, cell: OrgUnit) -> None:
    output = make_output(cell, title="<i>Bài</i>", link="https://vi-du.vn/?a=1&b=\"'", note="dòng 1\ndòng 2")
    page = client.get(output.get_absolute_url()).content.decode()
    assert "&lt;i&gt;Bài&lt;/i&gt;" in page
    assert 'href="https://vi-du.vn/?a=1&amp;b=&quot;&#x27;" rel="noopener noreferrer nofollow"' in page
    assert "None" not in page.split("<main")[-1]
    cancel_output(output, reason="Ghi nhầm", by=system_user())
    page = client.get(output.get_absolute_url()).content.decode()
    assert "Ghi nhầm" in page
    assert reverse("communications:restore", args=[output.pk]) in page
    assert reverse("communications:change", args=[output.pk]) not in page


def test_who_comes_second_sees_both_and_may_save_knowingly(client: Client, cell: OrgUnit) -> None:
    output = make_output(cell)
    address = reverse("communications:change", args=[output.pk])
    seen = client.get(address).context["form"]["seen"].value()
    change_output(output, OutputFacts("book", "Của người khác", output.published_on), by=system_user())
    mine = {"kind": "article", "title": "Của tôi", "published_on": "17/5/2023", "seen": seen}
    response = client.post(address, mine)
    assert response.status_code == 422
    assert "Của người khác" in response.content.decode()
    assert client.post(address, mine | {"seen": response.context["seen_now"]}).status_code == 302
    assert Output.objects.get().title == "Của tôi"


def test_what_goes_out_is_what_the_list_shows_and_runs_nothing(client: Client, cell: OrgUnit) -> None:
    make_output(cell, title="@SUM(A1)", link="https://vi-du.vn/1")
    make_output(cell, title="Bài khác")
    content = client.get(reverse("communications:outputs_excel") + "?q=sum").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    data = [row for row in rows if "C1" in row]
    assert [row[3] for row in data] == ["@SUM(A1)"]


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", ["communications:outputs", "communications:outputs_excel"])
def test_a_list_asks_the_same_number_of_queries_for_one_row_and_for_three(
    client: Client, cell: OrgUnit, name: str
) -> None:
    counts: list[Any] = []
    for wanted in (1, 3):
        while Output.objects.count() < wanted:
            make_output(cell)
        counts.append(queries_of(client, reverse(name)))
    assert counts[0] == counts[1]


def test_search_finds_outputs_for_who_may_see_them(client: Client, cell: OrgUnit) -> None:
    output = make_output(cell, title="Đẩy mạnh nêu gương")
    make_output(make_unit("C2"), title="Đẩy mạnh ở nơi khác")
    page = client.get(reverse("office:search") + "?q=day+manh").content.decode()
    assert output.get_absolute_url() in page
    assert "nơi khác" not in page
