"""Themes: added and changed by the issuing unit's officers, with their source, and refused when they cannot be."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from langsen.foundation.access.enums import Role
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.registers.programmes.models import Programme, Theme
from langsen.registers.programmes.queries import themes_matching
from langsen.registers.programmes.services import add_theme, change_theme, version_of
from tests.factories import make_theme, make_unit, make_user

pytestmark = pytest.mark.django_db


def facts(**changed: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "programme": Programme.objects.get(code="kl-01"),
        "kind": "annual",
        "name_vi": "Nêu gương",
        "from_on": date(2023, 1, 1),
        "obliged_classes": ["probationary_member", "full_member"],
        "source": "Kế hoạch số 5-KH/TU",
    }
    return usual | changed


def test_a_theme_keeps_its_days_its_classes_in_order_and_its_own_code() -> None:
    unit = make_unit("DB", "grassroots_committee")
    by = make_user(Role.COMMUNE_OFFICER, unit)
    first = add_theme(org_unit=unit, by=by, **facts(last_on=date(2023, 12, 31)))  # type: ignore[arg-type]
    second = add_theme(org_unit=unit, by=by, **facts())  # type: ignore[arg-type]
    assert (first.code, second.code) == ("neu-guong", "neu-guong-2")
    assert (first.last_on, second.last_on) == (date(2023, 12, 31), None)
    assert first.obliged_classes == ["full_member", "probationary_member"]
    assert first.name_en == "Nêu gương"
    assert not first.is_verified
    assert [event.verb for event in history_of(first)] == ["theme.added"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name_vi": "  "}, "name_vi"),
        ({"name_vi": "x" * 201}, "name_vi"),
        ({"source": ""}, "source"),
        ({"last_on": date(2022, 1, 1)}, "last_on"),
        ({"from_on": date(2019, 1, 1)}, "from_on"),
        ({"kind": "weekly"}, "kind"),
        ({"obliged_classes": []}, "obliged_classes"),
        ({"obliged_classes": ["martian"]}, "obliged_classes"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(changed: dict[str, object], field: str) -> None:
    unit = make_unit("DB", "grassroots_committee")
    with pytest.raises(BadInput) as caught:
        add_theme(org_unit=unit, by=make_user(Role.COMMUNE_OFFICER, unit), **facts(**changed))  # type: ignore[arg-type]
    assert field in caught.value.fields
    assert not Theme.objects.exists()


def test_only_the_issuing_units_officers_and_only_what_they_saw() -> None:
    unit = make_unit("DB", "grassroots_committee")
    theme = make_theme(unit)
    seen = version_of(theme)
    by = make_user(Role.COMMUNE_OFFICER, unit)
    change_theme(theme, by=by, seen=seen, **facts(is_verified=True))  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        change_theme(theme, by=by, seen=seen, **facts(name_vi="Khác"))  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        change_theme(theme, by=make_user(Role.CELL_SECRETARY, unit), **facts())  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        add_theme(org_unit=unit, by=make_user(Role.COMMUNE_OFFICER, make_unit("DX")), **facts())  # type: ignore[arg-type]
    assert Theme.objects.get().name_vi == "Nêu gương"


def test_search_needs_no_accents() -> None:
    theme = make_theme(make_unit("DB"), "Đẩy mạnh nêu gương")
    assert themes_matching("DAY manh") == [theme]
    assert themes_matching("đầy mạnh học") == []


def test_the_list_asks_the_same_number_of_queries_for_one_theme_and_three(client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    unit = make_unit("DB")
    client.force_login(make_user(Role.VIEWER, unit))
    counts = []
    for wanted in (1, 3):
        while Theme.objects.count() < wanted:
            make_theme(unit)
        client.get(reverse("programmes:themes"))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("programmes:themes")).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
