"""The whole country from the real lists: the counts, who became what, and figures of old units in both readings."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django.plugin import DjangoDbBlocker

from langsen.config.vietnam import lists
from langsen.config.vietnam.lists import Country, read_country
from langsen.config.vietnam.loading import LISTED_ON, Loaded, load_country
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import ONE_DAY, Period
from langsen.foundation.figures.catalogue import all_figures
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_unit
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import OrgHome, OrgSecondLink, OrgSuccession, OrgUnit
from langsen.foundation.orgs.queries import home_of, parent_on, tree_version, unit_by_code, units_on
from langsen.registers.study.bulk import NewPoint, NewSession, record_sessions

pytest.importorskip(lists.PACKAGE)
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHANGED_ON = LISTED_ON + ONE_DAY
KNOWN_FROM = date(2025, 1, 1)


@pytest.fixture(scope="session")
def country() -> Country:
    return read_country()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker, country: Country) -> Iterator[Loaded]:
    """Both lines in the store of this module, taken out again at its end."""
    from django.db import connection, transaction

    with django_db_blocker.unblock(), transaction.atomic():
        first = load_country(country, party=True, by=system_user(), say=lambda _words: None, old_from=KNOWN_FROM)
        yield first
        transaction.set_rollback(True)
    connection.close()


def kinds_on(day: date) -> Counter[str]:
    return Counter(units_on(day).values_list("kind__code", flat=True))


def test_the_lists_themselves(country: Country) -> None:
    assert (len(country.old_provinces), len(country.old_districts), len(country.old_communes)) == (63, 696, 10_040)
    assert (len(country.provinces), len(country.communes)) == (34, 3_321)
    assert sum(len(heirs) > 1 for heirs in country.fates.values()) == 471
    assert set(country.fates) == set(country.old_communes)
    assert {heir for heirs in country.fates.values() for heir in heirs} == set(country.communes)
    assert len(country.lasting) == 11
    assert country.origins["15"] == ("10", "15")


def test_the_units_of_both_days(loaded: Loaded) -> None:
    old, new = kinds_on(LISTED_ON), kinds_on(CHANGED_ON)
    assert [old[kind] for kind in ("state_province", "state_district", "state_commune")] == [63, 696, 10_040]
    assert [new[kind] for kind in ("state_province", "state_district", "state_commune")] == [34, 0, 3_321]
    # The five island districts without communes have one committee, the district's.
    assert [old[kind] for kind in ("province", "district", "grassroots_committee")] == [63, 696, 10_035]
    assert [new[kind] for kind in ("province", "district", "commune")] == [34, 0, 3_321]
    assert loaded.seconds < 240


def test_the_old_list_is_not_carried_back(loaded: Loaded) -> None:
    assert loaded
    assert set(kinds_on(KNOWN_FROM - ONE_DAY)) == {"state_country", "central"}


def test_who_became_what(loaded: Loaded) -> None:
    assert loaded
    for prefix in ("VN63", "DB63"):
        divided = OrgHome.objects.filter(org_unit__code__regex=rf"^{prefix}-\d{{5}}$", line__isnull=False)
        # A divided commune all of whose parts lie in one province is a line of its own there.
        assert divided.count() == 471
        told = OrgSuccession.objects.filter(predecessor__code__startswith=prefix, on=CHANGED_ON)
        ended = OrgUnit.objects.filter(code__startswith=prefix)
        assert told.values("predecessor").distinct().count() == ended.count()
    assert home_of(unit_by_code("VN63-10")).name == home_of(unit_by_code("VN63-15")).name == "Tỉnh Lào Cai"
    assert unit_by_code("VN-12").from_on == KNOWN_FROM  # Lai Châu went on
    assert home_of(unit_by_code("VN63-318-0")).name == "Đặc khu Bạch Long Vĩ"


def test_each_committee_is_tied_to_its_state_unit(loaded: Loaded) -> None:
    assert loaded
    committee = OrgSecondLink.objects.get(org_unit__code="DB-12")
    assert (committee.superior.code, committee.org_unit.name) == ("VN-12", "Tỉnh ủy Lai Châu")
    party = OrgUnit.objects.filter(code__regex=r"^DB(63)?-")
    assert OrgSecondLink.objects.filter(org_unit__in=party, line="state").count() == party.count()
    parent = parent_on(unit_by_code("DB-15"), CHANGED_ON)
    assert parent is not None
    assert parent.kind.code == "central"


def test_figures_of_old_units_read_right_in_both_readings_province_by_province(
    loaded: Loaded, country: Country
) -> None:
    """Every divided commune and every twentieth of the others hold a conference; both readings are recounted."""
    assert loaded
    draw, heads = random.Random(2025), {}
    for place, (code, heirs) in enumerate(sorted(country.fates.items())):
        if (len(heirs) > 1 or place % 20 == 0) and not country.old_communes[code].is_district:
            heads[code] = draw.randint(3, 90)
    units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=[f"DB63-{code}" for code in heads])}
    record_sessions(
        [
            NewSession(
                units[f"DB63-{code}"],
                kind="study_conference",
                title="Hội nghị",
                held_on=date(2025, 5, draw.randint(1, 28)),
                points=[NewPoint(units[f"DB63-{code}"], {"members": present}, is_main=True)],
            )
            for code, present in heads.items()
        ],
        by=system_user(),
    )
    period = Period(KNOWN_FROM, date(2025, 12, 31))
    figures = tuple(figure for figure in all_figures() if figure.code == "study.attendances")

    def asked(code: str, reading: Reading) -> Asked:
        return Asked(unit_by_code(code), period, reading, figures=figures)

    for code in country.old_provinces:
        own = sum(present for old, present in heads.items() if country.old_communes[old].province == code)
        committee = f"DB-{code}" if code in country.lasting else f"DB63-{code}"
        assert figures_of(asked(committee, Reading.THEN))[0].value == own, code
    for code, origins in country.origins.items():
        expected: Counter[str] = Counter()
        for old, present in heads.items():
            if country.old_communes[old].province in origins:
                heirs = country.fates[old]
                expected[f"DB-{heirs[0]}" if len(heirs) == 1 else f"DB63-{old}"] += present
        rows = rows_by_unit(asked(f"DB-{code}", Reading.TODAY))
        assert {row.key: row.values[0].value for row in rows if row.values[0].value} == dict(expected), code
        assert {row.key for row in rows if row.divided} >= {key for key in expected if key.startswith("DB63")}
        assert figures_of(asked(f"DB-{code}", Reading.TODAY))[0].value == sum(expected.values()), code


def test_a_second_run_changes_nothing(loaded: Loaded, country: Country) -> None:
    assert loaded
    before = (tree_version(), OrgUnit.objects.count(), OrgSuccession.objects.count(), OrgSecondLink.objects.count())
    again = load_country(country, party=True, by=system_user(), say=lambda _words: None)
    assert (again.units, again.endings, again.links, again.kept) == (0, 0, 0, 0)
    after = (tree_version(), OrgUnit.objects.count(), OrgSuccession.objects.count(), OrgSecondLink.objects.count())
    assert after == before
