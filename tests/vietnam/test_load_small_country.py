"""The loading of lists on a country small enough to be read: conflicts, two steps, days, and the missing package."""

from datetime import date

import pytest

from langsen.config.vietnam import lists
from langsen.config.vietnam.lists import Commune, Country, District, Province, read_country, tidy
from langsen.config.vietnam.loading import LISTED_ON, Loaded, load_country
from langsen.config.vietnam.names import commune_committee, district_committee, province_committee
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.orgs.models import OrgHome, OrgUnit
from langsen.foundation.orgs.queries import home_of, parent_on, tree_version, unit_by_code
from tests.factories import make_unit

COUNTRY = Country(
    old_provinces={
        "10": Province("10", "Tỉnh Lào Cai", "a"),
        "15": Province("15", "Tỉnh Yên Bái", "b"),
        "12": Province("12", "Tỉnh Lai Châu", "c"),
    },
    old_districts={
        "080": District("080", "Thành phố Lào Cai", "10"),
        "133": District("133", "Thị xã Nghĩa Lộ", "15"),
        "318": District("318", "Huyện Bạch Long Vĩ", "12"),
    },
    old_communes={
        "02635": Commune("02635", "Phường Duyên Hải", "10", "080"),
        "02641": Commune("02641", "Phường Cốc Lếu", "10", "080"),
        "04282": Commune("04282", "Phường Pú Trạng", "15", "133"),
        "318-0": Commune("318-0", "Huyện Bạch Long Vĩ", "12", "318", is_district=True),
    },
    provinces={"15": Province("15", "Tỉnh Lào Cai", "b"), "12": Province("12", "Tỉnh Lai Châu", "c")},
    communes={
        "02647": Commune("02647", "Phường Lào Cai", "15"),
        "04288": Commune("04288", "Phường Nghĩa Lộ", "15"),
        "11948": Commune("11948", "Đặc khu Bạch Long Vĩ", "12"),
    },
    origins={"15": ("10", "15"), "12": ("12",)},
    fates={
        "02635": ("02647",),
        "02641": ("02647", "04288"),
        "04282": ("04288",),
        "318-0": ("11948",),
    },
)


def load(*, party: bool = True, keep: bool = False, old_from: date = LISTED_ON) -> Loaded:
    return load_country(
        COUNTRY, party=party, by=system_user(), say=lambda _words: None, keep_conflicts=keep, old_from=old_from
    )


@pytest.mark.django_db
def test_the_committees_may_be_added_later_and_a_third_run_does_nothing() -> None:
    first = load(party=False)
    assert (first.units, first.links) == (1 + 3 + 3 + 4 + 1 + 3, 0)
    second = load()
    assert (second.units, second.links) == (1 + 3 + 3 + 3 + 1 + 3, 13)
    version = tree_version()
    third = load()
    assert (third.units, third.endings, third.links) == (0, 0, 0)
    assert tree_version() == version
    assert unit_by_code("DB63-080").name == "Thành ủy Lào Cai"
    assert parent_on(unit_by_code("DB-02647"), date(2026, 1, 1)) == unit_by_code("DB-15")
    assert home_of(unit_by_code("VN63-02641")).code == "VN-15"
    assert OrgHome.objects.get(org_unit__code="VN63-02641").line == unit_by_code("VN63-02641")
    assert home_of(unit_by_code("VN63-318")).code == home_of(unit_by_code("VN63-318-0")).code == "VN-11948"


@pytest.mark.django_db
def test_the_committees_stand_under_the_office_s_own_root() -> None:
    root = make_unit("goc", "central", from_on=date(1930, 2, 3))
    load()
    assert parent_on(unit_by_code("DB-12"), date(2026, 1, 1)) == root
    assert not OrgUnit.objects.filter(code="TW").exists()


@pytest.mark.django_db
def test_a_code_that_is_taken_stops_the_loading_or_is_kept() -> None:
    mine = make_unit("VN-02647", "cell")
    with pytest.raises(Conflict, match="VN-02647"):
        load(party=False)
    assert OrgUnit.objects.count() == 1
    kept = load(party=False, keep=True)
    assert kept.kept == 1
    assert unit_by_code("VN-02647") == mine
    assert unit_by_code("VN63-04282").successions.get().successor.code == "VN-04288"
    assert not unit_by_code("VN63-02635").successions.exists()  # its heir's code means something else here


@pytest.mark.django_db
def test_the_old_list_begins_on_its_day_or_on_the_day_the_office_says() -> None:
    load(party=False, old_from=date(2025, 1, 1))
    assert unit_by_code("VN63-10").from_on == date(2025, 1, 1)
    with pytest.raises(BadInput):
        load(party=True, old_from=date(2025, 8, 1))


def test_without_the_package_the_words_say_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "find_spec", lambda _name: None)
    with pytest.raises(BadInput) as refused:
        read_country()
    assert 'pip install "langsen[vietnam]"' in str(refused.value.message)


def test_how_units_and_committees_are_called() -> None:
    assert tidy("Thành Phố Bắc Kạn") == "Thành phố Bắc Kạn"
    assert province_committee("Thành phố Huế") == "Thành ủy Huế"
    assert [district_committee(name) for name in ("Quận 1", "Quận Ba Đình", "Huyện Bát Xát", "Thị xã Sa Pa")] == [
        "Quận ủy Quận 1",
        "Quận ủy Ba Đình",
        "Huyện ủy Bát Xát",
        "Thị ủy Sa Pa",
    ]
    assert commune_committee("Đặc khu Hoàng Sa") == "Đảng ủy đặc khu Hoàng Sa"
